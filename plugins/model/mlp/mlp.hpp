// Mlp: layers of linear, activation and dropout over a row of numbers.
//
//   reads    the columns `input`: number, integer and vector columns side by side [B, D], or one sparse column [B, D]
//   gives    "features" [B, width of the last hidden layer]
//   taps     "hidden.0" ... [B, width], "features"
//   names    "hidden.0.weight", "hidden.0.bias", ...; a stage each
//   init     weights normal with variance 2 / in for relu and gelu, 1 / in for tanh; biases 0
//   errors   Error("graft/mlp") for a missing number, for a sparse column beside another
//   source   He et al. 2015, arXiv:1502.01852, for the initialisation
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Mlp final : public Model {
 public:
  explicit Mlp(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Tensor first_layer(const Batch& batch, const Call& call) const;
  Tensor activate(const Tensor& x) const;

  std::vector<std::string> input_;
  std::vector<std::int64_t> hidden_;
  std::string activation_;
  double dropout_;
  bool is_sparse_ = false;
  std::vector<std::shared_ptr<nn::Linear>> layers_;
};

}  // namespace graft::plugins
