#include "random_resized_crop.hpp"

#include <ATen/ops/_upsample_bilinear2d_aa.h>
#include <ATen/ops/empty_like.h>

#include <cmath>

#include "../pixel_ops/policy.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/random_resized_crop";

// The middle of the picture, cut where its ratio is out of range.
PixelBox middle_of(std::int64_t height, std::int64_t width, Range ratio) {
  const double is = static_cast<double>(width) / static_cast<double>(height);
  PixelBox box{0, 0, height, width};
  if (is < ratio.low) box.height = std::llrint(static_cast<double>(width) / ratio.low);
  if (is > ratio.high) box.width = std::llrint(static_cast<double>(height) * ratio.high);
  box.top = (height - box.height) / 2;
  box.left = (width - box.width) / 2;
  return box;
}

// image [1, C, h, w] uint8 -> [1, C, height, width]. Only CPUs resize bytes.
Tensor resized(const Tensor& image, std::int64_t height, std::int64_t width) {
  if (image.size(2) == height && image.size(3) == width) return image;
  if (image.is_cpu()) return at::_upsample_bilinear2d_aa(image, {height, width}, false);
  return at::_upsample_bilinear2d_aa(image.to(at::kFloat), {height, width}, false).round_().to(at::kByte);
}

}  // namespace

RandomResizedCrop::RandomResizedCrop(const Config& config)
    : column_(config.column("column")),
      rules_{range_of(config, "scale", {0, 1}, kWhere), range_of(config, "ratio", {0.001, 1000}, kWhere)} {}

Schema RandomResizedCrop::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kImage}, kWhere);
  return inputs;
}

PixelBox RandomResizedCrop::box_in(std::int64_t height, std::int64_t width, Rng& rng) const {
  for (int i = 0; i < kBoxTries; ++i) {
    const auto [box_width, box_height] = draw_sides(static_cast<double>(height * width), rules_, rng);
    if (box_width > 0 && box_width <= width && box_height > 0 && box_height <= height)
      return placed(box_height, box_width, height, width, rng);
  }
  return middle_of(height, width, rules_.ratio);
}

Tap RandomResizedCrop::augment(Batch& batch, Rng rng) const {
  const Tensor& images = pixels_of(batch, column_, kWhere);
  const std::int64_t height = images.size(2), width = images.size(3);
  Tensor result = at::empty_like(images);
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    const PixelBox box = box_in(height, width, draws);
    const Tensor part =
        images.slice(0, row, row + 1).slice(2, box.top, box.top + box.height).slice(3, box.left, box.left + box.width);
    result.slice(0, row, row + 1).copy_(resized(part, height, width));
  }
  batch.set(column_, std::move(result));
  return {};
}

}  // namespace graft::plugins
