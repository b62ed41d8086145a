#include "erasing.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/tensor.h>

#include "../pixel_ops/policy.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/erasing";

std::vector<double> value_in(const Config& config) {
  if (config.value("value").is_text()) {
    if (config.text("value") == "random") return {};
    throw Error(kWhere, "value must be a number, one a channel, or \"random\", got " + to_json(config.value("value")));
  }
  std::vector<double> value = config.numbers("value");
  for (const double level : value)
    if (level < 0 || level > 255) throw Error(kWhere, "value must be in [0, 255], got " + written(level));
  return value;
}

Tensor random_bytes(at::IntArrayRef sizes, Rng& rng) {
  Tensor bytes = at::empty(sizes, at::kByte);
  auto* to = bytes.mutable_data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < bytes.numel(); ++i) to[i] = static_cast<std::uint8_t>(rng.bits());
  return bytes;
}

}  // namespace

Erasing::Erasing(const Config& config)
    : column_(config.column("column")),
      probability_(config.number("probability")),
      rules_{range_of(config, "scale", {0, 1}, kWhere), range_of(config, "ratio", {0.001, 1000}, kWhere)},
      value_(value_in(config)) {}

Schema Erasing::outputs(const Schema& inputs) const {
  const Field& field = require(inputs, column_, {FieldKind::kImage}, kWhere);
  const auto given = static_cast<std::int64_t>(value_.size());
  if (given <= 1 || given == field.shape.at(0)) return inputs;
  throw Error(kWhere, "value must have 1 number or one a channel of " + column_ + ", " + std::to_string(field.shape[0]) +
                          ", got " + std::to_string(given));
}

std::optional<PixelBox> Erasing::box_in(std::int64_t height, std::int64_t width, Rng& rng) const {
  for (int i = 0; i < kBoxTries; ++i) {
    const auto [box_height, box_width] = draw_sides(static_cast<double>(height * width), rules_, rng);
    if (box_height < height && box_width < width) return placed(box_height, box_width, height, width, rng);
  }
  return std::nullopt;
}

Tap Erasing::augment(Batch& batch, Rng rng) const {
  Tensor images = pixels_of(batch, column_, kWhere).clone();
  const Tensor value = at::tensor(value_, at::kByte).to(images.device()).view({-1, 1, 1});
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    if (draws.uniform() >= probability_) continue;
    const std::optional<PixelBox> box = box_in(images.size(2), images.size(3), draws);
    if (!box) continue;
    const Tensor part =
        images.select(0, row).slice(1, box->top, box->top + box->height).slice(2, box->left, box->left + box->width);
    part.copy_(value_.empty() ? random_bytes(part.sizes(), draws).to(images.device()) : value);
  }
  batch.set(column_, std::move(images));
  return {};
}

}  // namespace graft::plugins
