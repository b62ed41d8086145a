// HeadPatience: heads that stop learning when they get no better, while the others go on.
//
//   measure  the mean of a head's first metric over the valid rows of the labelled streams; its loss where it has no metric
//   stopped  its loss is no part of a step any more, so that its own parameters stay as they are; the model goes on by the others
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/evaluate/evaluate.hpp"
#include "graft/value.hpp"

namespace graft::core {

// A head that learns no more.
struct StoppedHead {
  std::string head, measure;              // "sentiment", "accuracy"; "loss" where it has no metric
  std::int64_t step = 0, best_step = -1;  // when it stopped, when it was best; -1: no evaluation had rows of it
  double value = std::numeric_limits<double>::quiet_NaN(), best = value;  // of the measure at those steps
};

class HeadPatience {
 public:
  // `heads`: the config's section; `patience` of each says after how many evaluations without a better one it stops, null never.
  // `labelled`: the streams that count, as in Selection.
  HeadPatience(const Value& heads, std::vector<std::string> labelled);

  std::vector<StoppedHead> add(std::int64_t step, const Evaluation& evaluation);  // the heads that stop by this evaluation
  const std::set<std::string>& stopped() const { return stopped_; }
  const std::vector<StoppedHead>& stops() const { return stops_; }  // in the order they came
  bool all_stopped() const { return stopped_.size() == heads_; }

  Value save() const;
  void restore(const Value& saved);

 private:
  struct Waiting {
    std::int64_t patience = 0, waited = 0, best_step = -1;
    double best = std::numeric_limits<double>::quiet_NaN();
  };
  std::size_t heads_;
  std::vector<std::string> labelled_;
  std::map<std::string, Waiting> waiting_;
  std::set<std::string> stopped_;
  std::vector<StoppedHead> stops_;
};

}  // namespace graft::core
