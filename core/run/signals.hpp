// Signals: SIGINT and SIGTERM ask the run to end after the present step; a second one ends the process at once.
#pragma once

namespace graft::core {

// Catches both signals for as long as it lives.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  static int caught();  // the signal's number, 0 when none came
};

}  // namespace graft::core
