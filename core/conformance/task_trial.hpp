// TaskTrial: a task at work on the host's own stepper and training loop, with a small graft/mlp, the heads "kind" (graft/classify) and
// "amount" (graft/regress), and rows made in memory.
//
//   streams   "first": label and number; "second": label; "rows_<role>" for each further role of the task: neither
//   skips     throws Stopped SKIP when nobody here provides what stands on the other side
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/conformance/subject.hpp"
#include "core/train/training.hpp"

namespace graft::core::conformance {

// One step, as seen from between the task and the host.
struct TrialStep {
  std::vector<Batch> drawn;                           // what the task was given
  std::vector<std::pair<std::size_t, Terms>> passes;  // optimizer and terms of each pass of minimise()
  Stepper::Result result;
  std::map<std::string, bool> moved;  // did the step change a parameter of "model", "kind", "amount"?
};

class TaskTrial {
 public:
  struct Options {
    double kind_weight = 1, amount_weight = 1;
    bool lacks_labels = false;  // every third label; and "second" has a number column in which all are missing
  };
  TaskTrial(Subject& subject, Options options);
  ~TaskTrial();

  // Plain gradient descent, a step for each batch of the first streams.
  std::vector<TrialStep> steps(std::int64_t count);

  // A whole run; or one that stops after so many steps, saves itself and is gone on with from there by another task and network.
  // Returns the weights at the end.
  NamedTensors run();
  NamedTensors run_in_two(std::int64_t stop_after);

 private:
  struct Parts;
  std::unique_ptr<Parts> assembled();
  Training::End train(Parts& parts, const std::string& folder, std::int64_t stop_after, bool resumes);

  Subject& subject_;
  Options options_;
  std::vector<std::string> roles_;
  Value config_;
};

}  // namespace graft::core::conformance
