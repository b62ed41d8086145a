// Searcher (draft): proposes settings and hears how they did.   must hold   never repeats a trial; resumes from its state
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "graft/export.hpp"
#include "graft/state.hpp"
#include "graft/value.hpp"

namespace graft {

struct Trial {
  std::int64_t id = 0;
  std::map<std::string, Value> values;        // "optimizer.learning_rate": 3e-5
  std::int64_t budget = 1;                    // epochs in all
  std::int64_t horizon = 1;                   // epochs that schedules count with, so that a paused trial can go on
  std::optional<std::int64_t> continue_from;  // a trial whose checkpoint it goes on from
};

class GRAFT_API Searcher {
 public:
  enum class Verdict { kContinue, kPause, kStop };

  virtual ~Searcher();
  virtual std::optional<Trial> ask() = 0;  // none: the study is over
  virtual Verdict report(std::int64_t trial, std::int64_t budget, double value) = 0;
  virtual State state() const = 0;
  virtual void restore(const State& state) = 0;
};

}  // namespace graft
