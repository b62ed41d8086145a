#include "core/train/sgd.hpp"

#include <ATen/Functions.h>

#include "core/registry/guarded.hpp"
#include "core/train/gradients.hpp"
#include "graft/error.hpp"

namespace graft::core {

double Sgd::step(Parameters& parameters, double rate_factor, double scale) {
  if (!parameters.empty() && !parameters.front().tensor.is_cpu())
    throw HostError("train", "graft/sgd runs on the CPU alone so far: set run.device to \"cpu\", or use adamw");
  at::NoGradGuard no_grad;
  const std::vector<Piece> pieces = pieces_of(parameters);
  const double norm = gradient_norm(pieces) * scale;
  refuse_not_finite(norm, parameters);
  const auto factor = static_cast<float>(clip_factor(norm, options_.clip, scale));

  std::vector<float*> velocity(parameters.size(), nullptr);
  if (options_.momentum > 0)
    for (std::size_t p = 0; p < parameters.size(); ++p) {
      if (!parameters[p].trains || !parameters[p].tensor.grad().defined()) continue;
      auto [at, added] = velocity_.try_emplace(parameters[p].name);
      if (added) at->second = at::zeros_like(parameters[p].tensor);  // 0 * momentum + g is g: the reference's first step
      velocity[p] = at->second.mutable_data_ptr<float>();
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
  for (Parameter& parameter : parameters) {
    if (!parameter.tensor.grad().defined()) continue;
    if (parameter.trains) parameter.tensor.unsafeGetTensorImpl()->bump_version();
    parameter.tensor.mutable_grad() = Tensor();
  }
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
      velocity_[parameter.name] = tensors.tensor("momentum." + parameter.name).clone();
  for (const std::string& name : tensors.names())
    if (name.starts_with("momentum.") && !velocity_.contains(name.substr(9)))
      throw Error("checkpoint", "the optimizer's state has " + name.substr(9) + ", which this model has not");
}

}  // namespace graft::core
