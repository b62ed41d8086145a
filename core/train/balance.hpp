// Balance: a balancer at work in a run: gives it the losses and gradients of a step, and applies what it answers.
//
//   formula   at parameters: gradient of the model = sum_k w_k g_k, or the direction; of head k: g_k, times w_k where weights
//             scale heads. At the last stage: the weights are those of its gradients alone, and apply to all of the model. At features: the same sum of gradients of what the model gives, then one pass back through the model
//   absent    a task that has no label in the step is left out; a step with a single task is not balanced by gradients
//   state     the balancer's, and the epoch means of the losses
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/registry/guarded.hpp"
#include "core/train/parameter.hpp"
#include "graft/balancer.hpp"
#include "graft/session.hpp"
#include "graft/term.hpp"
#include "graft/value.hpp"

namespace graft::core {

// What a run tells of its balancer; means over the steps of an epoch.
struct BalanceEpoch {
  std::vector<double> weights;  // [K] 0 where the balancer gives a direction
  std::vector<double> cosines;  // [K * K] between the gradients of two tasks; NaN where none was seen
  double conflicts = 0;         // share of the steps after which some task gets worse to first order: min_k (J d)_k < 0
};

class Balance {
 public:
  Balance(std::shared_ptr<Balancer> balancer, std::shared_ptr<const PluginInfo> plugin, std::vector<std::string> tasks,
          BalanceAt at, std::uint64_t seed);

  bool by_losses() const { return balancer_->wants() == Balancer::Wants::kLosses; }
  bool at_features() const { return !by_losses() && at_ == BalanceAt::kFeatures; }
  bool at_last_stage() const { return !by_losses() && at_ == BalanceAt::kLastStage; }
  bool at_once() const { return at_features() || at_last_stage(); }  // needs a step that is one batch
  std::string at() const;  // "features", "parameters of encoder.layer.5", "parameters"; empty: losses alone
  void looked_at(std::string stage) { stage_ = std::move(stage); }
  bool reevaluates() const { return balancer_->reevaluates(); }
  const std::vector<std::string>& tasks() const { return tasks_; }
  const std::string& name() const { return plugin_->component; }
  std::vector<BalanceEpoch> epochs() const;  // the present one too, where a step of it was made

  // Mean losses of one step, of the tasks that are present.
  struct Present {
    std::vector<std::int64_t> tasks;
    std::vector<double> values;
  };
  // The weights of these losses. REQUIRES: by_losses().
  std::vector<double> weigh(const Present& present, const Progress& progress);

  // Whatever the balancer wants. `gradients` has one row a present task: its gradient at the shared tensors, undefined where it
  // does not reach one.
  struct Combined {
    std::vector<Tensor> shared;        // one a column, undefined where no task reaches it
    std::vector<double> head_weights;  // one a present task
    std::vector<double> weights;       // one a present task; of zeros where the balancer gives a direction
  };
  Combined combine(const Present& present, std::vector<std::vector<Tensor>> gradients, const Progress& progress);

  void after_step(const Present& present, const Progress& progress);
  void epoch_end();

  std::int64_t number_of(const std::string& task) const;  // -1: not a task of this balance
  State state() const;
  void restore(const State& state);

 private:
  class View;
  void count(const Present& present);
  void count_gradients(const Present& present, const Tensor& gramian, const std::vector<double>& weights, const Tensor& change);

  std::shared_ptr<Balancer> balancer_;
  std::shared_ptr<const PluginInfo> plugin_;
  std::vector<std::string> tasks_;
  BalanceAt at_;
  std::string stage_;  // that was looked at last
  std::uint64_t seed_;
  std::vector<std::vector<double>> means_;  // by epoch, then task
  std::vector<double> loss_sums_, loss_steps_, weight_sums_, cosine_sums_, cosine_steps_;
  double steps_ = 0, conflicts_ = 0;
  std::vector<BalanceEpoch> epochs_;
  BalanceEpoch present_epoch() const;
  void clear_epoch();
};

}  // namespace graft::core
