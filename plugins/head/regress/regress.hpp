// Regress: a number, by a linear layer on the target standardised inside: z = (y - mean) / deviation, both of the training rows.
//
//   formula   d = score - z;  mse: d^2   mae: |d|   huber: d^2 / 2 where |d| <= 1, |d| - 1/2 elsewhere
//   reads     the column `input`, see head_input(): [B, D] float, or SparseRows of width D
//   target    a number or integer column; NaN does not count
//   scores    [B] float, in deviations from the mean
//   predicts  "value" [B] double, in the target's units
//   init      dense: weights normal with deviation 0.02; sparse: zeros; bias 0
//   names     "regressor.weight", "regressor.bias"; buffers "mean" and "deviation", [] double, set by fit()
//   errors    Error("graft/regress") when the target is no number, or fit() finds no number, an infinite one, or one value only
//   source    torch.nn.MSELoss, L1Loss, HuberLoss; deviation of the population, as scikit-learn's StandardScaler
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Regress final : public Head {
 public:
  explicit Regress(const Config& config);
  std::vector<std::string> reads() const override { return {input_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  void fit(const Source& training) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::string name_, target_, input_, loss_;
  double dropout_;
  bool is_sparse_ = false;
  std::shared_ptr<nn::Linear> regressor_;
  Tensor mean_, deviation_;
};

}  // namespace graft::plugins
