// Gradients: compares autograd with central differences, in double.
#pragma once

#include <torch/types.h>

#include <functional>
#include <vector>

// The largest difference between autograd's gradient of `f` (a scalar of all inputs, double leaves) and central differences.
inline double worst_gradient(const std::function<at::Tensor()>& f, std::vector<at::Tensor> inputs) {
  for (at::Tensor& input : inputs) input.mutable_grad() = at::Tensor();
  f().backward();
  at::NoGradGuard no_grad;
  double worst = 0;
  for (at::Tensor& input : inputs) {
    const at::Tensor gradient = input.grad().contiguous();
    double* x = input.data_ptr<double>();
    for (std::int64_t i = 0; i < input.numel(); ++i) {
      const double kept = x[i], h = 1e-5;
      x[i] = kept + h;
      const double above = f().item<double>();
      x[i] = kept - h;
      const double below = f().item<double>();
      x[i] = kept;
      worst = std::max(worst, std::abs((above - below) / (2 * h) - gradient.data_ptr<double>()[i]));
    }
  }
  return worst;
}

// ||a - b|| / ||b||
inline double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor reference = b.to(at::kDouble);
  return a.to(at::kDouble).sub(reference).norm().item<double>() / reference.norm().item<double>();
}
