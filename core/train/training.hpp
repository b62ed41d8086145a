// Training: the loop over steps, with what happens between them: phases, evaluation, choice of the best, checkpoints, stopping.
//
//   One step draws run.accumulate batches. Evaluation comes before the checkpoint of the same step, so that a checkpoint holds
//   its outcome; the order of both does not change the weights.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/checkpoint/checkpoint.hpp"
#include "core/evaluate/evaluate.hpp"
#include "core/train/average.hpp"
#include "core/train/head_patience.hpp"
#include "core/train/history.hpp"
#include "core/train/phases.hpp"
#include "core/train/selection.hpp"
#include "core/train/soup.hpp"
#include "core/train/stepper.hpp"

namespace graft::core {

class Training {
 public:
  // Told what happens; all on the training thread.
  struct Observer {
    virtual ~Observer() = default;
    virtual void stepped(const Progress& progress, const Stepper::Result& result, const Training& training) = 0;
    virtual void evaluated(const Progress& progress, const Evaluation& evaluation, bool is_best) = 0;
    virtual void stopped(const Progress& progress, const StoppedHead& head) = 0;  // its patience ended
    virtual void saved(const Progress& progress, const std::string& folder) = 0;
    virtual void entered(const Phase& phase, std::int64_t trainable) = 0;
    virtual void kept(const FrozenFeatures& features) = 0;  // of a phase that trains the heads alone
  };
  enum class End { kDone, kOutOfPatience, kStopped };

  // What another run predicts for the training rows of these streams: Session::predictions_of.
  using PredictionsOf = std::function<Predictions(const std::string& run, const std::vector<std::size_t>& streams)>;

  // REQUIRES: all references outlive the training. `config` is the resolved root.
  Training(const Value& config, Network& network, const Pipeline& pipeline, const std::vector<StreamRows>& rows, Loader& loader,
           Checkpoints checkpoints, PredictionsOf predictions_of);

  void resume(const std::string& checkpoint_folder);
  End run(Observer& observer, const std::function<bool()>& asked_to_stop);

  const Progress& progress() const { return progress_; }
  const History& history() const { return history_; }
  const Selection& selection() const { return selection_; }
  const Soup& soup() const { return soup_; }
  const std::vector<StoppedHead>& stopped_heads() const { return head_patience_.stops(); }
  const Balance* balance() const { return stepper_->balance(); }  // null: the task has no balancer
  std::int64_t rows() const { return rows_done_; }
  std::int64_t tokens() const { return tokens_done_; }
  std::int64_t padded_tokens() const { return padded_done_; }  // of the same batches, if every row were as long as the longest
  AugmentCounts augment_counts() const;                        // of the whole run
  double seconds() const { return seconds_; }                  // of training in all, up to the last checkpoint or the end
  double step_seconds() const { return step_seconds_; }        // of these in steps: without evaluation and checkpoints
  double stall_seconds() const;                                // of these waiting for rows
  std::int64_t steps_per_epoch() const { return steps_per_epoch_; }
  std::uint64_t checkpoints_bytes() const;  // of all that stay, about

 private:
  void make_feeds(const Value& config, const std::vector<StreamRows>& rows, const Pipeline& pipeline);
  std::map<std::string, std::unique_ptr<Feed>> feeds_of(const std::string& role,
                                                        const std::vector<std::set<std::string>>& columns,
                                                        const FeedOptions& options);
  void start_feeds();
  void enter_phase(Observer& observer);
  void hold_stopped_heads();
  void check_best(const Value& settings) const;
  void check_learned(const Value& heads, const std::string& role) const;
  bool pays_to_keep_features() const;
  Stepper::Result one_step();
  bool out_of_patience() const { return selection_.out_of_patience() || head_patience_.all_stopped(); }
  bool ends_epoch() const { return progress_.step % steps_per_epoch_ == 0; }
  void between_steps(Observer& observer, bool stopping);
  void save(Observer& observer, bool is_best);
  void count_seconds();
  bool has_rows_to_choose_by() const;

  Network& network_;
  const Pipeline& pipeline_;
  const std::vector<StreamRows>& rows_;
  Loader& loader_;
  Checkpoints checkpoints_;
  std::uint64_t seed_;
  int accumulate_;
  std::int64_t epochs_, evaluate_every_, checkpoint_every_, keep_;
  EvaluateOptions evaluate_options_;
  Parameters parameters_;
  std::vector<Phase> phases_;
  const Phase* phase_ = nullptr;
  std::unique_ptr<Optimizer> optimizer_;
  WeightAverage average_;
  std::shared_ptr<Task> task_;
  std::map<std::string, std::unique_ptr<Feed>> feeds_;
  std::map<std::string, std::vector<std::size_t>> roles_;
  std::int64_t batches_per_epoch_ = 1;
  std::int64_t steps_per_epoch_ = 1;
  std::unique_ptr<Stepper> stepper_;
  bool is_frozen_ = false;  // the model, in the present phase
  std::unique_ptr<FrozenFeatures> frozen_features_;
  Progress progress_;
  History history_;
  Selection selection_;
  Soup soup_;
  HeadPatience head_patience_;
  AugmentCounts counts_before_;  // of the part of the run that a resume goes on from, as the next
  double stalled_before_ = 0;
  std::int64_t rows_done_ = 0, tokens_done_ = 0, padded_done_ = 0;
  std::chrono::steady_clock::time_point counted_until_;  // the part of this process in seconds_
  double seconds_ = 0, step_seconds_ = 0;
};

}  // namespace graft::core
