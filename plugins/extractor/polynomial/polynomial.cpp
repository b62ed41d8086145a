#include "polynomial.hpp"

#include <ATen/ops/cat.h>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/polynomial";
constexpr std::int64_t kMostFeatures = 1000000;

}  // namespace

Polynomial::Polynomial(const Config& config)
    : columns_(config.columns("columns"), kWhere),
      output_(config.name()),
      degree_(config.integer("degree")),
      interaction_only_(config.flag("interaction_only")) {}

std::int64_t Polynomial::width_of(std::int64_t features) const {
  std::int64_t width = 0, products = 1;  // of the degree before
  for (std::int64_t d = 1; d <= degree_; ++d) {
    const std::int64_t choices = interaction_only_ ? features - d + 1 : features + d - 1;
    products = products * choices / d;
    width += products;
    if (width > kMostFeatures)
      throw Error(kWhere, "degree " + std::to_string(degree_) + " of " + std::to_string(features) +
                              " features must make at most " + std::to_string(kMostFeatures) +
                              ", makes more: lower the degree, or put a step pca before it");
  }
  return width;
}

Schema Polynomial::outputs(const Schema& inputs) const {
  const std::int64_t features = columns_.width(inputs);
  return with(inputs, {output_, FieldKind::kVector, {features < 0 ? -1 : width_of(features)}, {}});
}

void Polynomial::transform(Batch& batch) const {
  const Tensor x = columns_.of(batch);
  std::vector<Tensor> last = x.split(1, 1), all = {x};  // of one degree, by the first feature of the products
  width_of(x.size(1));
  for (std::int64_t d = 2; d <= degree_; ++d) {
    std::vector<Tensor> next;
    for (std::size_t first = 0; first < last.size(); ++first) {
      const std::size_t from = first + (interaction_only_ ? 1 : 0);
      const std::vector<Tensor> rest(last.begin() + static_cast<std::ptrdiff_t>(from), last.end());
      const Tensor factor = x.narrow(1, static_cast<std::int64_t>(first), 1);
      next.push_back(rest.empty() ? x.narrow(1, 0, 0) : at::cat(rest, 1).mul(factor));
    }
    last = std::move(next);
    all.insert(all.end(), last.begin(), last.end());
  }
  batch.set(output_, at::cat(all, 1));
}

}  // namespace graft::plugins
