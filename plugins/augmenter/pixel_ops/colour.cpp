#include "colour.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/full.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

#include <array>

namespace graft::plugins {
namespace {

constexpr double kBound = 255;

Tensor a_row(const Tensor& amount) { return amount.view({-1, 1, 1, 1}); }

Tensor rest_of(const Tensor& factor) { return a_row(factor.neg().add(1)).to(at::kFloat); }

Tensor bytes(const Tensor& values) { return values.clamp(0, kBound).to(at::kByte); }

// a + alpha b, rounded to float once, as torch's add with an alpha rounds: the product of two floats is exact in double.
Tensor added(const Tensor& a, const Tensor& b, const Tensor& alpha) {
  return a.to(at::kDouble).add(b.to(at::kDouble).mul(alpha.to(at::kDouble))).to(at::kFloat);
}

// The row's amount of `images` and the rest of `other`, both float.
Tensor blended(const Tensor& images, const Tensor& other, const Tensor& factor) {
  return bytes(added(images.mul(a_row(factor).to(at::kFloat)), other, rest_of(factor)));
}

// [N, 1, H, W] float, whole numbers.
Tensor grey_of(const Tensor& images) {
  if (images.size(1) == 1) return images.to(at::kFloat);
  const auto channel = [&](std::int64_t c) { return images.slice(1, c, c + 1).to(at::kFloat); };
  const auto weight = [&](double value) { return at::full({}, value, images.options().dtype(at::kFloat)); };
  const Tensor red = channel(0).mul(0.2989);
  return added(added(red, channel(1), weight(0.587)), channel(2), weight(0.114)).floor_();
}

// The place on the circle of colours, [0, 1), of rgb [N, 3, H, W] in [0, 1]; 0 for grey.
Tensor hue_of(const Tensor& rgb, const Tensor& most, const Tensor& range) {
  const Tensor far = most.sub(rgb).div(at::where(range.eq(0), at::ones_like(range), range));
  const Tensor r = far.slice(1, 0, 1), g = far.slice(1, 1, 2), b = far.slice(1, 2);
  const Tensor is_red = most.eq(rgb.slice(1, 0, 1)), is_green = most.eq(rgb.slice(1, 1, 2));
  const Tensor sector = at::where(is_red, b.sub(g), at::where(is_green, r.add(2).sub(b), g.add(4).sub(r)));
  return sector.mul(1.0 / 6).add(1).fmod(1);
}

// A channel that is vpqt[of[i]] in the i-th sextant of the circle.
Tensor channel_at(const std::array<int, 6>& of, const Tensor& sextant, const std::array<Tensor, 4>& vpqt) {
  Tensor channel = vpqt[0];
  for (int i = 0; i < 6; ++i)
    if (of[i] != 0) channel = at::where(sextant.eq(i), vpqt[of[i]], channel);
  return channel;
}

Tensor rgb_of(const Tensor& hue, const Tensor& saturation, const Tensor& value) {
  const Tensor sixfold = hue.mul(6), floor = sixfold.floor(), part = sixfold.sub(floor).mul(saturation);
  const Tensor pale = saturation.neg().add(1);
  const auto valued = [&](const Tensor& share) { return share.mul(value).clamp(0, 1); };
  const std::array<Tensor, 4> vpqt = {value, valued(pale), valued(part.neg().add(1)), valued(part.add(pale))};
  const Tensor sextant = floor.remainder(6);
  return at::cat({channel_at({0, 2, 1, 1, 3, 0}, sextant, vpqt), channel_at({3, 0, 0, 2, 1, 1}, sextant, vpqt),
                  channel_at({1, 1, 3, 0, 0, 2}, sextant, vpqt)},
                 1);
}

}  // namespace

Tensor with_brightness(const Tensor& images, const Tensor& factor) {
  return bytes(images.to(at::kFloat).mul(a_row(factor).to(at::kFloat)));
}

Tensor with_contrast(const Tensor& images, const Tensor& factor) {
  return blended(images.to(at::kFloat), grey_of(images).mean({1, 2, 3}, true), factor);
}

Tensor with_saturation(const Tensor& images, const Tensor& factor) {
  return images.size(1) == 1 ? images : blended(images.to(at::kFloat), grey_of(images), factor);
}

Tensor with_sharpness(const Tensor& images, const Tensor& factor) {
  const std::int64_t channels = images.size(1), height = images.size(2), width = images.size(3);
  if (height < 3 || width < 3) return images;
  Tensor kernel = at::ones({3, 3}, images.options().dtype(at::kFloat));
  kernel[1][1] = 5;
  kernel = kernel.div(13).expand({channels, 1, 3, 3});
  Tensor sharp = images.to(at::kFloat);
  const Tensor blurred =
      at::conv2d(sharp, kernel, {}, at::IntArrayRef{1, 1}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, channels).round_();
  Tensor inside = sharp.slice(2, 1, height - 1).slice(3, 1, width - 1);
  inside.copy_(added(inside, blurred.sub(inside), rest_of(factor)));
  return bytes(sharp);
}

Tensor with_hue(const Tensor& images, const Tensor& turn) {
  if (images.size(1) == 1) return images;
  const Tensor rgb = images.to(at::kFloat).mul(1 / kBound);
  const Tensor most = rgb.amax({1}, true), range = most.sub(rgb.amin({1}, true));
  const Tensor saturation = range.div(at::where(range.eq(0), at::ones_like(most), most));
  const Tensor hue = hue_of(rgb, most, range).add(a_row(turn).to(at::kFloat)).remainder(1);
  return rgb_of(hue, saturation, most).mul(kBound + 0.999).to(at::kByte);
}

Tensor greyed(const Tensor& images) { return grey_of(images).to(at::kByte).expand_as(images); }

Tensor posterized(const Tensor& images, const Tensor& bits) {
  const Tensor low = a_row(bits).to(at::kInt).neg().add(8);  // bits that go
  return images.to(at::kInt).bitwise_right_shift(low).bitwise_left_shift(low).to(at::kByte);
}

Tensor solarized(const Tensor& images, const Tensor& threshold) {
  return at::where(images.to(at::kFloat).ge(a_row(threshold).to(at::kFloat)), inverted(images), images);
}

Tensor autocontrasted(const Tensor& images) {
  const Tensor values = images.to(at::kFloat);
  const Tensor low = values.amin({2, 3}, true), high = values.amax({2, 3}, true), is_flat = low.eq(high);
  const Tensor scale = at::where(is_flat, at::ones_like(low), high.sub(low).mul(1.0 / kBound));
  return bytes(values.sub(at::where(is_flat, at::zeros_like(low), low)).div(scale));
}

Tensor equalized(const Tensor& images) {
  const Tensor flat = images.flatten(2).to(at::kLong);
  const Tensor ones = at::ones({1, 1, 1}, flat.options()).expand_as(flat);
  const Tensor counts = at::zeros({flat.size(0), flat.size(1), 256}, flat.options()).scatter_add(2, flat, ones);
  const Tensor below = counts.cumsum(2);
  const Tensor brightest = counts.gather(2, below.argmax(2, true));
  const Tensor step = brightest.neg().add(flat.size(2)).div(255, "floor");
  const Tensor upper = below.slice(2, 0, 255).add(step.div(2, "floor")).div(step.clamp_min(1), "floor").clamp(0, 255);
  const Tensor table = at::cat({at::zeros_like(step), upper}, 2);
  const Tensor even = table.gather(2, flat).to(at::kByte).view(images.sizes());
  return at::where(step.ne(0).unsqueeze(3), even, images);
}

Tensor inverted(const Tensor& images) { return images.bitwise_not(); }

}  // namespace graft::plugins
