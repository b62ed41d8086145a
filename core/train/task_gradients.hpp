// TaskGradients: the gradient of each task of one pass at tensors that the tasks share, and at the parameters of the heads.
#pragma once

#include <vector>

#include "core/train/accumulator.hpp"
#include "core/train/balance.hpp"

namespace graft::core {

// The parameters of heads that train.
std::vector<Tensor> head_parameters(const Parameters& parameters);

// All others that train: the model's, which the tasks share, and those of modules that the task added.
std::vector<Tensor> shared_parameters(const Parameters& parameters);

struct TaskGradients {
  Balance::Present present;
  std::vector<std::vector<Tensor>> shared, heads;  // a row a present task; undefined where its loss does not reach the tensor

  // Keeps the graph of the terms.
  TaskGradients(const Terms& terms, const Balance& balance, const std::vector<Tensor>& at, const std::vector<Tensor>& of_heads);
};

// sum = sum + weight * more, where an undefined tensor is nothing.
void add_weighted(Tensor& sum, const Tensor& more, double weight);

// A penalty, which no balancer weighs, and which has rows.
bool is_penalty(const Term& term, const Balance& balance);

}  // namespace graft::core
