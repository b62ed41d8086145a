#include "auto_augment.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/auto_augment";
}

AutoAugment::AutoAugment(const Config& config)
    : column_(config.column("column")), policies_(policies_of(config.text("policy"))) {}

Schema AutoAugment::outputs(const Schema& inputs) const {
  require_colours(inputs, column_, kWhere);
  return inputs;
}

std::array<PixelStep, 2> AutoAugment::drawn(std::int64_t height, std::int64_t width, Rng rng) const {
  const Policy& policy = policies_[rng.below(static_cast<std::int64_t>(policies_.size()))];
  const auto step = [&](const PolicyPart& part) {
    return rng.uniform() < part.probability ? step_of(part.op, part.bin, kAutoAugment, height, width, rng) : PixelStep();
  };
  const PixelStep first = step(policy.first);
  return {first, step(policy.second)};
}

Tap AutoAugment::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  std::vector<PixelStep> first, second;
  for (const std::int64_t id : batch.row_ids()) {
    const auto steps = drawn(images.size(2), images.size(3), rng.row(id));
    first.push_back(steps[0]);
    second.push_back(steps[1]);
  }
  batch.set(column_, with_steps(with_steps(images, first), second));
  return {};
}

}  // namespace graft::plugins
