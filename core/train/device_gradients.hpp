// Device gradients: what every optimizer does before and after LibTorch's fused kernel, without waiting for the device until the end.
#pragma once

#include "core/train/parameter.hpp"

namespace graft::core {

// On the device, each [] float.
struct DeviceGradients {
  Tensor norm;        // of the scaled gradients
  Tensor grad_scale;  // the kernel divides gradients by it: scale and clipping
  Tensor found_inf;   // 1 where the norm is not finite: the kernel then leaves everything as it is
};

bool is_on_device(const Parameters& parameters);

// Makes sparse gradients dense. `scale` and `clip` as in clip_factor.
DeviceGradients gradients_on_device(Parameters& parameters, double clip, double scale);

// Waits for the step and drops gradients. Returns the norm. throws as refuse_not_finite.
double finish_on_device(const DeviceGradients& gradients, Parameters& parameters);

}  // namespace graft::core
