#include "color_jitter.hpp"

#include <algorithm>
#include <utility>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/color_jitter";
constexpr Range kFactors = {0, 1000}, kTurns = {-0.5, 0.5};

}  // namespace

ColorJitter::ColorJitter(const Config& config)
    : column_(config.column("column")),
      changes_{Change{PixelOp::kBrightness, range_round(1, config, "brightness", kFactors, kWhere), 1},
               Change{PixelOp::kContrast, range_round(1, config, "contrast", kFactors, kWhere), 1},
               Change{PixelOp::kColor, range_round(1, config, "saturation", kFactors, kWhere), 1},
               Change{PixelOp::kHue, range_round(0, config, "hue", kTurns, kWhere), 0}} {
  if (std::none_of(changes_.begin(), changes_.end(), [](const Change& change) { return change.is_on(); }))
    throw Error(kWhere, "one of brightness, contrast, saturation and hue must be given, none changes anything");
}

Schema ColorJitter::outputs(const Schema& inputs) const {
  require_colours(inputs, column_, kWhere);
  return inputs;
}

std::array<PixelStep, ColorJitter::kChanges> ColorJitter::drawn(Rng rng) const {
  std::array<std::size_t, kChanges> place = {0, 1, 2, 3};
  for (std::size_t left = kChanges; left > 1; --left)
    std::swap(place[left - 1], place[rng.below(static_cast<std::int64_t>(left))]);
  std::array<PixelStep, kChanges> steps;
  for (std::size_t i = 0; i < kChanges; ++i) {
    const double amount = changes_[i].range.draw(rng);
    if (changes_[i].is_on()) steps[place[i]] = {changes_[i].op, amount};
  }
  return steps;
}

Tap ColorJitter::augment(Batch& batch, Rng rng) const {
  Tensor images = pixels_of(batch, column_, kWhere);
  std::array<std::vector<PixelStep>, kChanges> steps;
  for (const std::int64_t id : batch.row_ids()) {
    const auto row = drawn(rng.row(id));
    for (std::size_t i = 0; i < kChanges; ++i) steps[i].push_back(row[i]);
  }
  for (const std::vector<PixelStep>& each : steps) images = with_steps(images, each);
  batch.set(column_, std::move(images));
  return {};
}

}  // namespace graft::plugins
