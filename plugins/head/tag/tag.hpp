// Tag: one of C classes for each word of a row, by a linear layer and softmax cross-entropy on the word's first token.
//
//   W words in a packed batch
//   formula   value = -log(p_t), p = softmax(scores), t the tag of the word whose first token it is; weight = 1.
//             Other tokens of a word, special tokens, and words without a tag have value and weight 0
//   reads     the column `input` of the model's output: Ragged [N, D] float
//   words     Ragged int64 [W]: place of each word's first token in its row; -1 where it has none (cut off): such a word does not count
//   target    a tags column [W] (kMissingClass does not count)
//   scores    [N, C] float, with offsets
//   predicts  "label" Ragged int64 [W], kMissingClass for a word without a token; "probability" Ragged [W, C] float
//   init      weights normal with deviation 0.02, biases 0, as `transformers`
//   names     "classifier.weight", "classifier.bias"
//   errors    Error("graft/tag") when the target is no tags or has fewer than two, the model gives no vectors of tokens, or the
//             target has another number of words than the column `words`
//   source    Devlin et al. 2018, arXiv:1810.04805, section 5.3; BertForTokenClassification of Hugging Face transformers
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Tag final : public Head {
 public:
  explicit Tag(const Config& config);
  std::vector<std::string> reads() const override { return {input_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::int64_t classes() const { return static_cast<std::int64_t>(field_.classes.size()); }
  Tensor tags_of_tokens(const Scores& scores, const Batch& batch) const;  // [N] int64, kMissingClass where none counts

  std::string target_, words_, input_;
  double dropout_;
  Field field_;  // of the target
  std::shared_ptr<nn::Linear> classifier_;
};

}  // namespace graft::plugins
