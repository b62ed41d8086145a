// Accumulator: gradients of several batches as one step, exact for terms with different counts.
//
//   gradient = sum over terms of (sum over batches of d sum_t) / (sum over batches of count_t)
//
// A step of one batch is a plain backward pass; only a step of several keeps a gradient a term until the counts are known.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/train/parameter.hpp"
#include "graft/term.hpp"

namespace graft::core {

class Accumulator {
 public:
  // Adds one batch. `only`: the step has no other batch.
  void add(const Terms& terms, Parameters& parameters, bool only);

  // Takes what another gathered in place of add(): so a batch that fails half-way leaves nothing here.
  void merge(Accumulator&& other);

  // Leaves the step's gradient in the parameters' grad() and starts afresh. Returns the mean loss, the sum of the terms' means.
  double finish(Parameters& parameters);

  // Means of the terms of the last finished step, by name.
  const std::map<std::string, double>& means() const { return means_; }

 private:
  struct Sum {
    double sum = 0, count = 0;
    std::vector<Tensor> gradients;  // one a parameter that trains; undefined where the term does not reach it
  };
  std::map<std::string, Sum> sums_;
  std::map<std::string, double> means_;
};

}  // namespace graft::core
