#include "blur.hpp"

#include <ATen/ops/conv2d.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/reflection_pad2d.h>

#include <cmath>

namespace graft::plugins {

Tensor blurred(const Tensor& images, const Tensor& sigma, std::int64_t size) {
  const std::int64_t planes = images.size(0) * images.size(1), margin = size / 2;
  const double end = static_cast<double>(size - 1) / (2 * std::sqrt(2.0));
  const Tensor places = at::linspace(-end, end, size, images.options().dtype(at::kFloat));
  const Tensor weights = places.div(sigma.view({-1, 1, 1})).square().neg().softmax(2);  // [N, 1, size]
  const Tensor a_plane = weights.expand({-1, images.size(1), -1}).reshape({planes, 1, 1, size});
  const Tensor padded = at::reflection_pad2d(images.to(at::kFloat), {margin, margin, margin, margin})
                            .view({1, planes, images.size(2) + 2 * margin, images.size(3) + 2 * margin});
  const auto along = [&](const Tensor& from, const Tensor& kernel) {
    return at::conv2d(from, kernel, {}, at::IntArrayRef{1, 1}, at::IntArrayRef{0, 0}, at::IntArrayRef{1, 1}, planes);
  };
  return along(along(padded, a_plane), a_plane.transpose(2, 3)).round_().to(at::kByte).view(images.sizes());
}

}  // namespace graft::plugins
