// ResidualBlock: convolutions with a short cut around them: relu(f(x) + x), or relu(f(x) + downsample(x)) where shapes differ.
//
//   plain       two 3 x 3 convolutions, the first with the stride
//   bottleneck  1 x 1 to `width`, 3 x 3 with the stride, 1 x 1 to 4 * width
//   names       conv1, bn1, conv2, bn2, (conv3, bn3), downsample.0, downsample.1
#pragma once

#include <memory>
#include <vector>

#include "../image_layers.hpp"

namespace graft::plugins {

class ResidualBlock final : public torch::nn::Module {
 public:
  static constexpr std::int64_t kExpansion = 4;  // of a bottleneck

  ResidualBlock(std::int64_t in, std::int64_t width, std::int64_t stride, bool is_bottleneck, const Rng& rng);
  Tensor forward(const Tensor& x, const Call& call) const;  // [B, in, H, W] -> [B, out, H / stride, W / stride]

 private:
  void add(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, const Rng& rng);

  std::vector<std::shared_ptr<Conv2d>> convolutions_;
  std::vector<std::shared_ptr<BatchNorm2d>> norms_;
  std::shared_ptr<Conv2d> shortcut_;  // null where x goes through as it is
  std::shared_ptr<BatchNorm2d> shortcut_norm_;
};

}  // namespace graft::plugins
