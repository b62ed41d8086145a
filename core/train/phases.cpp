#include "core/train/phases.hpp"

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::core {
namespace {

bool is_head(std::string_view name) { return name.starts_with("heads."); }

bool selects(std::string_view pattern, const std::vector<std::string>& stages, std::string_view name) {
  if (pattern == "heads") return is_head(name);
  if (std::find(stages.begin(), stages.end(), pattern) != stages.end()) return is_in_stage(name, pattern);
  return matches(pattern, name) || name.starts_with(std::string(pattern) + ".");
}

[[noreturn]] void refuse_pattern(const std::string& where, const std::string& pattern, const std::vector<std::string>& stages,
                                 const Parameters& parameters) {
  if (pattern == "heads")
    throw Error("phases", where + ": 'heads' matches no parameter, for no head of this run has any: take it out, or name stages");
  std::vector<std::string> names = {"heads"};
  names.insert(names.end(), stages.begin(), stages.end());
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  const std::string close = nearest(pattern, names);
  std::string all;
  for (const std::string& stage : stages) all += stage.empty() ? "" : ", " + stage;
  throw Error("phases", where + ": '" + pattern + "' matches no parameter" +
                            (close.empty() ? "" : ", did you mean '" + close + "'?") + " (stages: heads" + all + ")");
}

// The factor by depth: stages count from the output side, starting at 1; heads are at 0.
double depth_factor(const Phase& phase, const std::vector<std::string>& stages, std::string_view name) {
  for (std::size_t i = 0; i < stages.size(); ++i)
    if (is_in_stage(name, stages[i])) return std::pow(phase.layer_decay, static_cast<double>(stages.size() - i));
  return 1.0;
}

double factor_of(const Phase& phase, const std::vector<std::string>& stages, std::string_view name) {
  double factor = depth_factor(phase, stages, name);
  for (const auto& [pattern, rate] : phase.rates)
    if (selects(pattern, stages, name)) factor = rate;
  return phase.rate * factor;
}

void check_rates(const Phase& phase, const std::vector<std::string>& stages, const Parameters& parameters) {
  for (const auto& [pattern, rate] : phase.rates)
    if (std::none_of(parameters.begin(), parameters.end(), [&](const Parameter& p) { return selects(pattern, stages, p.name); }))
      refuse_pattern(phase.name + ".rates", pattern, stages, parameters);
}

}  // namespace

bool is_in_stage(std::string_view name, std::string_view stage) {
  if (is_head(name)) return false;
  return stage.empty() || (name.starts_with(stage) && (name.size() == stage.size() || name[stage.size()] == '.'));
}

bool matches(std::string_view pattern, std::string_view name) {
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      mark = n;
    } else if (p < pattern.size() && pattern[p] == name[n]) {
      ++p, ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

std::vector<Phase> plan_phases(const Value& config, std::int64_t epochs) {
  std::vector<Phase> phases;
  std::int64_t used = 0;
  const std::size_t count = config.is_object() ? config.object().size() : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& [name, value, place] = config.object()[i];
    Phase phase{name, used, 0, {}, value.at("rate").number(), value.at("layer_decay").number()};
    for (const Value::Member& each : value.at("rates").object()) phase.rates.emplace_back(each.key, each.value.number());
    for (const Value& pattern : value.at("train").list()) phase.train.push_back(pattern.text());
    const Value* own = value.find("epochs");
    const bool last = i + 1 == count;
    if (own && !own->is_null())
      phase.epochs = own->integer();
    else if (last)
      phase.epochs = epochs - used;
    else
      throw Error("phases", place.text() + ": " + name + " needs epochs; only the last phase may leave them out");
    used += phase.epochs;
    phases.push_back(std::move(phase));
  }
  if (phases.empty()) return {Phase{"all", 0, epochs, {"*"}, 1.0, 1.0}};
  if (used != epochs || phases.back().epochs < 1)
    throw Error("phases",
                "epochs of the phases must add up to run.epochs, " + std::to_string(epochs) + "; got " + std::to_string(used));
  return phases;
}

const Phase& phase_at(const std::vector<Phase>& phases, std::int64_t epoch) {
  for (const Phase& phase : phases)
    if (epoch < phase.first_epoch + phase.epochs) return phase;
  return phases.back();
}

void apply_phase(const Phase& phase, const std::vector<std::string>& stages, Parameters& parameters) {
  for (Parameter& parameter : parameters) parameter.trains = parameter.is_of_task();
  for (const std::string& pattern : phase.train) {
    const bool take_out = pattern.starts_with("!");
    const std::string wanted = take_out ? pattern.substr(1) : pattern;
    bool found = false;
    for (Parameter& parameter : parameters)
      if (!parameter.is_of_task() && selects(wanted, stages, parameter.name))
        found = true, parameter.trains = !take_out && parameter.may_train;
    if (!found) refuse_pattern(phase.name + ".train", wanted, stages, parameters);
  }
  check_rates(phase, stages, parameters);
  bool any = false;
  for (Parameter& parameter : parameters) {
    if (parameter.is_of_task()) continue;
    parameter.rate = factor_of(phase, stages, parameter.name);
    parameter.tensor.set_requires_grad(parameter.trains);
    if (!parameter.trains) parameter.tensor.mutable_grad() = Tensor();
    any = any || parameter.trains;
  }
  if (!any) throw Error("phases", phase.name + ": nothing trains");
}

}  // namespace graft::core
