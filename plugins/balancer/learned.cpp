#include "learned.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "graft/error.hpp"
#include "gramian.hpp"

namespace graft::plugins {

Learned::Learned(std::string where, std::string name, double learning_rate, double weight_decay)
    : where_(std::move(where)), name_(std::move(name)), learning_rate_(learning_rate), weight_decay_(weight_decay) {}

void Learned::build(std::int64_t tasks, double start) {
  x_.assign(static_cast<std::size_t>(tasks), start);
  for (auto* values : {&m_, &v_, &n_}) values->assign(x_.size(), 0.0);
}

void Learned::step(std::int64_t task, double gradient) {
  if (!std::isfinite(gradient)) return;
  const auto i = static_cast<std::size_t>(task);
  gradient += weight_decay_ * x_[i];
  m_[i] = 0.9 * m_[i] + 0.1 * gradient;
  v_[i] = 0.999 * v_[i] + 0.001 * gradient * gradient;
  n_[i] += 1;
  const double mean = m_[i] / (1 - std::pow(0.9, n_[i])), square = v_[i] / (1 - std::pow(0.999, n_[i]));
  x_[i] -= learning_rate_ * mean / (std::sqrt(square) + 1e-8);
}

State Learned::state() const {
  Tensor tensor = at::empty({4, tasks()}, at::kDouble);
  double* to = tensor.mutable_data_ptr<double>();
  for (const auto* values : {&x_, &m_, &v_, &n_}) to = std::copy(values->begin(), values->end(), to);
  State state;
  state.tensors[name_] = tensor;
  return state;
}

void Learned::restore(const State& state) {
  const auto found = state.tensors.find(name_);
  if (found == state.tensors.end()) throw Error(where_, "the state must have the tensor " + name_ + ", has none");
  if (found->second.numel() != 4 * tasks())
    throw Error(where_, "the state is of " + std::to_string(found->second.numel() / 4) + " tasks, the run has " +
                            std::to_string(tasks()));
  const std::vector<double> all = doubles(found->second);
  auto from = all.begin();
  for (auto* values : {&x_, &m_, &v_, &n_}) {
    std::copy(from, from + tasks(), values->begin());
    from += tasks();
  }
}

}  // namespace graft::plugins
