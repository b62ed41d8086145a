// Phases: what trains when, and at which rate. Phases follow each other in the config's order; their epochs add up to the run's.
//
//   pattern   "*" everything; "heads" all heads; a stage of the model ("encoder.layer.5"); else a glob over parameter names
//             ("encoder.layer.*.bias", "heads.sentiment.*"). A leading "!" takes out what earlier patterns took in
//   decay     layer_decay d: heads have factor 1, the model's last stage d, the one before d^2, ... input side last
//   rates     factors by pattern, as LoRA+ gives its B matrices 16 times the rate of A: {"*.B": 16}
//   modules   that a task added train in every phase, at the rate of the schedule
//   errors    Error("phases"): a pattern that matches nothing, with the nearest stage; epochs that do not add up; nothing trains
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/train/parameter.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Phase {
  std::string name;
  std::int64_t first_epoch = 0, epochs = 0;
  std::vector<std::string> train = {"*"};
  double rate = 1.0, layer_decay = 1.0;
  std::vector<std::pair<std::string, double>> rates = {};  // by pattern, over layer_decay; the last that fits counts
};

// From the config's section `phases` (may be empty: one phase "all"); the last phase may leave its epochs out.
std::vector<Phase> plan_phases(const Value& config, std::int64_t epochs);

const Phase& phase_at(const std::vector<Phase>& phases, std::int64_t epoch);

// Sets trains, rate and requires_grad of each parameter.
void apply_phase(const Phase& phase, const std::vector<std::string>& stages, Parameters& parameters);

bool is_in_stage(std::string_view name, std::string_view stage);  // a parameter's name; heads are in none

// Does `name` match a glob? '*' stands for any text, also with dots.
bool matches(std::string_view pattern, std::string_view name);

}  // namespace graft::core
