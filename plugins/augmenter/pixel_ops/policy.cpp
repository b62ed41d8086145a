#include "policy.hpp"

#include <ATen/ops/tensor.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "affine.hpp"
#include "colour.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

// torch.linspace(from, to, bins)[bin], in float from the nearer end.
double spaced(double from, double to, std::int64_t bin, std::int64_t bins) {
  const auto begin = static_cast<float>(from), end = static_cast<float>(to), step = (end - begin) / static_cast<float>(bins - 1);
  return bin < bins / 2 ? begin + step * static_cast<float>(bin) : end - step * static_cast<float>(bins - 1 - bin);
}

bool is_affine(PixelOp op) { return op >= PixelOp::kShearX && op <= PixelOp::kRotate; }

AffineMap map_of(const PixelStep& step, std::int64_t height, std::int64_t width) {
  Affine affine;
  const std::array<double, 2> corner = {-static_cast<double>(width) / 2, -static_cast<double>(height) / 2};
  switch (step.op) {
    case PixelOp::kShearX: affine.shear_x = step.amount, affine.center = corner; break;
    case PixelOp::kShearY: affine.shear_y = step.amount, affine.center = corner; break;
    case PixelOp::kTranslateX: affine.translate_x = step.amount; break;
    case PixelOp::kTranslateY: affine.translate_y = step.amount; break;
    default: affine.angle = -step.amount;  // counter-clockwise, as rotate counts
  }
  return affine.inverse();
}

Tensor coloured(const Tensor& images, PixelOp op, const Tensor& amount) {
  switch (op) {
    case PixelOp::kBrightness: return with_brightness(images, amount);
    case PixelOp::kColor: return with_saturation(images, amount);
    case PixelOp::kContrast: return with_contrast(images, amount);
    case PixelOp::kSharpness: return with_sharpness(images, amount);
    case PixelOp::kPosterize: return posterized(images, amount);
    case PixelOp::kSolarize: return solarized(images, amount);
    case PixelOp::kAutoContrast: return autocontrasted(images);
    case PixelOp::kEqualize: return equalized(images);
    case PixelOp::kInvert: return inverted(images);
    default: return with_hue(images, amount);
  }
}

}  // namespace

std::vector<PixelOp> ops_named(const std::vector<std::string>& names) {
  static const std::array<std::string_view, kPixelOps> kNames = {
      "identity", "shear_x",   "shear_y",   "translate_x", "translate_y",  "rotate",   "brightness", "color",
      "contrast", "sharpness", "posterize", "solarize",    "autocontrast", "equalize", "invert",     "hue"};
  std::vector<PixelOp> ops;
  for (const std::string& name : names)
    ops.push_back(static_cast<PixelOp>(std::find(kNames.begin(), kNames.end(), name) - kNames.begin()));
  return ops;
}

PixelStep step_of(PixelOp op, std::int64_t bin, const PolicySpace& space, std::int64_t height, std::int64_t width, Rng& rng) {
  const auto part = [&](double from, double to) { return spaced(from, to, bin, space.bins); };
  const auto either_sign = [&](double most) { return rng.uniform() < 0.5 ? -part(0, most) : part(0, most); };
  const auto translation = [&](std::int64_t side) {
    return std::trunc(either_sign(space.translates_by_share ? space.translate * static_cast<double>(side) : space.translate));
  };
  switch (op) {
    case PixelOp::kShearX:
    case PixelOp::kShearY: return {op, either_sign(space.shear)};
    case PixelOp::kTranslateX: return {op, translation(width)};
    case PixelOp::kTranslateY: return {op, translation(height)};
    case PixelOp::kRotate: return {op, either_sign(space.rotate)};
    case PixelOp::kBrightness:
    case PixelOp::kColor:
    case PixelOp::kContrast:
    case PixelOp::kSharpness: return {op, 1 + either_sign(space.enhance)};
    case PixelOp::kPosterize:
      return {op, std::nearbyint(8 - static_cast<double>(bin) * space.posterize / static_cast<double>(space.bins - 1))};
    case PixelOp::kSolarize: return {op, 255 * part(1, 0)};
    default: return {op, 0};
  }
}

Tensor with_steps(const Tensor& images, const std::vector<PixelStep>& steps) {
  Tensor result = images.clone();
  for (std::int64_t number = 1; number < kPixelOps; ++number) {
    const auto op = static_cast<PixelOp>(number);
    std::vector<std::int64_t> rows;
    std::vector<double> amounts;
    std::vector<AffineMap> maps;
    for (std::size_t row = 0; row < steps.size(); ++row) {
      if (steps[row].op != op) continue;
      rows.push_back(static_cast<std::int64_t>(row));
      amounts.push_back(steps[row].amount);
      if (is_affine(op)) maps.push_back(map_of(steps[row], images.size(2), images.size(3)));
    }
    if (rows.empty()) continue;
    const Tensor index = at::tensor(rows, at::kLong).to(images.device());
    const Tensor chosen = images.index_select(0, index);
    const Tensor amount = at::tensor(amounts, at::kDouble).to(images.device());
    result.index_copy_(0, index, is_affine(op) ? warped(chosen, maps) : coloured(chosen, op, amount));
  }
  return result;
}

void require_colours(const Schema& inputs, const std::string& column, std::string_view where) {
  const Field& field = require(inputs, column, {FieldKind::kImage}, where);
  const std::int64_t channels = field.shape.at(0);
  if (channels == 1 || channels == 3) return;
  throw Error(std::string(where), "column " + column + " must have 1 or 3 channels, has " + std::to_string(channels));
}

const Tensor& pixels_of(const Batch& batch, const std::string& column, std::string_view where) {
  const Tensor& images = batch.tensor(column);
  if (images.scalar_type() == at::kByte) return images;
  throw Error(std::string(where), "column " + column + " must hold bytes: put this step before the one that mixes pictures");
}

}  // namespace graft::plugins
