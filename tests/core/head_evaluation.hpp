// What an evaluation says of one head, with one row's loss.
#pragma once

#include <ATen/Functions.h>
#include <torch/types.h>

#include <string>
#include <vector>

#include "core/evaluate/evaluate.hpp"

inline graft::core::HeadEvaluation head(const std::string& name, std::vector<graft::core::HeadEvaluation::Score> scores,
                                        double loss = 1, std::string stream = "s") {
  graft::core::HeadEvaluation made;
  made.stream = std::move(stream), made.head = name, made.scores = std::move(scores);
  made.losses = torch::full({1}, loss, at::kDouble), made.weights = torch::ones({1}, at::kDouble);
  return made;
}
