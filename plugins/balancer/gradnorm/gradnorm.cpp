#include "gradnorm.hpp"

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr double kLeast = 1e-3;

}  // namespace

Gradnorm::Gradnorm(const Config& config)
    : learned_("graft/gradnorm", "weights", config.number("learning_rate")), alpha_(config.number("alpha")) {}

void Gradnorm::build(std::int64_t tasks) {
  learned_.build(tasks, 1);
  initial_.assign(static_cast<std::size_t>(tasks), std::nan(""));
}

// r_i / mean r of the tasks that are present.
std::vector<double> Gradnorm::rates(const Losses& losses) {
  std::vector<double> rates = doubles(losses.values());
  double mean = 0;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    double& first = initial_[static_cast<std::size_t>(losses.tasks()[i])];
    if (std::isnan(first)) first = rates[i];
    rates[i] = first == 0 ? 1 : rates[i] / first;
    mean += rates[i] / static_cast<double>(rates.size());
  }
  for (double& rate : rates) rate = mean == 0 ? 1 : rate / mean;
  return rates;
}

std::vector<double> Gradnorm::weights(const Gramian& gramian, const Losses& losses) {
  const auto tasks = losses.tasks();
  const std::vector<double> rate = rates(losses);
  std::vector<double> now, length;
  double mean = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    now.push_back(learned_[tasks[i]]);
    length.push_back(std::sqrt(std::max(gramian(i, i), 0.0)));
    mean += now[i] * length[i] / static_cast<double>(tasks.size());
  }
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const double over = now[i] * length[i] - mean * std::pow(rate[i], alpha_);
    learned_.step(tasks[i], std::isnan(over) ? over : over == 0 ? 0 : std::copysign(length[i], over));
  }
  renormalise();
  return now;
}

void Gradnorm::renormalise() {
  double sum = 0;
  for (std::int64_t task = 0; task < learned_.tasks(); ++task) {
    learned_.set(task, std::max(learned_[task], kLeast));
    sum += learned_[task];
  }
  for (std::int64_t task = 0; task < learned_.tasks(); ++task)
    learned_.set(task, learned_[task] * static_cast<double>(learned_.tasks()) / sum);
}

State Gradnorm::state() const {
  State state = learned_.state();
  const Tensor weights = state.tensors.at("weights");
  state.tensors["initial"] = tensor_of(initial_, weights);
  return state;
}

void Gradnorm::restore(const State& state) {
  learned_.restore(state);
  const auto found = state.tensors.find("initial");
  if (found == state.tensors.end() || found->second.numel() != learned_.tasks())
    throw Error("graft/gradnorm", "the state must have the tensor initial with one number a task");
  initial_ = doubles(found->second);
}

}  // namespace graft::plugins
