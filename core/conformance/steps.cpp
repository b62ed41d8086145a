#include "core/conformance/steps.hpp"

#include <ATen/core/Tensor.h>

#include <algorithm>

#include "core/conformance/compare.hpp"

namespace graft::core::conformance {
namespace {

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_shape_kept(const std::vector<std::int64_t>& before, const std::vector<std::int64_t>& after) {
  return std::equal(before.begin(), before.end(), after.begin(), after.end(),
                    [](std::int64_t said, std::int64_t is) { return said == -1 || said == is; });
}

}  // namespace

std::vector<std::string> may_change(Subject& subject) {
  const Value& parameters = subject.parameters();
  std::vector<std::string> names = {subject.config(parameters).name()};
  const Value* changes = subject.component.entry.find("changes");
  for (const Value& key : changes ? changes->list() : Value::List{}) {
    const Value* column = parameters.find(key.text());
    if (column && column->is_text()) names.push_back(column->text());
    if (column && column->is_list())
      for (const Value& one : column->list()) names.push_back(one.text());
  }
  return names;
}

std::string undeclared_change(Subject& subject, const Batch& given, const Batch& made) {
  const std::vector<std::string> allowed = may_change(subject);
  for (const std::string& name : given.names()) {
    if (!made.has(name)) return name + " is gone";
    const std::string what = has(allowed, name) ? "" : difference(given.column(name), made.column(name));
    if (!what.empty()) return name + ": " + what;
  }
  return "";
}

std::string misfit_exactly(const Batch& batch, const Schema& schema) {
  if (const std::string what = misfit(batch, schema); !what.empty()) return what;
  for (const std::string& name : batch.names())
    if (!find(schema, name)) return name + ": outputs() says no such column";
  return "";
}

std::string broken_promise(const Schema& before_fit, const Schema& after_fit) {
  if (before_fit.size() != after_fit.size())
    return std::to_string(before_fit.size()) + " columns, then " + std::to_string(after_fit.size());
  for (std::size_t i = 0; i < before_fit.size(); ++i) {
    const Field &before = before_fit[i], &after = after_fit[i];
    if (before.name != after.name) return before.name + " became " + after.name;
    if (before.kind != after.kind)
      return before.name + " was " + std::string(kind_name(before.kind)) + ", is " + std::string(kind_name(after.kind));
    if (!is_shape_kept(before.shape, after.shape)) return before.name + " has another shape";
    if (!before.classes.empty() && before.classes != after.classes) return before.name + " has other classes";
  }
  return "";
}

State copy_of(const State& state) {
  State copy = state;
  for (auto& [name, tensor] : copy.tensors) tensor = tensor.detach().to(at::kCPU, tensor.scalar_type(), false, true).contiguous();
  return copy;
}

std::string difference(const State& a, const State& b) {
  if (a.texts != b.texts) return "other texts";
  if (a.tensors.size() != b.tensors.size())
    return std::to_string(a.tensors.size()) + " and " + std::to_string(b.tensors.size()) + " tensors";
  for (const auto& [name, tensor] : a.tensors) {
    const auto other = b.tensors.find(name);
    if (other == b.tensors.end()) return name + " is gone";
    if (const std::string what = difference(tensor, other->second); !what.empty()) return name + ": " + what;
  }
  return "";
}

}  // namespace graft::core::conformance
