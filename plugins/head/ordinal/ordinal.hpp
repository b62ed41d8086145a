// Ordinal: one of C classes that have an order, by one score a row and C - 1 rising thresholds on it.
//
//   formula   P(y > k) = sigmoid(w x - b_k), k = 0 .. C-2;  value = sum over k of the binary cross-entropy of [y > k] at P(y > k)
//   order     b_0 = first, b_k = b_(k-1) + softplus(gap_(k-1)): P(y > k) never rises with k, whatever was learned
//   reads     the column `input`, see head_input(): [B, D] float, or SparseRows of width D
//   target    a class column, its classes from the lowest to the highest (kMissingClass does not count), or a soft class
//             column, whose [y > k] is the share above k (a row that is zero or NaN does not count)
//   scores    [B, C - 1] float, logits of P(y > k)
//   predicts  "label" [B] int64: the number of k where P(y > k) > 1/2, the median of the distribution, not always its largest;
//             "probability" [B, C] float: P(y > c-1) - P(y > c)
//   init      dense: weights normal with deviation 0.02; sparse: zeros; thresholds where a score of 0 makes classes equally likely
//   names     "ranker.weight" [1, D]; "first" [1] and "gaps" [C - 2], before softplus, from 3 classes on
//   errors    Error("graft/ordinal") when the target is no class or has fewer than two
//   source    Cao, Mirjalili, Raschka 2020, doi:10.1016/j.patrec.2020.11.008 (CORAL)
//   differs   CORAL leaves its biases -b_k free and shows that they are in order at the optimum; here they always are
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Ordinal final : public Head {
 public:
  explicit Ordinal(const Config& config);
  std::vector<std::string> reads() const override { return {input_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::int64_t classes() const { return static_cast<std::int64_t>(field_.classes.size()); }
  Tensor thresholds() const;  // [C - 1], rising

  std::string name_, target_, input_;
  double dropout_;
  Field field_;  // of the target
  bool is_sparse_ = false;
  std::shared_ptr<nn::Linear> ranker_;
  Tensor first_, gaps_;  // gaps_ is undefined for 2 classes
};

}  // namespace graft::plugins
