#include "affine.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/grid_sampler_2d.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>

#include <cmath>
#include <numbers>

namespace graft::plugins {
namespace {

constexpr std::int64_t kBilinear = 0, kNearest = 1, kZeros = 0;

// Where each pixel comes from, [N, H, W, 2].
Tensor grid_of(const Tensor& images, const std::vector<AffineMap>& maps) {
  const std::int64_t rows = images.size(0), height = images.size(2), width = images.size(3);
  const auto h = static_cast<double>(height), w = static_cast<double>(width);
  std::vector<double> flat;
  for (const AffineMap& map : maps) flat.insert(flat.end(), map.begin(), map.end());
  const auto options = images.options().dtype(at::kFloat);
  const Tensor theta = at::tensor(flat, at::kFloat).to(images.device()).view({rows, 2, 3});
  Tensor places = at::empty({1, height, width, 3}, options);
  places.select(3, 0).copy_(at::linspace((1 - w) / 2, (w - 1) / 2, width, options));
  places.select(3, 1).copy_(at::linspace((1 - h) / 2, (h - 1) / 2, height, options).unsqueeze(1));
  places.select(3, 2).fill_(1);
  const Tensor half = at::tensor({w / 2, h / 2}, at::kFloat).to(images.device());
  const Tensor grid = places.view({1, height * width, 3}).expand({rows, -1, -1}).bmm(theta.transpose(1, 2).div(half));
  return grid.view({rows, height, width, 2});
}

}  // namespace

AffineMap Affine::inverse() const {
  const double rotation = angle * std::numbers::pi / 180, sy = std::atan(shear_y);
  const double a = std::cos(rotation - sy) / std::cos(sy), b = -(a * shear_x + std::sin(rotation));
  const double c = std::sin(rotation - sy) / std::cos(sy), d = std::cos(rotation) - c * shear_x;
  const auto [cx, cy] = center;
  AffineMap map = {d / scale, -b / scale, 0, -c / scale, a / scale, 0};
  map[2] = cx - map[0] * (cx + translate_x) - map[1] * (cy + translate_y);
  map[5] = cy - map[3] * (cx + translate_x) - map[4] * (cy + translate_y);
  return map;
}

Tensor warped(const Tensor& images, const std::vector<AffineMap>& maps) {
  return at::grid_sampler_2d(images.to(at::kFloat), grid_of(images, maps), kNearest, kZeros, false).round().to(at::kByte);
}

Tensor warped_onto(double fill, bool is_smooth, const Tensor& images, const std::vector<AffineMap>& maps) {
  const std::int64_t channels = images.size(1);
  const Tensor known = at::ones({images.size(0), 1, images.size(2), images.size(3)}, images.options().dtype(at::kFloat));
  const Tensor both = at::grid_sampler_2d(at::cat({images.to(at::kFloat), known}, 1), grid_of(images, maps),
                                          is_smooth ? kBilinear : kNearest, kZeros, false);
  const Tensor pixels = both.slice(1, 0, channels), share = both.slice(1, channels);  // of the pixel that is from inside
  return pixels.sub(fill).mul(share).add(fill).round().to(at::kByte);
}

}  // namespace graft::plugins
