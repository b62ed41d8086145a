// Mlp: layers of linear, activation and dropout over a row of numbers.
//
//   reads    the columns `input`: number, integer and vector columns side by side [B, D], or one sparse column [B, D]
//   gives    "features" [B, width of the last hidden layer]
//   taps     "hidden.0" ... [B, width], "features"
//   names    "hidden.0.weight", "hidden.0.bias", ...; a stage each
//   init     see Perceptron
//   errors   Error("graft/mlp") for a missing number, for a sparse column beside another
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../perceptron.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class Mlp final : public Model {
 public:
  explicit Mlp(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Tensor first_layer(const Batch& batch, const Call& call) const;

  std::vector<std::string> input_;
  PerceptronShape shape_;
  bool is_sparse_ = false;
  std::shared_ptr<Perceptron> hidden_;
};

}  // namespace graft::plugins
