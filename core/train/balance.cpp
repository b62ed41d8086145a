#include "core/train/balance.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Tensor row_of(const std::vector<double>& numbers) { return at::tensor(numbers, at::kDouble); }

std::vector<double> numbers_of(const Tensor& tensor) {
  const Tensor flat = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  const double* first = flat.const_data_ptr<double>();
  return {first, first + flat.numel()};
}

Tensor flat(const Tensor& gradient) { return (gradient.is_sparse() ? gradient.to_dense() : gradient).reshape(-1); }

// The inner product in double. Of an embedding's gradients, which are sparse and mostly of the same rows, without their zeros.
double inner_product(const Tensor& a, const Tensor& b) {
  if (a.is_sparse() && b.is_sparse() && a.is_coalesced() && b.is_coalesced() && at::equal(a.indices(), b.indices()))
    return at::dot(a.values().reshape(-1).to(at::kDouble), b.values().reshape(-1).to(at::kDouble)).item<double>();
  return at::dot(flat(a).to(at::kDouble), flat(b).to(at::kDouble)).item<double>();
}

// J J^T in double, column after column: J as a whole may not fit.
Tensor gramian_of(const std::vector<std::vector<Tensor>>& gradients) {
  const auto tasks = static_cast<std::int64_t>(gradients.size());
  Tensor gramian = at::zeros({tasks, tasks}, at::kDouble);
  double* g = gramian.mutable_data_ptr<double>();
  for (std::size_t column = 0; column < gradients.front().size(); ++column)
    for (std::int64_t i = 0; i < tasks; ++i)
      for (std::int64_t j = 0; j <= i; ++j) {
        const Tensor &a = gradients[i][column], &b = gradients[j][column];
        if (!a.defined() || !b.defined()) continue;
        g[i * tasks + j] += inner_product(a, b);
      }
  for (std::int64_t i = 0; i < tasks; ++i)
    for (std::int64_t j = 0; j < i; ++j) g[j * tasks + i] = g[i * tasks + j];
  return gramian;
}

// The first defined tensor of a column, for its shape; undefined where no task reaches it.
Tensor example(const std::vector<std::vector<Tensor>>& gradients, std::size_t column) {
  for (const auto& row : gradients)
    if (row[column].defined()) return row[column];
  return {};
}

Tensor jacobian_of(const std::vector<std::vector<Tensor>>& gradients) {
  std::vector<Tensor> rows;
  for (const auto& row : gradients) {
    std::vector<Tensor> parts;
    for (std::size_t column = 0; column < row.size(); ++column) {
      if (row[column].defined())
        parts.push_back(flat(row[column]));
      else if (const Tensor like = example(gradients, column); like.defined())
        parts.push_back(at::zeros({like.numel()}, like.options().layout(at::kStrided)));
    }
    rows.push_back(at::cat(parts));
  }
  return at::stack(rows);
}

std::vector<Tensor> weighted(const std::vector<std::vector<Tensor>>& gradients, const std::vector<double>& weights) {
  std::vector<Tensor> sums(gradients.front().size());
  for (std::size_t k = 0; k < gradients.size(); ++k)
    for (std::size_t column = 0; column < sums.size(); ++column) {
      const Tensor& gradient = gradients[k][column];
      if (gradient.defined())
        sums[column] = sums[column].defined() ? sums[column].add_(gradient, weights[k]) : gradient.mul(weights[k]);
    }
  return sums;
}

std::vector<Tensor> cut_up(const Tensor& direction, const std::vector<std::vector<Tensor>>& gradients) {
  std::vector<Tensor> parts(gradients.front().size());
  std::int64_t at = 0;
  for (std::size_t column = 0; column < parts.size(); ++column)
    if (const Tensor like = example(gradients, column); like.defined()) {
      parts[column] = direction.slice(0, at, at + like.numel()).reshape(like.sizes()).to(like.scalar_type());
      at += like.numel();
    }
  return parts;
}

}  // namespace

class Balance::View final : public Losses {
 public:
  View(const Balance& balance, const Present& present, const Progress& progress)
      : values_(row_of(present.values)), balance_(balance), present_(present), progress_(progress) {}

  std::span<const std::int64_t> tasks() const override { return present_.tasks; }
  const Tensor& values() const override { return values_; }
  const Tensor& gramian() const override { return gramian_; }
  const Tensor& jacobian() const override { return jacobian_; }
  double epoch_mean(std::int64_t task, std::int64_t epochs_ago) const override {
    const auto epochs = static_cast<std::int64_t>(balance_.means_.size());
    return epochs_ago < 1 || epochs_ago > epochs ? kNone : balance_.means_[epochs - epochs_ago].at(task);
  }
  const Progress& progress() const override { return progress_; }
  Rng rng() const override { return Rng(balance_.seed_).fork("balance").fork(static_cast<std::uint64_t>(progress_.step)); }

