// Events: what happens in a run as it happens: events.jsonl (one object a line) and TensorBoard's event files.
//
//   {"event": "step", "step": 12, "epoch": 0, "loss": 0.61, "learning_rate": 4.1e-05, "gradient_norm": 2.3, "rows": 384, "tokens": 10310}
//   {"event": "evaluation", "step": 266, "best": true, "values": {"movies/sentiment/accuracy": 0.941}}
//   {"event": "phase", ...}   {"event": "checkpoint", ...}
//
// A resumed run drops the lines of steps that it will do again.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "core/report/tensorboard.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Events {
 public:
  Events(const std::string& folder, std::int64_t resumed_step);
  ~Events();

  void write(const std::string& event, std::int64_t step, Value fields);  // `fields`: an object
  void scalar(const std::string& tag, std::int64_t step, double value);   // TensorBoard only
  void flush();

 private:
  std::FILE* file_;
  std::unique_ptr<EventWriter> board_;
};

}  // namespace graft::core
