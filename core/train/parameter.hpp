// Parameter: one trainable tensor of a run, with what phases and the optimizer say about it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/tensor.hpp"

namespace graft::core {

struct Parameter {
  std::string name;       // "encoder.layer.0.output.dense.weight", "heads.sentiment.weight"
  Tensor tensor;          // float32
  bool trains = true;     // in the present phase
  double rate = 1.0;      // factor on the learning rate, in the present phase
  bool decays = true;     // weight decay applies
  bool may_train = true;  // false: an adapter froze it for good

  bool is_of_task() const { return name.starts_with("task."); }   // a module that the task added: trains in every phase
  bool is_of_head() const { return name.starts_with("heads."); }  // else of the model, which all heads share
};
using Parameters = std::vector<Parameter>;

}  // namespace graft::core
