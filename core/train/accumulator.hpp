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

  void settle(Parameters& parameters);  // leaves the step's gradient in the parameters' grad()

  // The mean loss of the settled step, the sum of the terms' means; starts afresh. On a GPU the host waits here and, in a step of
  // one batch, nowhere else: ask when the optimizer's work is on its way.
  double read();

  double finish(Parameters& parameters) {  // both
    settle(parameters);
    return read();
  }

 private:
  struct Sum {
    double sum = 0, count = 0;
    Tensor sum_there, count_there;  // of a device, read when the step's gradient is on its way
    std::vector<Tensor> gradients;  // one a parameter that trains; undefined where the term does not reach it
  };
  static void take(Sum& sum);  // reads what is still on the device
  std::map<std::string, Sum> sums_;
};

}  // namespace graft::core
