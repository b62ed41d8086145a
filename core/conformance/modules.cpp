#include "core/conformance/modules.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/conformance/compare.hpp"
#include "graft/rng.hpp"
#include "graft/weights.hpp"

namespace graft::core::conformance {
namespace {

const Tensor* floats_in(const Column& column) {
  const Tensor* values = nullptr;
  if (const auto* tensor = std::get_if<Tensor>(&column)) values = tensor;
  if (const auto* ragged = std::get_if<Ragged>(&column)) values = &ragged->values;
  if (const auto* sparse = std::get_if<SparseRows>(&column)) values = &sparse->values;
  return values && values->is_floating_point() ? values : nullptr;
}

// 0.64, 0.98, 0.86, ...: no two places alike, whatever the shape.
Tensor weights_like(const Tensor& values) {
  const auto options = at::TensorOptions().dtype(at::kDouble).device(values.device());
  return at::arange(1, values.numel() + 1, options).mul(0.7).sin().view(values.sizes());
}

// The value of f with element i of the tensor moved.
double moved(const Slopes& slopes, const Tensor& tensor, std::int64_t i, double by) {
  Tensor element = tensor.detach().view({-1}).select(0, i);
  const Tensor before = element.clone();
  element.add_(by);
  const double value = slopes.f();
  element.copy_(before);
  return value;
}

struct Quotients {
  double central, narrow, forward, backward;
};

Quotients quotients(const Slopes& slopes, const Tensor& tensor, std::int64_t i, double here) {
  const double h = slopes.step, up = moved(slopes, tensor, i, h), down = moved(slopes, tensor, i, -h);
  const double narrow = (moved(slopes, tensor, i, h / 2) - moved(slopes, tensor, i, -h / 2)) / h;
  return {(up - down) / (2 * h), narrow, (up - here) / h, (here - down) / h};
}

// Both sides must agree too: at a ReLU of exactly 0 central differences agree on half the slope.
bool is_at_kink(const Quotients& by, double allowed) {
  constexpr double kCurvature = 5;
  return std::abs(by.central - by.narrow) > allowed || std::abs(by.forward - by.backward) > kCurvature * allowed;
}

std::string slope_text(const std::string& name, std::int64_t i, double numeric, double given) {
  char text[160];
  std::snprintf(text, sizeof text, "[%lld]: %.6g by differences, %.6g by the gradient", static_cast<long long>(i), numeric,
                given);
  return name + text;
}

}  // namespace

NamedTensors kept(const torch::nn::Module& module) {
  NamedTensors tensors = named_tensors(module);
  for (auto& [name, tensor] : tensors) tensor = tensor.detach().clone();
  return tensors;
}

std::string difference(const NamedTensors& a, const NamedTensors& b) {
  std::vector<std::string> ours, theirs;
  for (const auto& [name, tensor] : a) ours.push_back(name);
  for (const auto& [name, tensor] : b) theirs.push_back(name);
  if (ours != theirs) return "tensors " + text_of(ours) + " and " + text_of(theirs);
  for (std::size_t i = 0; i < a.size(); ++i)
    if (const std::string what = difference(a[i].second, b[i].second); !what.empty()) return a[i].first + ": " + what;
  return "";
}

void copy_through_file(const torch::nn::Module& from, torch::nn::Module& to, const std::string& path) {
  write_safetensors(path, named_tensors(from));
  copy_weights(to, Safetensors(path));
}

void disturb(torch::nn::Module& module, std::uint64_t seed) {
  for (const auto& item : module.named_parameters()) {
    Tensor parameter = item.value();
    if (!parameter.requires_grad()) continue;
    Rng rng = Rng(seed).fork("disturb").fork(item.key());
    const Tensor noise = rng.uniform_like(parameter.detach()).sub(0.5).mul(0.4);
    write_parameter(parameter, parameter.detach().add(noise));
  }
}

Tensor scalar_of(const Batch& given) {
  Tensor sum;
  for (const std::string& name : given.names()) {
    const Tensor* values = floats_in(given.column(name));
    if (!values) continue;
    const Tensor part = values->to(at::kDouble).mul(weights_like(*values)).sum();
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

std::vector<std::string> without_gradient(const torch::nn::Module& module) {
  std::vector<std::string> found;
  for (const auto& item : module.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    const Tensor& gradient = item.value().grad();
    if (!gradient.defined()) {
      found.push_back(item.key() + " has none");
      continue;
    }
    const Tensor values = gradient.is_sparse() ? gradient.coalesce().values() : gradient;
    if (!values.isfinite().all().item<bool>()) found.push_back(item.key() + " has one that is not finite");
  }
  return found;
}

void drop_gradients(torch::nn::Module& module) {
  for (const auto& item : module.named_parameters()) Tensor(item.value()).mutable_grad() = Tensor();
}

std::string wrong_slope(const Slopes& slopes) {
  const at::NoGradGuard no_grad;
  const double here = slopes.f();
  for (std::size_t k = 0; k < slopes.at.size(); ++k) {
    const auto& [name, tensor] = slopes.at[k];
    const Tensor gradient = slopes.gradients[k].defined() ? slopes.gradients[k] : at::zeros_like(tensor);
    const double largest = tensor.numel() == 0 ? 0 : gradient.abs().max().item<double>();
    const std::int64_t count = std::min(slopes.elements, tensor.numel());
    for (std::int64_t n = 0; n < count; ++n) {
      const std::int64_t i = n * tensor.numel() / count;
      const Quotients by = quotients(slopes, tensor, i, here);
      const double given = gradient.reshape({-1})[i].item<double>();
      const double allowed = slopes.tolerance * std::max({largest, std::abs(by.central), 1e-3});
      if (std::abs(by.central - given) > allowed && !is_at_kink(by, allowed)) return slope_text(name, i, by.central, given);
    }
  }
  return "";
}

}  // namespace graft::core::conformance
