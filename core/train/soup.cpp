#include "core/train/soup.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::core {

Soup::Soup(const Value& config) {
  if (config.at("use").text() == "graft/soup") keep_ = config.at("keep").integer();
}

bool Soup::add(std::int64_t step, double value, bool higher_is_better) {
  if (!is_on() || std::isnan(value)) return false;
  const auto behind = std::find_if(candidates_.begin(), candidates_.end(), [&](const Candidate& other) {
    return higher_is_better ? value > other.value : value < other.value;
  });
  if (behind == candidates_.end() && static_cast<std::int64_t>(candidates_.size()) == keep_) return false;
  candidates_.insert(behind, {step, value});
  if (static_cast<std::int64_t>(candidates_.size()) > keep_) candidates_.pop_back();
  return true;
}

std::set<std::int64_t> Soup::steps() const {
  const std::vector<std::int64_t> steps = best_first();
  return {steps.begin(), steps.end()};
}

std::vector<std::int64_t> Soup::best_first() const {
  std::vector<std::int64_t> steps;
  for (const Candidate& candidate : candidates_) steps.push_back(candidate.step);
  return steps;
}

Value Soup::save() const {
  Value::List saved;
  for (const Candidate& candidate : candidates_) {
    Value own = Value::Object{};
    own.set("step", candidate.step);
    own.set("value", candidate.value);
    saved.push_back(std::move(own));
  }
  return saved;
}

void Soup::restore(const Value& saved) {
  candidates_.clear();
  for (const Value& own : saved.list()) candidates_.push_back({own.at("step").integer(), own.at("value").number()});
}

Mix mix_greedily(const std::vector<std::int64_t>& best_first, bool higher_is_better,
                 const std::function<double(const std::vector<std::int64_t>&)>& value_of) {
  Mix mix;
  for (const std::int64_t step : best_first) {
    std::vector<std::int64_t> with = mix.steps;
    with.push_back(step);
    const double value = value_of(with);
    const bool joins = mix.steps.empty() || (higher_is_better ? value >= mix.value : value <= mix.value);
    mix.tried.push_back({step, value, joins});
    if (joins) mix.steps = std::move(with), mix.value = value;
  }
  return mix;
}

NamedTensors mean_of(const std::vector<std::string>& paths) {
  const Safetensors first(paths.front());
  NamedTensors mean;
  for (const std::string& name : first.names()) mean.emplace_back(name, first.tensor(name).clone());
  for (std::size_t i = 1; i < paths.size(); ++i) {
    const Safetensors file(paths[i]);
    for (auto& [name, tensor] : mean) {
      if (!file.has(name) || !file.tensor(name).sizes().equals(tensor.sizes()))
        throw Error("average", paths[i] + " has no " + name + " as " + paths.front() + " has");
      if (tensor.is_floating_point()) tensor = tensor.to(at::kDouble) + file.tensor(name);
    }
  }
  for (auto& [name, tensor] : mean)
    if (tensor.is_floating_point()) tensor = (tensor / static_cast<double>(paths.size())).to(first.tensor(name).scalar_type());
  return mean;
}

}  // namespace graft::core
