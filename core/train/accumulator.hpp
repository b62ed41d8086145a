// Accumulator: gradients of several batches as one step, exact for terms with different counts.
//
//   gradient = sum over terms of (sum over batches of d sum_t) / (sum over batches of count_t)
//
// A step of one batch is a plain backward pass; only a step of several, and one whose tasks are balanced at the parameters, keeps a
// gradient a term until the counts are known.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/train/balance.hpp"
#include "core/train/parameter.hpp"
#include "graft/term.hpp"

namespace graft::core {

// How the gradient of a batch is taken.
enum class Pass {
  kAtOnce,   // one backward pass into grad() of these parameters: the step has no other batch
  kByTerm,   // one pass a term, kept
  kCounted,  // not here: somebody did it; the losses are counted
};

// The balanced terms of one batch that have rows, with their mean losses. On a GPU the host waits here.
Balance::Present present_tasks(const Terms& terms, const Balance& balance);

// Those terms, in the order of present_tasks().
std::vector<const Term*> balanced_terms(const Terms& terms, const Balance& balance);

class Accumulator {
 public:
  void add(const Terms& terms, Parameters& parameters, Pass how);

  // Takes what another gathered in place of add(): so a batch that fails half-way leaves nothing here.
  void merge(Accumulator&& other);

  // Leaves the step's gradient in the parameters' grad(); `balance` may be null.
  void settle(Parameters& parameters, Balance* balance, const Progress& progress);

  // The mean loss of the settled step, the sum of the terms' means; starts afresh. On a GPU the host waits here and, in a step of
  // one batch, nowhere else: ask when the optimizer's work is on its way.
  double read();

  double finish(Parameters& parameters) {  // both
    settle(parameters, nullptr, {});
    return read();
  }

 private:
  struct Sum {
    bool balanced = true;
    double sum = 0, count = 0;
    Tensor sum_there, count_there;  // of a device, read when the step's gradient is on its way
    std::vector<Tensor> gradients;  // one a parameter that trains; undefined where the term does not reach it
  };
  void settle_balanced(Parameters& parameters, Balance& balance, const Progress& progress);
  void settle_plainly(Parameters& parameters, const Balance* balance);
  static void take(Sum& sum);  // reads what is still on the device
  std::map<std::string, Sum> sums_;
};

}  // namespace graft::core
