#include "core/train/adamw.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/train/device_gradients.hpp"
#include "core/train/gradients.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

struct Update {  // of one parameter in this step, all in float as the reference computes them
  float* first;
  float* second;
  std::vector<char>* touched;  // by row, for sparse gradients; null: dense
  float decay, beta1, beta2, rate, root_correction2, epsilon;
};

// Elements [begin, end); g is the gradient of element `begin`.
__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3", "no-math-errno"))) void update(
    float* values, const float* __restrict__ g, std::int64_t begin, std::int64_t end, const Update& u, float scale) {
  float* __restrict__ p = values + begin;
  float* __restrict__ m = u.first + begin;
  float* __restrict__ v = u.second + begin;
  for (std::int64_t i = 0; i < end - begin; ++i) {
    const float gradient = g[i] * scale;
    const float first = m[i] + (1 - u.beta1) * (gradient - m[i]);
    const float second = u.beta2 * v[i] + (1 - u.beta2) * gradient * gradient;
    m[i] = first;
    v[i] = second;
    p[i] = p[i] * u.decay - u.rate * first / (__builtin_sqrtf(second) / u.root_correction2 + u.epsilon);
  }
}

// Rows without gradient. Where both moments are still zero the update is the decay alone, to the same bits: most of a large
// table is never read or written but for that.
void update_rest(const Piece& piece, const Update& u, const float* zeros) {
  for (std::int64_t begin = piece.begin; begin < piece.end; begin += piece.width) {
    if ((*u.touched)[static_cast<std::size_t>(begin / piece.width)])
      update(piece.values, zeros, begin, begin + piece.width, u, 1);
    else if (u.decay != 1)
      for (std::int64_t i = begin; i < begin + piece.width; ++i) piece.values[i] *= u.decay;
  }
}

void update_piece(const Piece& piece, const Update& u, float scale, const std::vector<float>& zeros) {
  if (!piece.gradient) return update_rest(piece, u, zeros.data());
  update(piece.values, piece.gradient, piece.begin, piece.end, u, scale);
  if (piece.width > 0) std::fill_n(u.touched->begin() + piece.begin / piece.width, (piece.end - piece.begin) / piece.width, 1);
}

// 1 for each row of a table whose moments are not all zero.
std::vector<char> touched_rows(const Tensor& first, const Tensor& second) {
  const Tensor any = at::logical_or(first.ne(0).any(1), second.ne(0).any(1)).contiguous();
  const bool* row = any.const_data_ptr<bool>();
  return {row, row + any.numel()};
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

namespace {

// One call of the fused kernel: parameters that share their rate and decay, and their number of steps.
struct Group {
  std::vector<Tensor> values, gradients, first, second, steps;
};

}  // namespace

double AdamW::step_on_device(Parameters& parameters, double rate_factor, double scale) {
  at::NoGradGuard no_grad;
  const DeviceGradients all = gradients_on_device(parameters, options_.clip, scale);
  std::map<std::int64_t, Tensor> counts;  // of steps, on the device: most parameters share one
  std::map<std::pair<double, double>, Group> groups;
  for (Parameter& parameter : parameters) {
    if (!parameter.trains || !parameter.tensor.grad().defined()) continue;
    Moments& moments = moments_of(parameter);
    ++moments.steps;
    const double decay = parameter.decays ? options_.weight_decay : 0;
    Group& group = groups[{options_.learning_rate * rate_factor * parameter.rate, decay}];
    group.values.push_back(parameter.tensor);
    group.gradients.push_back(parameter.tensor.grad());
    group.first.push_back(moments.first);
    group.second.push_back(moments.second);
    Tensor& count = counts[moments.steps];
    if (!count.defined()) count = at::full({}, static_cast<double>(moments.steps), all.norm.options());
    group.steps.push_back(count);
  }
  for (auto& [rate_and_decay, group] : groups)
    at::_fused_adamw_(group.values, group.gradients, group.first, group.second, {}, group.steps, rate_and_decay.first,
                      options_.beta1, options_.beta2, rate_and_decay.second, options_.epsilon, false, false, all.grad_scale,
                      all.found_inf);
  return finish_on_device(all, parameters);
}

double AdamW::step(Parameters& parameters, double rate_factor, double scale) {
  if (is_on_device(parameters)) return step_on_device(parameters, rate_factor, scale);
  at::NoGradGuard no_grad;
  const std::vector<Piece> pieces = pieces_of(parameters);
  const double norm = gradient_norm(pieces) * scale;
  refuse_not_finite(norm, parameters);
  const auto factor = static_cast<float>(clip_factor(norm, options_.clip, scale));

  std::vector<Update> updates(parameters.size());
  std::int64_t widest = 0;
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (!parameters[p].trains || !parameters[p].tensor.grad().defined()) continue;
    Moments& moments = moments_of(parameters[p]);
    const double t = static_cast<double>(++moments.steps);
    const double rate = options_.learning_rate * rate_factor * parameters[p].rate;
    if (!parameters[p].tensor.grad().is_sparse()) {
      moments.touched.clear();  // every row is
    } else if (moments.touched.empty()) {
      moments.touched = touched_rows(moments.first, moments.second);
    }
    if (!moments.touched.empty()) widest = std::max(widest, parameters[p].tensor.size(1));
    updates[p] = {moments.first.mutable_data_ptr<float>(),
                  moments.second.mutable_data_ptr<float>(),
                  moments.touched.empty() ? nullptr : &moments.touched,
                  static_cast<float>(1 - rate * (parameters[p].decays ? options_.weight_decay : 0)),
                  static_cast<float>(options_.beta1),
                  static_cast<float>(options_.beta2),
                  static_cast<float>(rate / (1 - std::pow(options_.beta1, t))),
                  static_cast<float>(std::sqrt(1 - std::pow(options_.beta2, t))),
                  static_cast<float>(options_.epsilon)};
  }
  const std::vector<float> zeros(static_cast<std::size_t>(widest));
  for_each_piece(pieces, [&](const Piece& piece) { update_piece(piece, updates[piece.parameter], factor, zeros); });
  drop_gradients(parameters);
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
