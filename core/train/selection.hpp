// Selection: which evaluation is the best so far, and when to stop waiting for a better one.
//
//   mean   of a score for each head and labelled stream: the head's first metric, or the one that is named. Where some of them are
//          better when higher and others when lower, the latter count with a minus, and higher is better
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/evaluate/evaluate.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Selection {
 public:
  // `wanted`: a unique suffix of "valid/<stream>/<head>/<metric>", "mean" or "mean/<metric>", empty for the first head's first
  // metric; `patience`: evaluations without a better one before the run stops, none for never.
  // `labelled`: the streams that the default looks at, empty for all: rows of a target domain must not choose unless the config
  // says so.
  Selection(std::string wanted, std::optional<std::int64_t> patience, std::vector<std::string> labelled = {})
      : wanted_(std::move(wanted)), labelled_(std::move(labelled)), patience_(patience) {}

  // True when this evaluation is the best so far. throws Error("evaluate") when `wanted` fits no metric, or several. A value
  // that is NaN is never the best; equal values keep the earlier one.
  bool add(std::int64_t step, const Evaluation& evaluation);

  double value_in(const Evaluation& evaluation) const;  // of the chosen metric; NaN where the evaluation has it not

  bool out_of_patience() const { return patience_ && waited_ >= *patience_; }
  bool has_best() const { return step_ >= 0; }
  std::int64_t step() const { return step_; }
  double value() const { return value_; }
  double last() const { return last_; }
  const std::string& key() const { return key_; }  // "valid/movies/sentiment/accuracy", "valid/mean"
  bool higher_is_better() const { return higher_; }

  Value save() const;
  void restore(const Value& saved);

 private:
  void choose(const Evaluation& evaluation);
  std::vector<HeadEvaluation> choosing(const Evaluation& evaluation) const;

  std::string wanted_, key_;
  std::vector<std::string> labelled_;
  std::optional<std::int64_t> patience_;
  bool higher_ = true;
  std::int64_t step_ = -1, waited_ = 0;
  double value_ = 0, last_ = 0;
};

}  // namespace graft::core