  Tensor values_, gramian_, jacobian_;

 private:
  const Balance& balance_;
  const Present& present_;
  const Progress& progress_;
};

Balance::Balance(std::shared_ptr<Balancer> balancer, std::shared_ptr<const PluginInfo> plugin, std::vector<std::string> tasks,
                 BalanceAt at, std::uint64_t seed)
    : balancer_(std::move(balancer)), plugin_(std::move(plugin)), tasks_(std::move(tasks)), at_(at), seed_(seed) {
  guarded(*plugin_, "build", [&] { balancer_->build(static_cast<std::int64_t>(tasks_.size())); });
  clear_epoch();
}

std::string Balance::at() const {
  if (by_losses()) return "";
  if (at_ == BalanceAt::kFeatures) return "features";
  return at_ == BalanceAt::kParameters ? "parameters" : stage_.empty() ? "last_stage" : "parameters of " + stage_;
}

std::int64_t Balance::number_of(const std::string& task) const {
  const auto at = std::find(tasks_.begin(), tasks_.end(), task);
  return at == tasks_.end() ? -1 : at - tasks_.begin();
}

std::vector<double> Balance::weigh(const Present& present, const Progress& progress) {
  count(present);
  const at::AutoGradMode with_gradient(true);
  View view(*this, present, progress);
  view.values_.set_requires_grad(true);
  const Tensor total = guarded(*plugin_, "combine", [&] { return balancer_->combine(view); });
  if (!total.defined() || total.numel() != 1 || !total.requires_grad())
    throw Error(plugin_->component, "combine must give a differentiable scalar of the losses");
  const Tensor gradient = torch::autograd::grad({total}, {view.values_}, {}, false, false, true)[0];
  const std::vector<double> weights = gradient.defined() ? numbers_of(gradient) : std::vector<double>(present.values.size(), 0.0);
  for (std::size_t i = 0; i < weights.size(); ++i) weight_sums_[present.tasks[i]] += weights[i];
  return weights;
}

Balance::Combined Balance::combine(const Present& present, std::vector<std::vector<Tensor>> gradients, const Progress& progress) {
  if (by_losses()) {
    const std::vector<double> weights = weigh(present, progress);
    return {weighted(gradients, weights), weights, weights};
  }
  count(present);
  for (auto& row : gradients)
    for (Tensor& gradient : row)
      if (gradient.defined() && gradient.is_sparse()) gradient = gradient.coalesce();
  const std::size_t tasks = present.tasks.size();
  if (tasks == 1) return {gradients.front(), {1.0}, {1.0}};
  View view(*this, present, progress);
  view.gramian_ = gramian_of(gradients);
  const bool by_direction = balancer_->wants() == Balancer::Wants::kJacobian;
  if (by_direction) view.jacobian_ = jacobian_of(gradients);
  const Tensor answer = guarded(*plugin_, "combine", [&] { return balancer_->combine(view); });
  const std::int64_t wanted = by_direction ? view.jacobian_.size(1) : static_cast<std::int64_t>(tasks);
  if (!answer.defined() || answer.numel() != wanted)
    throw Error(plugin_->component, "combine must give " + std::to_string(wanted) + " numbers, gave " +
                                        std::to_string(answer.defined() ? answer.numel() : 0));
  if (by_direction) {
    const Tensor flat = answer.reshape(-1);
    count_gradients(present, view.gramian_, std::vector<double>(tasks, 0.0), at::mv(view.jacobian_, flat.to(at::kFloat)));
    return {cut_up(flat, gradients), std::vector<double>(tasks, 1.0), std::vector<double>(tasks, 0.0)};
  }
  const std::vector<double> weights = numbers_of(answer);
  count_gradients(present, view.gramian_, weights, at::mv(view.gramian_, row_of(weights)));
  return {weighted(gradients, weights), balancer_->scales_heads() ? weights : std::vector<double>(tasks, 1.0), weights};
}

void Balance::after_step(const Present& present, const Progress& progress) {
  const View view(*this, present, progress);
  guarded(*plugin_, "after_step", [&] { balancer_->after_step(view); });
}

void Balance::count(const Present& present) {
  steps_ += 1;
  for (std::size_t i = 0; i < present.tasks.size(); ++i) {
    loss_sums_[present.tasks[i]] += present.values[i];
    loss_steps_[present.tasks[i]] += 1;
  }
}

