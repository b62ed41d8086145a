#include "rand_augment.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/rand_augment";
}

RandAugment::RandAugment(const Config& config)
    : column_(config.column("column")),
      ops_(ops_named(config.texts("operations"))),
      num_ops_(config.integer("num_ops")),
      magnitude_(config.integer("magnitude")) {}

Schema RandAugment::outputs(const Schema& inputs) const {
  require_colours(inputs, column_, kWhere);
  return inputs;
}

Tap RandAugment::augment(Batch& batch, Rng rng) const {
  Tensor images = pixels_of(batch, column_, kWhere);
  for (std::int64_t number = 0; number < num_ops_; ++number) {
    std::vector<PixelStep> steps;
    for (const std::int64_t id : batch.row_ids()) {
      Rng draws = rng.fork(static_cast<std::uint64_t>(number)).row(id);
      const auto op = ops_[draws.below(static_cast<std::int64_t>(ops_.size()))];
      steps.push_back(step_of(op, magnitude_, kRandAugment, images.size(2), images.size(3), draws));
    }
    images = with_steps(images, steps);
  }
  batch.set(column_, std::move(images));
  return {};
}

}  // namespace graft::plugins
