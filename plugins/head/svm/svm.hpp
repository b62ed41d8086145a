// Svm: one of C classes, by a linear layer and the squared hinge: with the optimizer lbfgs a linear support vector machine.
//
//   formula   value = sum over scores c of  t_c max(0, 1 - s_c)^2 + (1 - t_c) max(0, 1 + s_c)^2;  t_c: the row's share of class c
//             one score for two classes, that of the second; else one a class, against all others
//   reads     the column `input`, see head_input(): [B, D] float, or SparseRows of width D
//   target    a class column (kMissingClass does not count), or a soft class column (a row that is zero or NaN does not count)
//   scores    [B, 1] for two classes, else [B, C], float: distances from the boundary in margins
//   predicts  "label" [B] int64: the largest score; "probability" [B, C] float: softmax of the scores (for two classes of -s and s),
//             an order for curves and ranks, fitted to no frequency
//   init      dense: weights normal with deviation 0.02; sparse: zeros; biases 0
//   names     "classifier.weight", "classifier.bias"
//   errors    Error("graft/svm") when the target is no class or has fewer than two
//   source    Fan et al. 2008, LIBLINEAR; scikit-learn 1.9, LinearSVC with loss="squared_hinge", multi_class="ovr"
//   differs   LIBLINEAR penalises the intercept too, as a weight of a feature of 1; here it is free, what it is there with a large
//             intercept_scaling
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Svm final : public Head {
 public:
  explicit Svm(const Config& config);
  std::vector<std::string> reads() const override { return {input_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::int64_t classes() const { return static_cast<std::int64_t>(field_.classes.size()); }
  Tensor shares(const Tensor& target) const;  // [B, C] float, zero rows where the label is missing

  std::string name_, target_, input_;
  double dropout_;
  Field field_;  // of the target
  bool is_sparse_ = false;
  std::shared_ptr<nn::Linear> classifier_;
};

}  // namespace graft::plugins
