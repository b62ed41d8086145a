#include "gaussian_blur.hpp"

#include <ATen/ops/tensor.h>

#include <algorithm>

#include "../pixel_ops/blur.hpp"
#include "../pixel_ops/policy.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/gaussian_blur";
}

GaussianBlur::GaussianBlur(const Config& config)
    : column_(config.column("column")),
      kernel_size_(config.integer("kernel_size")),
      sigma_(range_of(config, "sigma", {0.001, 1000}, kWhere)),
      probability_(config.number("probability")) {
  if (kernel_size_ % 2 == 0) throw Error(kWhere, "kernel_size must be odd, got " + std::to_string(kernel_size_));
}

Schema GaussianBlur::outputs(const Schema& inputs) const {
  const Field& field = require(inputs, column_, {FieldKind::kImage}, kWhere);
  const std::int64_t most = 2 * std::min(field.shape.at(1), field.shape.at(2)) - 1;
  if (kernel_size_ <= most) return inputs;
  throw Error(kWhere, "kernel_size must be <= " + std::to_string(most) + " for pictures of " + std::to_string(field.shape[1]) +
                          " x " + std::to_string(field.shape[2]) + ", got " + std::to_string(kernel_size_));
}

Tap GaussianBlur::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  std::vector<std::int64_t> rows;
  std::vector<double> sigma;
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    if (draws.uniform() >= probability_) continue;
    rows.push_back(row);
    sigma.push_back(sigma_.draw(draws));
  }
  if (rows.empty()) return {};
  const Tensor index = at::tensor(rows, at::kLong).to(images.device());
  const Tensor widths = at::tensor(sigma, at::kFloat).to(images.device());
  batch.set(column_, images.index_copy(0, index, blurred(images.index_select(0, index), widths, kernel_size_)));
  return {};
}

}  // namespace graft::plugins
