#include "perceptron.hpp"

#include <ATen/ops/gelu.h>

#include <cmath>

#include "graft/nn/dropout.hpp"

namespace graft::plugins {

PerceptronShape::PerceptronShape(const Config& config)
    : activation(config.text("activation")), dropout(config.number("dropout")) {
  for (const double width : config.numbers("hidden")) hidden.push_back(static_cast<std::int64_t>(width));
}

Perceptron::Perceptron(std::int64_t in, PerceptronShape shape, const Rng& rng) : shape_(std::move(shape)) {
  const double gain = shape_.activation == "tanh" ? 1.0 : 2.0;
  for (std::size_t i = 0; i < shape_.hidden.size(); ++i) {
    const double deviation = std::sqrt(gain / static_cast<double>(in));
    auto layer = std::make_shared<nn::Linear>(in, shape_.hidden[i], rng.fork(i), true, deviation);
    layers_.push_back(register_module(std::to_string(i), layer));
    in = shape_.hidden[i];
  }
}

Tensor Perceptron::forward(Tensor x, const Call& call) const {
  for (const auto& layer : layers_) x = finish(layer->forward(x, call), call);
  return x;
}

Tensor Perceptron::finish(const Tensor& linear, const Call& call) const {
  const Tensor x = shape_.activation == "relu" ? linear.relu() : shape_.activation == "gelu" ? at::gelu(linear) : linear.tanh();
  return nn::dropout(x, shape_.dropout, call);
}

}  // namespace graft::plugins
