// Gramian: G = J J^T of K tasks on plain doubles, and the base of the balancers that weigh tasks by it.
//
//   G        [K, K]  symmetric, positive semidefinite
//   weights  [K]     the direction is J^T weights
//
//   one task       always weight 1: there is nothing to balance
//   no gradient    a Gramian of zeros gives 1 / K for each, unless the method's own formula has a value there
//   not finite     gives NaN weights: the step then fails where the host looks for such numbers
#pragma once

#include <cstddef>
#include <vector>

#include "graft/balancer.hpp"

namespace graft::plugins {

class Gramian {
 public:
  Gramian(std::size_t tasks, double fill) : tasks_(tasks), values_(tasks * tasks, fill) {}
  explicit Gramian(const Tensor& tensor);  // [K, K], any device and float type

  std::size_t tasks() const { return tasks_; }
  double operator()(std::size_t i, std::size_t j) const { return values_[i * tasks_ + j]; }
  double& operator()(std::size_t i, std::size_t j) { return values_[i * tasks_ + j]; }

  double trace() const;
  bool is_finite() const;
  std::vector<double> times(const std::vector<double>& weights) const;  // G w
  double norm_of(const std::vector<double>& weights) const;             // |J^T w| = sqrt(w^T G w)
  Gramian scaled(double factor) const;

 private:
  std::size_t tasks_;
  std::vector<double> values_;
};

// wants() is kGramian; a method gives weights for a finite Gramian with a positive trace and K >= 2.
class GramianBalancer : public Balancer {
 public:
  Wants wants() const final { return Wants::kGramian; }
  Tensor combine(const Losses& losses) final;

 protected:
  virtual std::vector<double> weights(const Gramian& gramian, const Losses& losses) = 0;
  virtual double weight_without_gradient(std::size_t tasks) const { return 1.0 / static_cast<double>(tasks); }
};

std::vector<double> doubles(const Tensor& tensor);                        // [K] of any device and float type
Tensor tensor_of(const std::vector<double>& values, const Tensor& like);  // [K] double on the device of `like`

}  // namespace graft::plugins