void Balance::count_gradients(const Present& present, const Tensor& gramian, const std::vector<double>& weights,
                              const Tensor& change) {
  const std::vector<double> g = numbers_of(gramian), moved = numbers_of(change);
  const std::size_t tasks = present.tasks.size();
  for (std::size_t i = 0; i < tasks; ++i) {
    weight_sums_[present.tasks[i]] += weights[i];
    for (std::size_t j = 0; j < tasks; ++j) {
      const double length = std::sqrt(g[i * tasks + i] * g[j * tasks + j]);
      if (!(length > 0)) continue;
      const std::size_t cell = present.tasks[i] * tasks_.size() + present.tasks[j];
      cosine_sums_[cell] += g[i * tasks + j] / length;
      cosine_steps_[cell] += 1;
    }
  }
  const double worst = *std::min_element(moved.begin(), moved.end());
  const double size =
      std::abs(*std::max_element(moved.begin(), moved.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  conflicts_ += worst < -1e-9 * size ? 1 : 0;  // less than that is rounding
}

namespace {

// sums[i] / counts[i]; NaN where nothing was counted.
std::vector<double> means(const std::vector<double>& sums, const std::vector<double>& counts) {
  std::vector<double> all;
  for (std::size_t i = 0; i < sums.size(); ++i) all.push_back(counts[i] > 0 ? sums[i] / counts[i] : kNone);
  return all;
}

}  // namespace

BalanceEpoch Balance::present_epoch() const {
  return {means(weight_sums_, std::vector<double>(weight_sums_.size(), steps_)), means(cosine_sums_, cosine_steps_),
          steps_ > 0 ? conflicts_ / steps_ : 0};
}

std::vector<BalanceEpoch> Balance::epochs() const {
  std::vector<BalanceEpoch> all = epochs_;
  if (steps_ > 0) all.push_back(present_epoch());
  return all;
}

void Balance::epoch_end() {
  means_.push_back(means(loss_sums_, loss_steps_));
  epochs_.push_back(present_epoch());
  clear_epoch();
}

void Balance::clear_epoch() {
  const std::size_t tasks = tasks_.size();
  for (auto* sums : {&loss_sums_, &loss_steps_, &weight_sums_}) sums->assign(tasks, 0.0);
  for (auto* sums : {&cosine_sums_, &cosine_steps_}) sums->assign(tasks * tasks, 0.0);
  steps_ = conflicts_ = 0;
}

namespace {

std::vector<double> joined(const std::vector<const std::vector<double>*>& parts) {
  std::vector<double> all;
  for (const auto* part : parts) all.insert(all.end(), part->begin(), part->end());
  return all;
}

// Takes the numbers of a saved tensor one vector after another.
class Reader {
 public:
  explicit Reader(const Tensor& tensor) : numbers_(numbers_of(tensor)) {}
  std::vector<double> take(std::size_t count) {
    if (at_ + count > numbers_.size()) throw Error("checkpoint", "the balancer's record is of another number of tasks");
    at_ += count;
    return {numbers_.begin() + static_cast<std::ptrdiff_t>(at_ - count), numbers_.begin() + static_cast<std::ptrdiff_t>(at_)};
  }
  bool at_end() const { return at_ == numbers_.size(); }

 private:
  std::vector<double> numbers_;
  std::size_t at_ = 0;
};

}  // namespace

State Balance::state() const {
  State state = balancer_->state();
  std::vector<double> epochs;
  for (std::size_t e = 0; e < epochs_.size(); ++e) {
    const std::vector<double> conflicts = {epochs_[e].conflicts};
    const auto one = joined({&means_[e], &epochs_[e].weights, &epochs_[e].cosines, &conflicts});
    epochs.insert(epochs.end(), one.begin(), one.end());
  }
  const std::vector<double> counts = {steps_, conflicts_};
  state.tensors["host.epochs"] = row_of(epochs);
  state.tensors["host.present"] =
      row_of(joined({&loss_sums_, &loss_steps_, &weight_sums_, &cosine_sums_, &cosine_steps_, &counts}));
  return state;
}

void Balance::restore(const State& state) {
  State own = state;
  const std::size_t tasks = tasks_.size();
  Reader epochs(own.tensors.at("host.epochs")), present(own.tensors.at("host.present"));
  means_.clear();
  epochs_.clear();
  while (!epochs.at_end()) {
    means_.push_back(epochs.take(tasks));
    BalanceEpoch epoch{epochs.take(tasks), epochs.take(tasks * tasks), 0};
    epoch.conflicts = epochs.take(1).front();
    epochs_.push_back(std::move(epoch));
  }
  for (auto* sums : {&loss_sums_, &loss_steps_, &weight_sums_}) *sums = present.take(tasks);
  for (auto* sums : {&cosine_sums_, &cosine_steps_}) *sums = present.take(tasks * tasks);
  steps_ = present.take(1).front();
  conflicts_ = present.take(1).front();
  own.tensors.erase("host.epochs");
  own.tensors.erase("host.present");
  guarded(*plugin_, "restore", [&] { balancer_->restore(own); });
}

}  // namespace graft::core
