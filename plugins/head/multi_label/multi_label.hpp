// MultiLabel: any number of C classes a row, by a linear layer and a question of its own for each class.
//
//   formula   value = 1/C sum over c of b_c,  b_c = -w_c t_c log(p_c) - (1 - t_c) log(1 - p_c),  p = sigmoid(scores), t the target,
//             w positive_weight; weight = 1. Where t_c is NaN, b_c is left out and weight is the share of the C classes that are known:
//             sum(value) / sum(weight) is the mean over all known pairs of row and class
//   reads     the column `input`, see head_input(): [B, D] float, or SparseRows of width D
//   target    a label set column [B, C] (NaN does not count)
//   scores    [B, C] float, logits
//   predicts  "label" [B, C] float: 1 where p > threshold, else 0; "probability" [B, C] float: p
//   init      dense: weights normal with deviation 0.02; sparse: zeros; biases 0
//   names     "classifier.weight", "classifier.bias"; buffer "positive_weight" [C] where it is not 1
//   errors    Error("graft/multi_label") when the target is no label set or has no classes, or the weights are not one a class
//   source    torch.nn.BCEWithLogitsLoss, its mean over rows and classes and its pos_weight; balanced as its documentation advises:
//             rows without the class / rows with it, 1 for a class that no row or every row has
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class MultiLabel final : public Head {
 public:
  explicit MultiLabel(const Config& config);
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
  bool is_balanced() const { return positive_weight_.is_text(); }
  Tensor given_weights() const;  // [C]

  std::string name_, target_, input_;
  double threshold_, dropout_;
  Value positive_weight_;
  Field field_;  // of the target
  bool is_sparse_ = false;
  std::shared_ptr<nn::Linear> classifier_;
  Tensor weights_;  // [C], undefined where all are 1
};

}  // namespace graft::plugins
