#include "graft/weights.hpp"

#include <ATen/core/grad_mode.h>

#include <sstream>
#include <unordered_map>
#include <unordered_set>

#include "graft/error.hpp"

namespace graft {
namespace {

using Identity = const c10::TensorImpl*;

// Every registered name, so that a tensor known by two names can be read under either.
NamedTensors all_names(const torch::nn::Module& module) {
  NamedTensors all;
  for (const auto& item : module.named_parameters()) all.emplace_back(item.key(), item.value());
  for (const auto& item : module.named_buffers()) all.emplace_back(item.key(), item.value());
  return all;
}

std::string shape_of(const Tensor& tensor) {
  std::ostringstream text;
  text << tensor.sizes();
  return text.str();
}

struct Faults {
  std::string missing, unknown, shapes, twice;

  static void add(std::string& list, const std::string& item) { list += (list.empty() ? "" : ", ") + item; }

  void raise() const {
    std::string text;
    const auto part = [&text](const char* what, const std::string& list) {
      if (!list.empty()) text += (text.empty() ? "" : "; ") + std::string(what) + list;
    };
    part("missing from the file: ", missing);
    part("in the file but not in the model: ", unknown);
    part("of another shape: ", shapes);
    part("twice in the file: ", twice);
    if (!text.empty()) throw Error("weights", "the file does not fit the model: " + text);
  }
};

}  // namespace

NamedTensors named_tensors(const torch::nn::Module& module) {
  NamedTensors once;
  std::unordered_set<Identity> seen;
  for (auto& named : all_names(module))
    if (seen.insert(named.second.unsafeGetTensorImpl()).second) once.push_back(std::move(named));
  return once;
}

void copy_weights(torch::nn::Module& module, const Safetensors& file,
                  const std::function<std::string(const std::string&)>& rename) {
  NamedTensors all = all_names(module);
  std::unordered_map<std::string, Tensor*> targets;
  for (auto& [name, tensor] : all) targets.emplace(name, &tensor);

  Faults faults;
  std::vector<std::pair<Tensor*, Tensor>> copies;
  std::unordered_set<Identity> given;
  std::unordered_set<std::string> names_given;
  for (const std::string& name : file.names()) {
    const std::string renamed = rename ? rename(name) : name;
    if (renamed.empty()) continue;
    const auto found = targets.find(renamed);
    if (found == targets.end()) {
      Faults::add(faults.unknown, name);
      continue;
    }
    Tensor& target = *found->second;
    const Tensor value = file.tensor(name);
    if (!names_given.insert(renamed).second) Faults::add(faults.twice, renamed);
    if (value.sizes() != target.sizes()) {
      Faults::add(faults.shapes, name + " (file " + shape_of(value) + ", model " + shape_of(target) + ")");
    }
    given.insert(target.unsafeGetTensorImpl());
    copies.emplace_back(&target, value);
  }
  for (const auto& [name, tensor] : named_tensors(module))
    if (!given.count(tensor.unsafeGetTensorImpl())) Faults::add(faults.missing, name);
  faults.raise();
  for (auto& [target, value] : copies) write_parameter(*target, value);
}

void write_parameter(Tensor& parameter, const Tensor& value) {
  at::NoGradGuard no_grad;
  parameter.copy_(value);
}

}  // namespace graft
