#include "residual_block.hpp"

#include <ATen/ops/relu.h>

namespace graft::plugins {

void ResidualBlock::add(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, const Rng& rng) {
  const std::string number = std::to_string(convolutions_.size() + 1);
  convolutions_.push_back(
      register_module("conv" + number, std::make_shared<Conv2d>(in, out, kernel, stride, rng.fork("conv" + number))));
  norms_.push_back(register_module("bn" + number, std::make_shared<BatchNorm2d>(out)));
}

ResidualBlock::ResidualBlock(std::int64_t in, std::int64_t width, std::int64_t stride, bool is_bottleneck, const Rng& rng) {
  const std::int64_t out = is_bottleneck ? width * kExpansion : width;
  if (is_bottleneck) {
    add(in, width, 1, 1, rng);
    add(width, width, 3, stride, rng);
    add(width, out, 1, 1, rng);
  } else {
    add(in, width, 3, stride, rng);
    add(width, width, 3, 1, rng);
  }
  if (stride == 1 && in == out) return;
  auto downsample = register_module("downsample", std::make_shared<torch::nn::Module>());
  shortcut_ = downsample->register_module("0", std::make_shared<Conv2d>(in, out, 1, stride, rng.fork("downsample")));
  shortcut_norm_ = downsample->register_module("1", std::make_shared<BatchNorm2d>(out));
}

Tensor ResidualBlock::forward(const Tensor& x, const Call& call) const {
  Tensor y = x;
  for (std::size_t i = 0; i < convolutions_.size(); ++i) {
    y = norms_[i]->forward(convolutions_[i]->forward(y), call);
    if (i + 1 < convolutions_.size()) y = at::relu(y);
  }
  return at::relu(y.add(shortcut_ ? shortcut_norm_->forward(shortcut_->forward(x), call) : x));
}

}  // namespace graft::plugins
