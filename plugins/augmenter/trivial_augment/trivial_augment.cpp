#include "trivial_augment.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/trivial_augment";
}

TrivialAugment::TrivialAugment(const Config& config)
    : column_(config.column("column")), ops_(ops_named(config.texts("operations"))) {}

Schema TrivialAugment::outputs(const Schema& inputs) const {
  require_colours(inputs, column_, kWhere);
  return inputs;
}

Tap TrivialAugment::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  std::vector<PixelStep> steps;
  for (const std::int64_t id : batch.row_ids()) {
    Rng draws = rng.row(id);
    const auto op = ops_[draws.below(static_cast<std::int64_t>(ops_.size()))];
    const std::int64_t bin = draws.below(kTrivialAugmentWide.bins);
    steps.push_back(step_of(op, bin, kTrivialAugmentWide, images.size(2), images.size(3), draws));
  }
  batch.set(column_, with_steps(images, steps));
  return {};
}

}  // namespace graft::plugins
