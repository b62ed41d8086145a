#include "core/train/sgd.hpp"

#include <ATen/Functions.h>

#include <map>

#include "core/train/device_gradients.hpp"
#include "core/train/gradients.hpp"
#include "graft/error.hpp"

namespace graft::core {

Tensor& Sgd::velocity_of(const Parameter& parameter) {
  auto [at, added] = velocity_.try_emplace(parameter.name);
  if (added) at->second = at::zeros_like(parameter.tensor);  // 0 * momentum + g is g: the reference's first step
  return at->second;
}

double Sgd::step_on_device(Parameters& parameters, double rate_factor, double scale) {
  struct Group {
    std::vector<Tensor> values, gradients, velocities;
  };
  at::NoGradGuard no_grad;
  const DeviceGradients all = gradients_on_device(parameters, options_.clip, scale);
  std::map<std::pair<double, double>, Group> groups;
  for (Parameter& parameter : parameters) {
    if (!parameter.trains || !parameter.tensor.grad().defined()) continue;
    const double decay = parameter.decays ? options_.weight_decay : 0;
    Group& group = groups[{options_.learning_rate * rate_factor * parameter.rate, decay}];
    group.values.push_back(parameter.tensor);
    group.gradients.push_back(parameter.tensor.grad());
    if (options_.momentum > 0) group.velocities.push_back(velocity_of(parameter));
  }
  for (auto& [rate_and_decay, group] : groups)
    at::_fused_sgd_(group.values, group.gradients, group.velocities, rate_and_decay.second, options_.momentum,
                    rate_and_decay.first, 0, options_.nesterov, false, false, all.grad_scale, all.found_inf);
  return finish_on_device(all, parameters);
}

double Sgd::step(Parameters& parameters, double rate_factor, double scale) {
  if (is_on_device(parameters)) return step_on_device(parameters, rate_factor, scale);
  at::NoGradGuard no_grad;
  const std::vector<Piece> pieces = pieces_of(parameters);
  const double norm = gradient_norm(pieces) * scale;
  refuse_not_finite(norm, parameters);
  const auto factor = static_cast<float>(clip_factor(norm, options_.clip, scale));

  std::vector<float*> velocity(parameters.size(), nullptr);
  if (options_.momentum > 0)
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (!parameters[p].trains || !parameters[p].tensor.grad().defined()) continue;
      velocity[p] = velocity_of(parameters[p]).mutable_data_ptr<float>();
    }
  const auto momentum = static_cast<float>(options_.momentum);
  for_each_piece(pieces, [&](const Piece& piece) {
    const Parameter& parameter = parameters[piece.parameter];
    const auto rate = static_cast<float>(options_.learning_rate * rate_factor * parameter.rate);
    const auto decay = static_cast<float>(parameter.decays ? options_.weight_decay : 0);
    float* v = velocity[piece.parameter];
    if (!piece.gradient && !v && decay == 0) return;  // rows that stay as they are
    for (std::int64_t i = piece.begin; i < piece.end; ++i) {
      const float gradient = (piece.gradient ? piece.gradient[i - piece.begin] : 0) * factor + decay * piece.values[i];
      float direction = gradient;
      if (v) {
        v[i] = momentum * v[i] + gradient;
        direction = options_.nesterov ? gradient + momentum * v[i] : v[i];
      }
      piece.values[i] -= rate * direction;
    }
  });
  drop_gradients(parameters);
  return norm;
}

NamedTensors Sgd::tensors() const {
  NamedTensors all;
  for (const auto& [name, tensor] : velocity_) all.emplace_back("momentum." + name, tensor);
  return all;
}

void Sgd::restore(const Safetensors& tensors, const Value&, const Parameters& parameters) {
  velocity_.clear();
  for (const Parameter& parameter : parameters)
    if (tensors.has("momentum." + parameter.name))
      velocity_[parameter.name] =
          tensors.tensor("momentum." + parameter.name).to(parameter.tensor.device(), at::kFloat, false, /*copy=*/true);
}

}  // namespace graft::core
