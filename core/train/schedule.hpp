// Schedule: the factor on the learning rate, a pure function of progress, so that it resumes for free.
//
//   w warm-up steps, T steps in all, s steps done        factor of step s (the first is s = 0)
//   constant   s < w: s / w                              else 1
//   linear     s < w: s / w                              else (T - s) / (T - w)
//   cosine     s < w: s / w                              else (1 + cos(pi (s - w) / (T - w))) / 2
//   slanted_triangular   (1 + p (ratio - 1)) / ratio, where p is the factor of linear
//   source     get_linear_schedule_with_warmup and its siblings in transformers; the first step of a warm-up has factor 0.
//              Howard and Ruder 2018, arXiv:1801.06146, for slanted_triangular: their cut_frac is `warmup`
#pragma once

#include <cstdint>

#include "graft/progress.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Schedule {
 public:
  enum class Shape { kConstant, kLinear, kCosine, kSlanted };
  Schedule(Shape shape, double warmup, double ratio = 1) : shape_(shape), warmup_(warmup), ratio_(ratio) {}
  explicit Schedule(const Value& config);  // {"use": "graft/linear" | "graft/cosine" | ..., "warmup": ...}

  double factor(const Progress& progress) const;
  std::int64_t warmup_steps(std::int64_t total) const;  // warmup: a share of the steps up to 1, else a number of steps

 private:
  Shape shape_;
  double warmup_, ratio_;
};

}  // namespace graft::core
