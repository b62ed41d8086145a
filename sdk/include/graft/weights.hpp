// Weights: moving tensors between a module and files, every name accounted for.
#pragma once

#include <torch/nn/module.h>

#include <functional>
#include <string>

#include "graft/export.hpp"
#include "graft/safetensors.hpp"

namespace graft {

// Parameters and buffers of a module by registered name, in order of registration; a tensor shared by two names is listed once.
GRAFT_API NamedTensors named_tensors(const torch::nn::Module& module);

// Copies a file's tensors into a module. `rename` maps a file's name to the module's, "" drops it on purpose; the default
// keeps names. throws Error("weights") listing all names that are missing, unknown or of another shape.
GRAFT_API void copy_weights(torch::nn::Module& module, const Safetensors& file,
                            const std::function<std::string(const std::string&)>& rename = {});

// The one door through which parameters are written outside autograd: copies `value` into `parameter` and moves its version
// on, so that copies kept in another precision are known to be stale.
GRAFT_API void write_parameter(Tensor& parameter, const Tensor& value);

}  // namespace graft
