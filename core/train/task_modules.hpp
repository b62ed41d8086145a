// Task modules: what a task trains beside the model, with optimizers of their own where it asked for them.
//
//   names   parameters "task.<module>.<parameter>"; in a checkpoint's optimizer.safetensors also buffers, under "module."
#pragma once

#include <torch/nn/module.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/train/optimizer.hpp"

namespace graft::core {

class TaskModules {
 public:
  using MakeOptimizer = std::function<std::unique_ptr<Optimizer>()>;
  TaskModules(MakeOptimizer make_optimizer, at::Device device) : make_(std::move(make_optimizer)), device_(device) {}

  // throws Error("task") when the name is taken or an optimizer's number leaves one out.
  void add(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer);

  Parameters of_main_optimizer() const;  // those beside the model's
  struct Extra {
    std::unique_ptr<Optimizer> optimizer;
    Parameters parameters;
  };
  std::vector<Extra>& extra() { return extra_; }  // optimizers 1, 2, ...

  NamedTensors tensors() const;  // modules and the extra optimizers' state
  Value counts() const;          // a list, one object an extra optimizer
  void restore(const Safetensors& tensors, const Value& counts);

 private:
  struct Added {
    std::string name;
    std::shared_ptr<torch::nn::Module> module;
  };
  MakeOptimizer make_;
  at::Device device_;
  std::vector<Added> added_;
  Parameters main_;
  std::vector<Extra> extra_;
};

}  // namespace graft::core
