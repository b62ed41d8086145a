// Objective: what a solver minimises, as a function of all weights that train, laid end to end in double.
//
//   formula  f(x) = sum over terms of sum_t / count_t  +  sum over heads h of p |w_h|^2 / (2 count_h)
//            w_h: the weights of h, not its biases;  p: the solver's penalty, 1 / C
//   double   while an Objective lives the parameters are double, and what is computed from them is; afterwards they are the nearest
//            floats. Features are floats, exactly as in training
//   order    sums over x run in fixed pieces: the same bits for any number of threads
//   P weights that train
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/train/parameter.hpp"

namespace graft::core {

using Weights = std::vector<double>;  // [P]

struct Range {  // of weights
  std::size_t begin, end;
};

class Objective {
 public:
  struct Loss {
    double value = 0;                      // sum over terms of sum_t / count_t; its gradient is in the parameters' grad()
    std::map<std::string, double> counts;  // by term
  };
  using Evaluate = std::function<Loss()>;  // at the parameters' present values

  Objective(Parameters& parameters, double penalty, Evaluate evaluate);
  ~Objective();
  Objective(const Objective&) = delete;

  Weights start() const;  // where the parameters are
  // throws Error("train") when f or its gradient is not finite at `start`, the first place that is asked for.
  double at(const Weights& x, Weights& gradient);  // gradient is resized to [P]
  std::int64_t evaluations() const { return evaluations_; }
  std::vector<Range> parameters() const;  // where each lies in x, in order

 private:
  struct Part {  // of x
    Parameter* parameter;
    std::size_t begin, size;
    std::string head;
  };
  void place(const Weights& x);
  double penalise(const Part& part, double count, const Weights& x, Weights& gradient) const;

  Parameters& parameters_;
  double penalty_;
  Evaluate evaluate_;
  std::vector<Part> parts_;
  std::size_t size_ = 0;
  std::int64_t evaluations_ = 0;
};

double dot(const Weights& a, const Weights& b);
double dot(const Weights& a, const Weights& b, Range range);
void add_scaled(Weights& to, double factor, const Weights& from);  // to += factor * from
double largest(const Weights& x);                                  // entry by size; NaN when one is

}  // namespace graft::core
