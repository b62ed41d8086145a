#include "core/train/adamw.hpp"

#include <ATen/Functions.h>

#include <cmath>

#include "core/train/gradients.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

struct Update {  // of one parameter in this step, all in float as the reference computes them
  float* first;
  float* second;
  float decay, beta1, beta2, rate, root_correction2, epsilon;
};

__attribute__((target_clones("avx512f", "avx2,fma", "default"), optimize("O3", "no-math-errno"))) void update_piece(
    const Piece& piece, const Update& u, float scale) {
  float* __restrict__ p = piece.values;
  float* __restrict__ m = u.first;
  float* __restrict__ v = u.second;
  const float* __restrict__ g = piece.gradient;
  for (std::int64_t i = piece.begin; i < piece.end; ++i) {
    const float gradient = g[i] * scale;
    const float first = m[i] + (1 - u.beta1) * (gradient - m[i]);
    const float second = u.beta2 * v[i] + (1 - u.beta2) * gradient * gradient;
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * u.decay - u.rate * first / (__builtin_sqrtf(second) / u.root_correction2 + u.epsilon);
  }
}

}  // namespace

AdamW::Moments& AdamW::moments_of(const Parameter& parameter) {
  auto [at, added] = moments_.try_emplace(parameter.name);
  if (added) {
    order_.push_back(parameter.name);
    at->second.first = at::zeros_like(parameter.tensor);
    at->second.second = at::zeros_like(parameter.tensor);
  }
  return at->second;
}

double AdamW::step(Parameters& parameters, double rate_factor, double scale) {
  at::NoGradGuard no_grad;
  const std::vector<Piece> pieces = pieces_of(parameters);
  const double norm = gradient_norm(pieces) * scale;
  refuse_not_finite(norm, parameters);
  const auto factor = static_cast<float>(clip_factor(norm, options_.clip, scale));

  std::vector<Update> updates(parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (!parameters[p].trains || !parameters[p].tensor.grad().defined()) continue;
    Moments& moments = moments_of(parameters[p]);
    const double t = static_cast<double>(++moments.steps);
    const double rate = options_.learning_rate * rate_factor * parameters[p].rate;
    updates[p] = {moments.first.mutable_data_ptr<float>(),
                  moments.second.mutable_data_ptr<float>(),
                  static_cast<float>(1 - rate * (parameters[p].decays ? options_.weight_decay : 0)),
                  static_cast<float>(options_.beta1),
                  static_cast<float>(options_.beta2),
                  static_cast<float>(rate / (1 - std::pow(options_.beta1, t))),
                  static_cast<float>(std::sqrt(1 - std::pow(options_.beta2, t))),
                  static_cast<float>(options_.epsilon)};
  }
  for_each_piece(pieces, [&](const Piece& piece) { update_piece(piece, updates[piece.parameter], factor); });
  for (Parameter& parameter : parameters) {
    if (!parameter.tensor.grad().defined()) continue;
    if (parameter.trains) parameter.tensor.unsafeGetTensorImpl()->bump_version();
    parameter.tensor.mutable_grad() = Tensor();
  }
  return norm;
}

NamedTensors AdamW::tensors() const {
  NamedTensors all;
  for (const std::string& name : order_) {
    all.emplace_back("exp_avg." + name, moments_.at(name).first);
    all.emplace_back("exp_avg_sq." + name, moments_.at(name).second);
  }
  return all;
}

Value AdamW::counts() const {
  Value counts = Value::Object{};
  for (const std::string& name : order_) counts.set(name, moments_.at(name).steps);
  return counts;
}

void AdamW::restore(const Safetensors& tensors, const Value& counts, const Parameters& parameters) {
  moments_.clear();
  order_.clear();
  for (const Value::Member& member : counts.object()) {
    const Parameter* parameter = nullptr;
    for (const Parameter& each : parameters)
      if (each.name == member.key) parameter = &each;
    if (!parameter) throw Error("checkpoint", "the optimizer's state has " + member.key + ", which this model has not");
    Moments& moments = moments_of(*parameter);
    moments.steps = member.value.integer();
    moments.first.copy_(tensors.tensor("exp_avg." + member.key));
    moments.second.copy_(tensors.tensor("exp_avg_sq." + member.key));
  }
}

}  // namespace graft::core
