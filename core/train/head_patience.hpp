// HeadPatience: heads that stop learning when they get no better, while the others go on.
//
//   measure  the mean of a head's first metric over the valid rows of the labelled streams; its loss where it has no metric
//   stopped  its loss is no part of a step any more, so that its own parameters stay as they are; the model goes on by the others
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/evaluate/evaluate.hpp"
#include "graft/value.hpp"

namespace graft::core {

class HeadPatience {
 public:
  // `heads`: the config's section; `patience` of each says after how many evaluations without a better one it stops, null never.
  // `labelled`: the streams that count, as in Selection.
  HeadPatience(const Value& heads, std::vector<std::string> labelled);

  std::vector<std::string> add(const Evaluation& evaluation);  // the heads that stop by this evaluation
  const std::set<std::string>& stopped() const { return stopped_; }
  bool all_stopped() const { return stopped_.size() == heads_; }

  Value save() const;
  void restore(const Value& saved);

 private:
  struct Waiting {
    std::int64_t patience = 0, waited = 0;
    double best = 0;  // higher is better
    bool has_best = false;
  };
  std::size_t heads_;
  std::vector<std::string> labelled_;
  std::map<std::string, Waiting> waiting_;
  std::set<std::string> stopped_;
};

}  // namespace graft::core
