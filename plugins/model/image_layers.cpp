#include "image_layers.hpp"

#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/init.hpp"

namespace graft::plugins {

ImageInput::ImageInput(const Config& config, std::string where)
    : input_(config.column("input")),
      where_(std::move(where)),
      mean_values_(config.numbers("mean")),
      std_values_(config.numbers("std")) {
  for (const double value : std_values_)
    if (!(value > 0)) throw Error(where_, "std must be > 0, got " + to_json(config.value("std")));
}

Tensor ImageInput::a_channel(const std::vector<double>& values, const char* key, std::int64_t channels) const {
  const auto count = static_cast<std::int64_t>(values.size());
  if (count != 1 && count != channels)
    throw Error(where_, std::string(key) + " must have 1 number or one a channel of " + input_ + ", " + std::to_string(channels) +
                            ", got " + std::to_string(count));
  return at::tensor(values, at::kFloat).expand({channels}).contiguous().view({channels, 1, 1});
}

std::int64_t ImageInput::build(const Schema& inputs) {
  const Field& field = require(inputs, input_, {FieldKind::kImage}, where_);
  mean_ = a_channel(mean_values_, "mean", field.shape.at(0));
  std_ = a_channel(std_values_, "std", field.shape.at(0));
  return field.shape.at(0);
}

Tensor ImageInput::read(const Batch& batch, const Call& call) const {
  const Tensor& pixels = batch.tensor(input_);
  Tensor image = pixels.to(at::kFloat);
  if (pixels.scalar_type() == at::kByte) image = image.div(255);
  image = image.sub(mean_.to(image.device())).div(std_.to(image.device()));
  return image.to(call.precision()).contiguous(at::MemoryFormat::ChannelsLast);
}

Conv2d::Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, const Rng& rng)
    : stride_(stride), padding_(kernel / 2) {
  weight = register_parameter("weight", at::empty({out, in, kernel, kernel}, at::kFloat));
  nn::normal_(weight, std::sqrt(2.0 / static_cast<double>(kernel * kernel * out)), rng);
}

Tensor Conv2d::forward(const Tensor& x) const {
  return at::conv2d(x, weight.to(x.scalar_type()), {}, {stride_, stride_}, {padding_, padding_});
}

BatchNorm2d::BatchNorm2d(std::int64_t channels) {
  weight = register_parameter("weight", at::ones({channels}, at::kFloat));
  bias = register_parameter("bias", at::zeros({channels}, at::kFloat));
  running_mean = register_buffer("running_mean", at::zeros({channels}, at::kFloat));
  running_var = register_buffer("running_var", at::ones({channels}, at::kFloat));
  num_batches_tracked = register_buffer("num_batches_tracked", at::zeros({}, at::kLong));
}

Tensor BatchNorm2d::forward(const Tensor& x, const Call& call) const {
  constexpr double kMomentum = 0.1, kEpsilon = 1e-5;
  const bool by_batch = call.training() && weight.requires_grad() && x.numel() > x.size(1);
  if (by_batch) {
    at::NoGradGuard no_grad;
    Tensor(num_batches_tracked).add_(1);
  }
  return at::batch_norm(x, weight, bias, running_mean, running_var, by_batch, kMomentum, kEpsilon, /*cudnn_enabled=*/true);
}

}  // namespace graft::plugins
