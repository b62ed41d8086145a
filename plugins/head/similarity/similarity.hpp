// Similarity: how alike the two things of a row are, by the cosine of their vectors. It has no weights: all is learned by the model.
//
//   formula   cosine = u v / (|u| |v|), z = (y - low) / (high - low), y the target
//             mse: (cosine - z)^2    contrastive: z d^2 / 2 + (1 - z) max(0, margin - d)^2 / 2, d = 1 - cosine;  weight = 1
//   range     low and high are the targets that stand for cosine 0 and 1: the parameter `range`, or the smallest and the largest
//             target of the training rows
//   reads     the columns `first` and `second` of the model's output: [B, D] float each; a vector of zeros has cosine 0
//   target    a number or integer column, the larger the more alike; NaN does not count
//   scores    [B] float, the cosine
//   predicts  "value" [B] double: low + (high - low) cosine, in the target's units
//   names     no parameters; buffers "low" and "high", [] double
//   errors    Error("graft/similarity") when the target is no number, the columns are no vectors of one width, or fit() finds no
//             number, an infinite one, or one value only
//   source    Reimers and Gurevych 2019, arXiv:1908.10084, for mse; Hadsell, Chopra, LeCun 2006, doi:10.1109/CVPR.2006.100, with the
//             cosine distance and margin of sentence-transformers' ContrastiveLoss
//   differs   sentence-transformers leaves it to the caller to bring targets into [0, 1]
#pragma once

#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/head.hpp"

namespace graft::plugins {

class Similarity final : public Head {
 public:
  explicit Similarity(const Config& config);
  std::vector<std::string> reads() const override { return {first_, second_}; }
  std::string target() const override { return target_; }
  void build(const Schema& features, const Schema& data, Rng rng) override;
  void fit(const Source& training) override;
  Schema outputs() const override;
  Scores forward(const Batch& features, const Call& call) override;
  RowLoss loss(const Scores& scores, const Batch& batch) const override;
  Batch predict(const Scores& scores, const Batch& batch) const override;

 private:
  std::string target_, first_, second_;
  std::vector<double> range_;  // empty: fit() finds it
  bool is_contrastive_;
  double margin_;
  Tensor low_, high_;
};

}  // namespace graft::plugins
