// SGD with momentum.
//
//   formula  g += decay * p;   v = momentum v + g (v = g in a parameter's first step);   p -= lr * (nesterov ? g + momentum v : v)
//   source   torch.optim.SGD (dampening 0); Sutskever et al. 2013 for momentum and Nesterov's form
//   CUDA     LibTorch's fused kernel, as AdamW
//   state    momentum.<name> [as the parameter] float, only when momentum > 0
#pragma once

#include <map>

#include "core/train/optimizer.hpp"

namespace graft::core {

class Sgd final : public Optimizer {
 public:
  struct Options {
    double learning_rate = 0.01, momentum = 0, weight_decay = 0;
    bool nesterov = false;
    double clip = 0;  // 0: off
  };
  explicit Sgd(Options options) : options_(options) {}

  double step(Parameters& parameters, double rate_factor, double scale) override;
  void reset() override { velocity_.clear(); }
  double learning_rate() const override { return options_.learning_rate; }
  NamedTensors tensors() const override;
  Value counts() const override { return Value::Object{}; }
  void restore(const Safetensors& tensors, const Value& counts, const Parameters& parameters) override;

 private:
  Options options_;
  std::map<std::string, Tensor> velocity_;
  Tensor& velocity_of(const Parameter& parameter);
  double step_on_device(Parameters& parameters, double rate_factor, double scale);
};

}  // namespace graft::core
