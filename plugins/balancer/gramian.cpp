#include "gramian.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

namespace graft::plugins {

std::vector<double> doubles(const Tensor& tensor) {
  const Tensor host = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  const double* first = host.const_data_ptr<double>();
  return {first, first + host.numel()};
}

Tensor tensor_of(const std::vector<double>& values, const Tensor& like) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kDouble);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<double>());
  return tensor.to(like.device());
}

Gramian::Gramian(const Tensor& tensor) : tasks_(static_cast<std::size_t>(tensor.size(0))), values_(doubles(tensor)) {}

double Gramian::trace() const {
  double sum = 0;
  for (std::size_t i = 0; i < tasks_; ++i) sum += (*this)(i, i);
  return sum;
}

bool Gramian::is_finite() const {
  return std::all_of(values_.begin(), values_.end(), [](double value) { return std::isfinite(value); });
}

std::vector<double> Gramian::times(const std::vector<double>& weights) const {
  std::vector<double> product(tasks_, 0.0);
  for (std::size_t i = 0; i < tasks_; ++i)
    for (std::size_t j = 0; j < tasks_; ++j) product[i] += (*this)(i, j) * weights[j];
  return product;
}

double Gramian::norm_of(const std::vector<double>& weights) const {
  const std::vector<double> product = times(weights);
  double square = 0;
  for (std::size_t i = 0; i < tasks_; ++i) square += weights[i] * product[i];
  return std::sqrt(std::max(square, 0.0));
}

Gramian Gramian::scaled(double factor) const {
  Gramian copy = *this;
  for (double& value : copy.values_) value *= factor;
  return copy;
}

Tensor GramianBalancer::combine(const Losses& losses) {
  const Tensor& tensor = losses.gramian();
  const Gramian gramian(tensor);
  std::vector<double> result;
  if (!gramian.is_finite())
    result.assign(gramian.tasks(), std::nan(""));
  else if (gramian.tasks() == 1)
    result = {1.0};
  else if (gramian.trace() <= 0)
    result.assign(gramian.tasks(), weight_without_gradient(gramian.tasks()));
  else
    result = weights(gramian, losses);
  return tensor_of(result, tensor);
}

}  // namespace graft::plugins
