// GaussianNoise: adds to each number a normal one, in proportion to how much that feature varies.
//
//   formula   x + deviation * s * z,  z ~ N(0, 1),  s the standard deviation of the feature in the training rows; 1 without `relative`
//   columns   [B] double or [B, D] float or double, changed in place
//   draws     one a feature from rng.row(row id), column by column, also where the number is missing
//   missing   stays missing, and does not count for s
//   source    Bishop 1995, "Training with noise is equivalent to Tikhonov regularization"
//   scope     row; threads any
//   throws    Error when a column has another kind; before fit
#pragma once

#include <string>
#include <vector>

#include "graft/augmenter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class GaussianNoise final : public Augmenter {
 public:
  explicit GaussianNoise(const Config& config);

  Scope scope() const override { return Scope::kRow; }
  Tap augment(Batch& batch, Rng rng) const override;
  Schema outputs(const Schema& inputs) const override;
  void fit(const Source& training) override;
  State state() const override;  // a tensor [D] a column, by its name: the deviation of the noise
  void restore(const State& state) override;

 private:
  std::vector<std::string> columns_;
  double deviation_;
  bool relative_;
  std::vector<Tensor> scales_;  // by column, [D] double; empty before fit
};

}  // namespace graft::plugins
