#include "core/train/task_modules.hpp"

#include <algorithm>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::core {

void TaskModules::add(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer) {
  if (std::any_of(added_.begin(), added_.end(), [&](const Added& other) { return other.name == name; }))
    throw Error("task", "added two modules called " + name);
  if (optimizer > extra_.size() + 1)
    throw Error("task",
                "asked for optimizer " + std::to_string(optimizer) + "; the next one is " + std::to_string(extra_.size() + 1));
  if (optimizer == extra_.size() + 1) extra_.push_back({make_(), {}});
  module->to(device_);
  Parameters& parameters = optimizer == 0 ? main_ : extra_[optimizer - 1].parameters;
  for (const auto& item : module->named_parameters())
    parameters.push_back({"task." + name + "." + item.key(), item.value(), true, 1.0, item.value().dim() >= 2});
  added_.push_back({std::move(name), std::move(module)});
}

Parameters TaskModules::of_main_optimizer() const { return main_; }

NamedTensors TaskModules::tensors() const {
  NamedTensors all;
  for (const Added& added : added_)
    for (auto& [name, tensor] : named_tensors(*added.module)) all.emplace_back("module." + added.name + "." + name, tensor);
  for (const Extra& extra : extra_)
    for (auto& named : extra.optimizer->tensors()) all.push_back(std::move(named));
  return all;
}

Value TaskModules::counts() const {
  Value::List all;
  for (const Extra& extra : extra_) all.push_back(extra.optimizer->counts());
  return Value(std::move(all));
}

void TaskModules::restore(const Safetensors& tensors, const Value& counts) {
  for (const Added& added : added_)
    for (auto& [name, tensor] : named_tensors(*added.module)) {
      Tensor there = tensor;
      write_parameter(there, tensors.tensor("module." + added.name + "." + name));
    }
  for (std::size_t i = 0; i < extra_.size(); ++i)
    extra_[i].optimizer->restore(tensors, counts.list().at(i), extra_[i].parameters);
}

}  // namespace graft::core
