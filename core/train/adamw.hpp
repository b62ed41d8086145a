// AdamW: Adam with decoupled weight decay.
//
//   formula  p -= lr * decay * p;   m = b1 m + (1 - b1) g;   v = b2 v + (1 - b2) g^2
//            p -= lr * (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)        t: steps of this parameter, from 1
//   source   Loshchilov and Hutter 2019, arXiv:1711.05101; the arithmetic of torch.optim.AdamW
//   sparse   a sparse gradient gives the same update as the dense one; rows that never had a gradient cost their decay alone
//   CUDA     LibTorch's fused kernel, with the clipping factor and the check for what is not finite on the device: the host waits
//            once, at the end, for the norm
//   state    exp_avg.<name>, exp_avg_sq.<name> [as the parameter] float; steps by name
#pragma once

#include <unordered_map>

#include "core/train/optimizer.hpp"

namespace graft::core {

class AdamW final : public Optimizer {
 public:
  struct Options {
    double learning_rate = 5e-5, weight_decay = 0.01, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double clip = 1.0;  // 0: off
  };
  explicit AdamW(Options options) : options_(options) {}

  double step(Parameters& parameters, double rate_factor, double scale) override;
  void reset() override { moments_.clear(), order_.clear(); }
  double learning_rate() const override { return options_.learning_rate; }
  NamedTensors tensors() const override;
  Value counts() const override;
  void restore(const Safetensors& tensors, const Value& counts, const Parameters& parameters) override;

 private:
  struct Moments {
    Tensor first, second;
    std::int64_t steps = 0;
    std::vector<char> touched;  // rows that ever had a gradient, where gradients are sparse; it follows from the moments
  };
  Options options_;
  std::unordered_map<std::string, Moments> moments_;
  std::vector<std::string> order_;  // names as they came, so that files have one order
  Moments& moments_of(const Parameter& parameter);
  double step_on_device(Parameters& parameters, double rate_factor, double scale);
};

}  // namespace graft::core
