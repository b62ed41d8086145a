#include "core/run/run_observer.hpp"

#include <algorithm>
#include <cstdio>

namespace graft::core {
namespace {

constexpr std::chrono::seconds kBetweenEvaluations{1};

std::string short_number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

}  // namespace

void RunObserver::stepped(const Progress& progress, const Stepper::Result& result, const Training& training) {
  step_ = progress.step;
  const std::int64_t epoch = std::min(epochs_, (progress.step - 1) / training.steps_per_epoch() + 1);
  line_.update({progress.step, progress.total_steps, std::to_string(epoch) + "/" + std::to_string(epochs_),
                training.history().recent_loss(), training.rows(), training.tokens(), training.stall_seconds()});
  Value fields = Value::Object{};
  fields.set("epoch", progress.epoch);
  fields.set("loss", result.loss);
  fields.set("learning_rate", result.rate);
  fields.set("gradient_norm", result.gradient_norm);
  fields.set("rows", result.rows);
  fields.set("tokens", result.tokens);
  events_.write("step", progress.step, std::move(fields));
  events_.scalar("train/loss", progress.step, result.loss);
  events_.scalar("train/learning_rate", progress.step, result.rate);
  events_.scalar("train/gradient_norm", progress.step, result.gradient_norm);
  if (result.solved) log_.print("solved   " + text_of(*result.solved));
}

void RunObserver::evaluated(const Progress& progress, const Evaluation& evaluation, bool is_best) {
  Value values = Value::Object{};
  std::string text;
  for (const auto& [name, value] : evaluation.values()) {
    values.set(name, value);
    events_.scalar("valid/" + name, progress.step, value);
    text += "  " + name + " " + short_number(value);
  }
  Value fields = Value::Object{};
  fields.set("best", is_best);
  fields.set("values", std::move(values));
  events_.write("evaluation", progress.step, std::move(fields));
  show_evaluation("valid    step " + std::to_string(progress.step) + text + (is_best ? "  (best)" : ""));
}

void RunObserver::show_evaluation(const std::string& line) {
  const auto now = std::chrono::steady_clock::now();
  if (now - shown_ >= kBetweenEvaluations) {
    shown_ = now;
    log_.print(line);
    return;
  }
  log_.note(line);
  if (has_left_out_) return;
  has_left_out_ = true;
  log_.print("         (evaluations follow fast: one line a second here, all of them in log.txt)");
}

void RunObserver::stopped(const Progress& progress, const StoppedHead& head) {
  Value fields = Value::Object{};
  fields.set("head", head.head);
  fields.set("measure", head.measure);
  fields.set("best_step", head.best_step);
  events_.write("stopped", progress.step, std::move(fields));
  log_.print("stopped  " + head.head + " learns no more from step " + std::to_string(progress.step) + " on: its " + head.measure +
             (head.best_step < 0 ? " was never measured"
                                 : " was best at step " + std::to_string(head.best_step) + ", " + short_number(head.best)));
}

void RunObserver::saved(const Progress& progress, const std::string& checkpoint) {
  Value fields = Value::Object{};
  fields.set("folder", checkpoint.substr(checkpoint.find_last_of('/') + 1));
  events_.write("checkpoint", progress.step, std::move(fields));
  events_.flush();
  folder_.write_status("running", progress.step, progress.total_steps);
}

void RunObserver::entered(const Phase& phase, std::int64_t trainable) {
  Value fields = Value::Object{};
  fields.set("phase", phase.name);
  fields.set("trainable", trainable);
  events_.write("phase", step_, std::move(fields));
  log_.print("phase    " + phase.name + ": " + std::to_string(phase.epochs) + (phase.epochs == 1 ? " epoch, " : " epochs, ") +
             std::to_string(trainable) + " parameters train");
}

void RunObserver::kept(const FrozenFeatures& features) {
  char text[160];
  std::snprintf(text, sizeof text, "frozen   features of %lld rows kept (%.1f MB): %lld computed, %lld from earlier runs",
                static_cast<long long>(features.rows()), static_cast<double>(features.bytes()) / 1e6,
                static_cast<long long>(features.rows() - features.rows_from_cache()),
                static_cast<long long>(features.rows_from_cache()));
  log_.print(text);
}

}  // namespace graft::core
