#include "core/train/average.hpp"

#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::core {

WeightAverage::WeightAverage(const Value& config) : kind_(Kind::kNone) {
  const std::string& use = config.at("use").text();
  if (use == "graft/ema") {
    kind_ = Kind::kEma;
    decay_ = config.at("decay").number();
  } else if (use == "graft/swa") {
    kind_ = Kind::kSwa;
    start_ = config.at("start").number();
    every_ = config.at("every").integer();
  } else if (use != "graft/none" && use != "graft/soup") {
    throw Error("average", "must be none, ema, swa or soup, got " + use);
  }
}

double WeightAverage::share(std::int64_t steps) const {
  const auto t = static_cast<double>(steps);
  return kind_ == Kind::kSwa ? 1 / t : 1 - std::min(decay_, (1 + t) / (10 + t));
}

bool WeightAverage::counts_step(const Progress& progress) const {
  if (kind_ == Kind::kEma) return true;
  return kind_ == Kind::kSwa && progress.step % every_ == 0 &&
         static_cast<double>(progress.step) >= start_ * static_cast<double>(progress.total_steps);
}

void WeightAverage::stepped(const Parameters& parameters, const Progress& progress) {
  if (!counts_step(progress)) return;
  const at::NoGradGuard no_grad;
  for (const Parameter& parameter : parameters) {
    if (parameter.is_of_task()) continue;
    auto own = others_.find(parameter.name);
    if (own == others_.end()) {
      if (!parameter.trains) continue;
      own = others_.emplace(parameter.name, Other{parameter.tensor.detach().clone(), 0}).first;
    }
    Other& other = own->second;
    if (++other.steps > 1) other.tensor.lerp_(parameter.tensor, share(other.steps));
  }
}

void WeightAverage::exchange(Parameters& parameters) {
  if (others_.empty()) return;
  const at::NoGradGuard no_grad;
  for (Parameter& parameter : parameters) {
    const auto other = others_.find(parameter.name);
    if (other == others_.end()) continue;
    const Tensor held = parameter.tensor.detach().clone();
    write_parameter(parameter.tensor, other->second.tensor);
    other->second.tensor = held;
  }
}

NamedTensors WeightAverage::weights() const {
  NamedTensors all;
  for (const auto& [name, other] : others_) all.emplace_back("trained." + name, other.tensor);
  return all;
}

Value WeightAverage::counts() const {
  Value counts = Value::Object{};
  for (const auto& [name, other] : others_) counts.set(name, other.steps);
  return counts;
}

void WeightAverage::restore(const Safetensors& tensors, const Value& counts, Parameters& parameters) {
  others_.clear();
  for (const Value::Member& member : counts.object()) {
    const auto parameter =
        std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == member.key; });
    if (parameter == parameters.end())
      throw Error("checkpoint", "has an average of " + member.key + ", which this model has not");
    const Tensor trained = tensors.tensor("trained." + member.key);
    if (trained.sizes() != parameter->tensor.sizes())
      throw Error("checkpoint", "trained." + member.key + " has another shape than this model's");
    others_[member.key] = {trained.to(parameter->tensor.device()).clone(), member.value.integer()};
  }
  exchange(parameters);
}

}  // namespace graft::core
