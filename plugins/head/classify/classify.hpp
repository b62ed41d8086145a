// Classify: one of C classes, by a linear layer and softmax cross-entropy.
//
//   formula   value = -sum over c of w_c t_c log(p_c), p = softmax(scores); t is the target, (1 - s) t + s / C with smoothing s
//             weight = sum over c of w_c t_c without smoothing: sum(value) / sum(weight) is torch's weighted mean
//   reads     the column `input`, see head_input(): [B, D] float, or SparseRows of width D
//   target    a class column (kMissingClass does not count), or a soft class column (a row that is zero or NaN does not count)
//   scores    [B, C] float
//   predicts  "label" [B] int64, "probability" [B, C] float
//   init      dense: weights normal with deviation 0.02, as `transformers`; sparse: zeros; biases 0
//   names     "classifier.weight", "classifier.bias"; buffer "class_weights" [C] where there are class weights
//   errors    Error("graft/classify") when the target is no class, has fewer than two, or the weights are not one a class
//   source    Szegedy et al. 2016, arXiv:1512.00567, for smoothing; torch.nn.functional.cross_entropy; balanced weights of
//             scikit-learn: n / (C * count of the class)
//   differs   from torch for soft targets with class weights: divides by the sum of the weights, not by the rows
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Classify final : public Head {
 public:
  explicit Classify(const Config& config);
  std::vector<std::string> reads() const override { return {input_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  void fit(const Source& training) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::int64_t classes() const { return static_cast<std::int64_t>(field_.classes.size()); }
  Tensor given_weights() const;                     // [C]
  Tensor distribution(const Tensor& target) const;  // [B, C], zero rows where the label is missing

  std::string name_, target_, input_;
  double label_smoothing_, dropout_;
  Value class_weights_;
  Field field_;  // of the target
  bool is_sparse_ = false;
  std::shared_ptr<nn::Linear> classifier_;
  Tensor weights_;  // undefined where all classes weigh the same
};

}  // namespace graft::plugins
