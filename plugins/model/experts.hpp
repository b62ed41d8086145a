// Experts: perceptrons over one input, and what a gate makes of them.
//
//   formula  mixture = sum over i of softmax(gate x)_i expert_i(x)
//   names    "0.0.weight": of expert 0 its first layer
//   gates    linear without bias, weights uniform within 1 / sqrt(in)
//   source   Jacobs et al. 1991 (mixtures of experts)
//
//   B rows   D width of the input   E width of an expert's last layer   n experts
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "perceptron.hpp"

namespace graft::plugins {

class Experts final : public torch::nn::Module {
 public:
  Experts(std::int64_t count, std::int64_t in, const PerceptronShape& shape, const Rng& rng);
  Tensor forward(const Tensor& x, const Call& call) const;  // [B, D] -> [B, n, E]

 private:
  std::vector<std::shared_ptr<Perceptron>> experts_;
};

std::shared_ptr<nn::Linear> make_gate(std::int64_t in, std::int64_t experts, Rng rng);

// experts [B, n, E], the gate's scores of x [B, D] -> [B, E]. The softmax is taken in float. Point "<gate>": the weights [B, n].
Tensor mixture(const nn::Linear& gate, const Tensor& x, const Tensor& experts, const Call& call, const std::string& point);

// A model's `outputs`: names of columns, which are names of modules too. throws Error(where) for a name that is there twice, or has a dot.
std::vector<std::string> output_names(const Config& config, const std::string& where);

}  // namespace graft::plugins
