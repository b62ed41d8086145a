#include "core/train/device_gradients.hpp"

#include <ATen/Functions.h>

#include "core/train/gradients.hpp"

namespace graft::core {

bool is_on_device(const Parameters& parameters) { return !parameters.empty() && !parameters.front().tensor.is_cpu(); }

DeviceGradients gradients_on_device(Parameters& parameters, double clip, double scale) {
  std::vector<Tensor> all;
  for (Parameter& parameter : parameters) {
    Tensor& gradient = parameter.tensor.mutable_grad();
    if (!gradient.defined()) continue;
    if (gradient.is_sparse()) gradient = gradient.to_dense();
    if (parameter.trains) all.push_back(gradient);
  }
  const auto options = at::TensorOptions().device(parameters.front().tensor.device()).dtype(at::kFloat);
  DeviceGradients result;
  result.norm =
      all.empty() ? at::zeros({}, options) : at::linalg_vector_norm(at::stack(at::_foreach_norm(all))).mul(scale).to(at::kFloat);
  result.grad_scale = at::full({}, 1 / scale, options);
  if (clip > 0) result.grad_scale = at::where(result.norm > clip, result.norm.add(1e-6).div(scale * clip), result.grad_scale);
  result.found_inf = result.norm.isfinite().logical_not().to(at::kFloat);
  return result;
}

double finish_on_device(const DeviceGradients& gradients, Parameters& parameters) {
  const double norm = gradients.norm.item<double>();
  refuse_not_finite(norm, parameters);
  drop_gradients(parameters);
  return norm;
}

}  // namespace graft::core
