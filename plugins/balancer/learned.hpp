// Learned: one number a task that a balancer trains itself, with Adam and closed-form gradients.
//
//   step     m = 0.9 m + 0.1 g, v = 0.999 v + 0.001 g^2, x -= learning_rate (m / (1 - 0.9^n)) / (sqrt(v / (1 - 0.999^n)) + 1e-8)
//   n        steps of that task: one that is absent, or whose gradient is not finite, stays as it is
//   source   Kingma and Ba 2015, arXiv:1412.6980; equal to torch.optim.Adam
//   state    tensors <name> [4, K] double: x, m, v, n
#pragma once

#include <string>
#include <vector>

#include "graft/balancer.hpp"

namespace graft::plugins {

class Learned {
 public:
  Learned(std::string where, std::string name, double learning_rate, double weight_decay = 0);
  void build(std::int64_t tasks, double start);

  double operator[](std::int64_t task) const { return x_[static_cast<std::size_t>(task)]; }
  void set(std::int64_t task, double value) { x_[static_cast<std::size_t>(task)] = value; }
  std::int64_t tasks() const { return static_cast<std::int64_t>(x_.size()); }
  void step(std::int64_t task, double gradient);

  State state() const;
  void restore(const State& state);  // throws Error when the tensor is absent or of another number of tasks

 private:
  std::string where_, name_;
  double learning_rate_, weight_decay_;
  std::vector<double> x_, m_, v_, n_;
};

}  // namespace graft::plugins
