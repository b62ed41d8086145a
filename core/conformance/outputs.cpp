#include "core/conformance/outputs.hpp"

#include <ATen/Functions.h>

#include <atomic>

#include "core/conformance/compare.hpp"

namespace graft::core {
namespace {

std::atomic<int> living = 0;

[[noreturn]] void blame(const PluginInfo& plugin, const std::string& operation, const std::string& what) {
  throw PluginError(plugin, operation, "", what,
                    "[" + plugin.component + "] " + operation + " gave " + what + " (plugin " + plugin.id + " " + plugin.version +
                        ", " + plugin.path + ")");
}

// NaN is a missing number, and a class that nobody labelled.
bool may_be_missing(FieldKind kind) { return kind == FieldKind::kNumber || kind == FieldKind::kLabelSet; }

const Tensor* values_of(const Column& column) {
  if (const auto* tensor = std::get_if<Tensor>(&column)) return tensor;
  if (const auto* ragged = std::get_if<Ragged>(&column)) return &ragged->values;
  return nullptr;
}

std::string wrong_device(const Batch& given, const Schema& declared, const at::Device& device) {
  for (const Field& field : declared) {
    const Tensor* values = given.has(field.name) ? values_of(given.column(field.name)) : nullptr;
    if (values && values->defined() && values->device() != device)
      return field.name + ": on " + values->device().str() + ", the rows are on " + device.str();
  }
  return "";
}

std::string misfit_of_loss(const Tensor& each, const Tensor& scores) {
  if (!each.defined()) return "undefined";
  if (each.device() != scores.device()) return "on " + each.device().str() + ", the scores are on " + scores.device().str();
  if (!each.is_floating_point() || each.dim() != 1 || each.size(0) != scores.size(0))
    return conformance::shape_text(each) + ", must be float [" + std::to_string(scores.size(0)) + "]";
  const auto odd = each.isfinite().logical_not().sum().item<std::int64_t>();
  return odd ? std::to_string(odd) + " of " + std::to_string(each.numel()) + " values that are not finite" : "";
}

}  // namespace

OutputChecks::OutputChecks() { ++living; }
OutputChecks::~OutputChecks() { --living; }
bool OutputChecks::are_on() { return living > 0; }

void check_output(const PluginInfo& plugin, const char* operation, const Batch& given, const Schema& declared,
                  const at::Device& device) {
  if (!OutputChecks::are_on()) return;
  if (const std::string what = wrong_device(given, declared, device); !what.empty()) blame(plugin, operation, what);
  const Batch on_host = given.to(at::kCPU);
  if (const std::string what = conformance::misfit(on_host, declared); !what.empty()) blame(plugin, operation, what);
  Schema whole;
  for (const Field& field : declared)
    if (!may_be_missing(field.kind)) whole.push_back(field);
  if (const std::string what = conformance::not_finite(on_host, whole); !what.empty()) blame(plugin, operation, what);
}

void check_output(const PluginInfo& plugin, const RowLoss& loss, const Scores& scores) {
  if (!OutputChecks::are_on()) return;
  for (const auto& [name, each] : {std::pair<const char*, const Tensor&>("value", loss.value), {"weight", loss.weight}})
    if (const std::string what = misfit_of_loss(each.detach(), scores.values); !what.empty())
      blame(plugin, "loss", std::string(name) + ": " + what);
}

}  // namespace graft::core
