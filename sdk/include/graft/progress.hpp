// Progress: how far a run is. Schedules and tasks are pure functions of it, so they resume for free.
#pragma once

#include <cstdint>

namespace graft {

struct Progress {
  std::int64_t step = 0;         // optimizer steps done
  std::int64_t epoch = 0;        // epochs done: 0 during the first
  std::int64_t total_steps = 1;  // of the schedule's horizon, which a search may set beyond this run's budget
};

}  // namespace graft
