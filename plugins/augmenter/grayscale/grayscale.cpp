#include "grayscale.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/where.h>

#include "../pixel_ops/colour.hpp"
#include "../pixel_ops/policy.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/grayscale";
}

Grayscale::Grayscale(const Config& config) : column_(config.column("column")), probability_(config.number("probability")) {}

Schema Grayscale::outputs(const Schema& inputs) const {
  require_colours(inputs, column_, kWhere);
  return inputs;
}

Tap Grayscale::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  Tensor chosen = at::empty({batch.size(), 1, 1, 1}, at::kBool);
  bool* to = chosen.mutable_data_ptr<bool>();
  for (const std::int64_t id : batch.row_ids()) *to++ = rng.row(id).uniform() < probability_;
  batch.set(column_, at::where(chosen.to(images.device()), greyed(images), images));
  return {};
}

}  // namespace graft::plugins
