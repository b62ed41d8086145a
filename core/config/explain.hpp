// Explain: every value of a resolved config, where it comes from and what it means.
//
//   optimizer.learning_rate = 5e-05   config.json:22:41   step size at the schedule's peak
#pragma once

#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Explanation {
  std::string key, value, origin, meaning;  // origin: file:line:column, "--set" or "default"
};
std::vector<Explanation> explanations(const Value& root, const Catalog& catalog);  // in the config's order

std::string explain(const Value& root, const Catalog& catalog);  // one aligned line each

}  // namespace graft::core
