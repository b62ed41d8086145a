// Soup: the weights of a run's best evaluations, and the mean of some of them, which is saved in the end.
//
//   kept     checkpoints of the `keep` best evaluations so far; of equal ones the earlier
//   greedy   from the best on: a step joins where the mean with it has a validation value no worse than the mean without it; the
//            mean is uniform, over parameters and buffers
//   source   Wortsman et al. 2022, arXiv:2203.05482, recipe 1
//   differs  the paper's models come from runs of several settings; here they are steps of one run
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "graft/safetensors.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Soup {
 public:
  explicit Soup(const Value& config);  // {"use": "graft/soup", "keep": 5}; off for any other

  bool is_on() const { return keep_ > 0; }
  std::int64_t keep() const { return keep_; }

  // True when this evaluation is among the best: its weights are to be kept. NaN never is.
  bool add(std::int64_t step, double value, bool higher_is_better);

  std::set<std::int64_t> steps() const;
  std::vector<std::int64_t> best_first() const;

  Value save() const;  // [{"step": 40, "value": 0.95}, ...], best first
  void restore(const Value& saved);

 private:
  struct Candidate {
    std::int64_t step;
    double value;
  };
  std::int64_t keep_ = 0;
  std::vector<Candidate> candidates_;  // best first
};

struct Mix {
  struct Tried {
    std::int64_t step;
    double value;  // of the mean with it
    bool joined;
  };
  std::vector<std::int64_t> steps;  // in the order they joined
  double value = 0;                 // of their mean
  std::vector<Tried> tried;
};

// REQUIRES: `best_first` is not empty. `value_of(steps)`: of the mean over these steps; it is asked once for each step.
Mix mix_greedily(const std::vector<std::int64_t>& best_first, bool higher_is_better,
                 const std::function<double(const std::vector<std::int64_t>&)>& value_of);

// The mean of each tensor over these files, in double; of whole numbers, the first file's. throws Error("average") when the files
// differ in names or shapes.
NamedTensors mean_of(const std::vector<std::string>& paths);

}  // namespace graft::core
