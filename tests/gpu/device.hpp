// Device: the same layers on the CPU and on CUDA, compared.
#pragma once

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <functional>
#include <vector>

#include "catch.hpp"
#include "graft/call.hpp"

inline const at::Device kCuda("cuda:0");

inline graft::Call training_call(at::ScalarType precision = at::kFloat) {
  graft::Call::Options options;
  options.training = true;
  options.key = 11;
  options.precision = precision;
  return graft::Call(options);
}

inline at::Tensor random_leaf(std::vector<std::int64_t> sizes, at::ScalarType type = at::kFloat) {
  return at::randn(sizes).to(type).requires_grad_();
}
inline at::Tensor on(const at::Device& device, const at::Tensor& x) {
  return x.detach().to(device).requires_grad_(x.requires_grad());
}
inline std::vector<at::Tensor> on(const at::Device& device, const std::vector<at::Tensor>& all) {
  std::vector<at::Tensor> moved;
  for (const at::Tensor& x : all) moved.push_back(on(device, x));
  return moved;
}

// y and its gradients along one direction that depends on y's shape alone.
inline std::vector<at::Tensor> outcome(const at::Tensor& y, const std::vector<at::Tensor>& inputs) {
  const at::Tensor direction = at::linspace(-1, 1, y.numel(), at::kFloat).mul(37).cos().view(y.sizes()).to(y.options());
  auto all = torch::autograd::grad({y.mul(direction).sum()}, inputs);
  all.insert(all.begin(), y.detach());
  return all;
}

// The largest ||a - b|| / max(||b||, 1): what is zero but for rounding counts absolutely.
inline double furthest(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].sizes() == b[i].sizes());
    REQUIRE(a[i].scalar_type() == b[i].scalar_type());
    const at::Tensor x = a[i].to(at::kCPU).to(at::kDouble), y = b[i].to(at::kCPU).to(at::kDouble);
    const double difference = x.sub(y).norm().item<double>() / std::max(y.norm().item<double>(), 1.0);
    worst = difference <= worst ? worst : difference;  // keeps NaN
  }
  return worst;
}

inline bool same_bits(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!at::equal(a[i], b[i])) return false;
  return true;
}

inline double tolerance(at::ScalarType type) { return type == at::kBFloat16 ? 2e-2 : 1e-5; }
