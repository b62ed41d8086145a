// Faulty: a sound component of each kind that has a model, a loss or a state, and one fault at a time, which GRAFT_FAULT names. What
// plugin check finds is compared with what it should find: tests/conformance/faults_test.cpp.
#pragma once

#include <cstdlib>
#include <string_view>

namespace faulty {

inline bool has(std::string_view fault) {
  const char* now = std::getenv("GRAFT_FAULT");
  return now && fault == now;
}

}  // namespace faulty
