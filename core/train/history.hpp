// History: what a run remembers of its course, small enough for every checkpoint.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "graft/value.hpp"

namespace graft::core {

struct StepPoint {  // mean over the steps since the point before
  std::int64_t step = 0;
  double loss = 0, rate = 0, gradient_norm = 0;
};

struct EvaluationPoint {
  std::int64_t step = 0;
  std::vector<std::pair<std::string, double>> values;  // "movies/sentiment/accuracy", ".../loss"
};

class History {
 public:
  explicit History(std::int64_t total_steps = 1);  // keeps at most about 2,000 step points

  void add_step(std::int64_t step, double loss, double rate, double gradient_norm);
  void add_evaluation(EvaluationPoint point);

  const std::vector<StepPoint>& steps() const { return steps_; }
  const std::vector<EvaluationPoint>& evaluations() const { return evaluations_; }
  double recent_loss() const { return recent_loss_; }  // smoothed, for the progress line

  Value save() const;
  void restore(const Value& saved);

 private:
  std::int64_t every_, pending_ = 0;
  StepPoint sum_;
  double recent_loss_ = 0;
  bool any_ = false;
  std::vector<StepPoint> steps_;
  std::vector<EvaluationPoint> evaluations_;
};

}  // namespace graft::core
