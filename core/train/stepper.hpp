// Stepper: the Step and Session that a task sees; runs one optimizer step at a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/train/accumulator.hpp"
#include "core/train/cut_features.hpp"
#include "core/train/feed.hpp"
#include "core/train/frozen_features.hpp"
#include "core/train/head_views.hpp"
#include "core/train/network.hpp"
#include "core/train/optimizer.hpp"
#include "core/train/parts.hpp"
#include "core/train/schedule.hpp"
#include "core/train/solver.hpp"
#include "core/train/task_modules.hpp"
#include "graft/task.hpp"

namespace graft::core {

class Stepper final : private Step, private Session {
 public:
  struct Given {
    Network& network;
    const Pipeline& pipeline;
    const std::vector<StreamRows>& rows;
    Task& task;
    std::shared_ptr<const PluginInfo> task_plugin;
    Optimizer& optimizer;
    TaskModules::MakeOptimizer make_optimizer;  // for a task that wants more of them
    Schedule schedule;
    std::map<std::string, Feed*> feeds;                     // by role, or "role/stream" where each takes its turn in every step
    std::map<std::string, std::vector<std::size_t>> roles;  // stream numbers by role
    std::uint64_t seed;
    int accumulate;  // batches a step
    std::function<Predictions(const std::string& run, const std::vector<std::size_t>& streams)> predictions_of;
    const std::set<std::string>& stopped;  // heads that learn no more
  };
  explicit Stepper(Given given);

  struct Result {
    double loss = 0;           // mean over the step's rows, summed over terms
    double gradient_norm = 0;  // before clipping
    double rate = 0;           // learning rate used
    std::int64_t rows = 0, tokens = 0;
    std::int64_t padded = 0;                    // tokens if every row were as long as its batch's longest
    std::optional<Solver::Result> solved = {};  // of a solver
  };
  void setup();  // Task::setup

  // From now on the model is frozen: it runs without dropout and without graph, or gives what is in `kept` (may be null).
  void freeze(bool is_frozen, const FrozenFeatures* kept);
  Result step(const Progress& progress, Parameters& parameters, int batches);  // `batches` <= accumulate: the epoch may end early
  void epoch_end(const Progress& progress);
  TaskModules& modules() { return modules_; }
  Parts& batch_parts() { return batch_parts_; }
  const AugmentCounts& augment_counts() const { return augment_counts_; }  // of steps on batches
  Balance* balance() { return balance_.get(); }                            // null: the task has no balancer

 private:
  Batch next(std::string_view role) override;
  std::vector<Batch> next_of_each(std::string_view role) override;
  Batch clean(const Batch& batch) override;
  Batch forward(const Batch& batch, const ForwardOptions& options) override;
  Terms terms(const Batch& features, const Batch& batch, const std::vector<std::string>& heads) override;
  void minimise(const std::function<Terms()>& closure, std::size_t optimizer) override;
  Scores scores(const Batch& features, std::string_view head) override;
  Rng rng() override;
  Session& session() override { return *this; }

  Model& model() override { return *given_.network.model; }
  std::vector<std::pair<std::string, Head*>> heads() override;
  const Source& rows(std::string_view role, std::string_view split) const override;
  const Progress& progress() const override { return progress_; }
  Schema features() const override { return given_.network.features; }
  std::vector<std::string> streams(std::string_view role) const override;
  Rng rng() const override { return Rng(given_.seed).fork("task"); }
  Predictions predictions_of(const std::string& run, std::string_view role) override;
  void add_module(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer) override;
  void reset_optimizer(std::size_t optimizer) override;
  void balance(std::shared_ptr<Balancer> balancer, BalanceAt at) override;

  Batch drawn_from(Feed& feed);
  const Tap& tap_of(const Batch& batch) const;
  const std::vector<std::size_t>& streams_of(std::string_view role) const;
  HeadList learning_from(const Batch& batch) const;
  Call head_call(const NamedHead& head);
  Parameters& parameters_of(std::size_t optimizer);
  Optimizer& optimizer_of(std::size_t optimizer);
  Pass take_gradient(Terms& terms, bool is_whole_step);
  void evaluate_again(const std::function<Terms()>& closure);
  void solve(Solver& solver, const std::function<Terms()>& closure);
  Batch for_solver(Batch features);
  Objective::Loss loss_of(const std::function<Terms()>& closure);
  void run_batch(const std::function<Terms()>& closure);
  void run_in_parts(const std::function<Terms()>& closure, int parts);
  void did_not_fit(const std::string& what, int parts);
  Batch part_of(const Batch& batch) const;

  Given given_;
  Progress progress_;
  Parameters* parameters_ = nullptr;
  TaskModules modules_;
  std::map<std::size_t, Accumulator> accumulators_;  // by optimizer
  std::size_t optimizer_ = 0;                        // the one being stepped
  Result result_;
  int batches_ = 1, batch_ = 0;  // of this step, and the one being run
  std::uint64_t passes_ = 0;     // forward passes in this step: two over the same rows draw differently
  struct BatchTap {
    std::vector<std::int64_t> row_ids;
    Tap tap;
  };
  AugmentCounts augment_counts_;
  std::vector<BatchTap> batch_taps_;            // of the batches drawn for the present pass
  std::int64_t cost_ = 0, rows_ = 0;            // of the batches drawn since the last optimizer step or part of it
  std::int64_t last_cost_ = 0, last_rows_ = 0;  // of the batch that ran last
  int part_ = 0, part_count_ = 1;               // of the rows that forward() and terms() see
  Parts batch_parts_;
  std::unique_ptr<Balance> balance_;
  CutFeatures cut_;  // of the present pass, where tasks are balanced at the features
  bool is_frozen_ = false;
  bool solves_ = false;                   // a solver asks for the loss, of heads alone
  std::optional<Batch> solved_features_;  // of all rows in one part: what it is asked of does not change
  const FrozenFeatures* kept_ = nullptr;
  mutable std::map<std::string, std::unique_ptr<Source>> tables_;
};

}  // namespace graft::core
