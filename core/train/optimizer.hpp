// Optimizer: changes parameters by their gradients, in one pass over memory: clip, decay, moments and update together.
//
//   order    sums run over fixed pieces of each tensor: the same bits for any number of threads
//   clipping by the global norm over all gradients: scale = clip / (norm + 1e-6) when norm > clip, as torch.nn.utils.clip_grad_norm_
//   threads  call from one thread
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/train/parameter.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Optimizer {
 public:
  virtual ~Optimizer() = default;

  // One step on every parameter that trains and has a gradient; gradients are first multiplied by `scale` (1 / count) and
  // then clipped; they are dropped afterwards. `rate_factor` is the schedule's. Returns the norm before clipping.
  // throws Error("train") when a gradient is not finite, naming the parameters; nothing was changed then.
  virtual double step(Parameters& parameters, double rate_factor, double scale) = 0;

  virtual void reset() = 0;  // forgets its state: what is minimised has changed

  virtual double learning_rate() const = 0;  // at the schedule's peak

  // State by parameter name: tensors for safetensors, and counts. restore() throws on names or shapes that do not fit.
  virtual NamedTensors tensors() const = 0;
  virtual Value counts() const = 0;
  virtual void restore(const Safetensors& tensors, const Value& counts, const Parameters& parameters) = 0;
};

// From the config's section `optimizer`: {"use": "graft/adamw" | "graft/sgd" | a solver, ...}.
std::unique_ptr<Optimizer> make_optimizer(const Value& config);

}  // namespace graft::core
