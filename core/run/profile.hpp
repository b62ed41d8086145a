// Profile: where the time of a training step goes, for `graft train --profile`.
//
//   records  kSteps steps after kWarmUp others, with LibTorch's profiler; a run that ends earlier gives what there is
//   writes   `path`, a trace that chrome://tracing and ui.perfetto.dev open; and a table by op, in the log
//   table    self time: an op without the ops that it calls; the training thread alone
#pragma once

#include <string>

#include "core/report/log_sink.hpp"
#include "core/train/training.hpp"

namespace graft::core {

class Profile final : public Training::Observer {
 public:
  static constexpr int kWarmUp = 3, kSteps = 10;

  Profile(Training::Observer& inner, RunLog& log, std::string path) : inner_(inner), log_(log), path_(std::move(path)) {}
  ~Profile() override;

  void stepped(const Progress& progress, const Stepper::Result& result, const Training& training) override;
  void evaluated(const Progress& progress, const Evaluation& evaluation, bool is_best) override;
  void stopped(const Progress& progress, const StoppedHead& head) override;
  void saved(const Progress& progress, const std::string& folder) override;
  void entered(const Phase& phase, std::int64_t trainable) override;
  void kept(const FrozenFeatures& features) override;

  void finish();  // writes what was recorded; nothing when nothing was

 private:
  Training::Observer& inner_;
  RunLog& log_;
  std::string path_;
  int steps_ = 0;
  bool recording_ = false;
};

}  // namespace graft::core
