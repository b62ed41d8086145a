// Modules: what the tests of models, adapters and heads share: tensors by name, kept and compared and carried through a file; a scalar
// of all that a module gives; which parameters its gradient reaches, and whether it is the slope that differences show.
#pragma once

#include <torch/nn/module.h>

#include <functional>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/safetensors.hpp"

namespace graft::core::conformance {

NamedTensors kept(const torch::nn::Module& module);                    // parameters and buffers, copied
std::string difference(const NamedTensors& a, const NamedTensors& b);  // names, shapes and bits; empty: none
void copy_through_file(const torch::nn::Module& from, torch::nn::Module& to, const std::string& path);  // throws Error("weights")
void disturb(torch::nn::Module& module, std::uint64_t seed);  // adds noise to every parameter that trains

// [] double: every float value of every column, times a number that depends on its place. Undefined where no column has floats.
Tensor scalar_of(const Batch& given);

// The parameters that train whose gradient is absent or not finite, each with the reason.
std::vector<std::string> without_gradient(const torch::nn::Module& module);
void drop_gradients(torch::nn::Module& module);

// Compares `gradients` with central differences of `f` at some elements of each tensor, which it moves by about `step` and puts back.
// Where differences of two steps, or to both sides, disagree there is a kink, and the element doesn't count. Returns what differs by
// more than `tolerance` of the largest slope of that tensor; empty: nothing.
struct Slopes {
  std::vector<std::pair<std::string, Tensor>> at;  // name and tensor, contiguous
  std::vector<Tensor> gradients;                   // undefined: zeros
  std::function<double()> f;
  double step, tolerance;
  std::int64_t elements;  // tried of each tensor
};
std::string wrong_slope(const Slopes& slopes);

}  // namespace graft::core::conformance
