// Identity: the model of classic recipes; columns go straight to the head, so that `classify` on `tfidf` is logistic regression.
//
//   reads    the columns `input`: number, integer, vector and sparse columns, side by side
//   gives    "features": [B, D] float; sparse rows of width D where one of them is sparse
//   taps     "features", when it is not sparse
//   errors   Error("graft/identity") for a missing number
#pragma once

#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class Identity final : public Model {
 public:
  explicit Identity(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;

 private:
  std::vector<std::string> input_;
  bool is_sparse_ = false;
};

}  // namespace graft::plugins
