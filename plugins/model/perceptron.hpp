// Perceptron: layers of linear, activation and dropout: what mlp is made of, and every expert of mmoe and cgc.
//
//   names    "0.weight", "0.bias", "1.weight", ...
//   init     weights normal with variance 2 / in for relu and gelu, 1 / in for tanh; biases 0
//   source   He et al. 2015, arXiv:1502.01852, for the initialisation
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

struct PerceptronShape {
  explicit PerceptronShape(const Config& config);  // reads `hidden`, `activation`, `dropout`
  std::vector<std::int64_t> hidden;                // width of each layer
  std::string activation;                          // relu, gelu or tanh
  double dropout;                                  // after every activation, in training
};

class Perceptron final : public torch::nn::Module {
 public:
  Perceptron(std::int64_t in, PerceptronShape shape, const Rng& rng);
  Tensor forward(Tensor x, const Call& call) const;             // [..., in] -> [..., width of the last layer]
  Tensor finish(const Tensor& linear, const Call& call) const;  // activation and dropout of what a layer's linear part gave

  const std::vector<std::shared_ptr<nn::Linear>>& layers() const { return layers_; }

 private:
  PerceptronShape shape_;
  std::vector<std::shared_ptr<nn::Linear>> layers_;
};

}  // namespace graft::plugins
