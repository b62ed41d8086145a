// RunObserver: tells people and files what the training does.
//
//   terminal  of evaluations at most one line a second: small epochs end faster than a person reads. log.txt has all of them
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "core/report/log_sink.hpp"
#include "core/report/progress.hpp"
#include "core/run/events.hpp"
#include "core/run/run_folder.hpp"
#include "core/train/training.hpp"

namespace graft::core {

class RunObserver final : public Training::Observer {
 public:
  RunObserver(const RunFolder& folder, RunLog& log, ProgressLine& line, Events& events, std::int64_t epochs)
      : folder_(folder), log_(log), line_(line), events_(events), epochs_(epochs) {}

  void stepped(const Progress& progress, const Stepper::Result& result, const Training& training) override;
  void evaluated(const Progress& progress, const Evaluation& evaluation, bool is_best) override;
  void stopped(const Progress& progress, const StoppedHead& head) override;
  void saved(const Progress& progress, const std::string& checkpoint) override;
  void entered(const Phase& phase, std::int64_t trainable) override;
  void kept(const FrozenFeatures& features) override;

 private:
  void show_evaluation(const std::string& line);

  const RunFolder& folder_;
  RunLog& log_;
  ProgressLine& line_;
  Events& events_;
  std::int64_t epochs_;
  std::int64_t step_ = 0;
  std::chrono::steady_clock::time_point shown_{};  // when the terminal got an evaluation last
  bool has_left_out_ = false;
};

}  // namespace graft::core
