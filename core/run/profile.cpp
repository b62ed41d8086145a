#include "core/run/profile.hpp"

#include <torch/csrc/autograd/profiler_kineto.h>

#include <algorithm>
#include <cstdio>
#include <map>

#include "graft/error.hpp"

namespace graft::core {
namespace {

namespace profiler = torch::autograd::profiler;
using torch::profiler::impl::ActivityType;
using torch::profiler::impl::ProfilerConfig;
using torch::profiler::impl::ProfilerState;
constexpr std::size_t kLines = 20;

struct Op {
  double self_ms = 0;
  std::int64_t calls = 0;
};

// Time of each op without that of the ops inside it: events of one thread, in order of their start, nest.
std::map<std::string, Op> self_times(const std::vector<profiler::KinetoEvent>& all) {
  std::vector<const profiler::KinetoEvent*> events;
  for (const auto& event : all)
    if (!all.empty() && event.startThreadId() == all.front().startThreadId() && event.durationNs() > 0) events.push_back(&event);
  std::stable_sort(events.begin(), events.end(), [](const auto* a, const auto* b) {
    return a->startNs() != b->startNs() ? a->startNs() < b->startNs() : a->durationNs() > b->durationNs();
  });
  std::map<std::string, Op> ops;
  std::vector<const profiler::KinetoEvent*> open;
  for (const auto* event : events) {
    while (!open.empty() && open.back()->endNs() <= event->startNs()) open.pop_back();
    const double ms = static_cast<double>(event->durationNs()) / 1e6;
    if (!open.empty()) ops[open.back()->name()].self_ms -= ms;
    Op& op = ops[event->name()];
    op.self_ms += ms;
    ++op.calls;
    open.push_back(event);
  }
  return ops;
}

std::string table(const std::map<std::string, Op>& ops, int steps) {
  std::vector<std::pair<std::string, Op>> order(ops.begin(), ops.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second.self_ms > b.second.self_ms; });
  double total = 0;
  for (const auto& [name, op] : order) total += op.self_ms;
  std::string text = "  ms a step    share   calls  op\n";
  for (std::size_t i = 0; i < std::min(kLines, order.size()); ++i) {
    char line[160];
    std::snprintf(line, sizeof line, "  %9.2f  %5.1f %%  %6.1f  %.100s\n", order[i].second.self_ms / steps,
                  100 * order[i].second.self_ms / total, static_cast<double>(order[i].second.calls) / steps,
                  order[i].first.c_str());
    text += line;
  }
  return text;
}

}  // namespace

Profile::~Profile() {
  if (recording_) profiler::disableProfiler();  // an error ended the run
}

void Profile::stepped(const Progress& progress, const Stepper::Result& result, const Training& training) {
  ++steps_;
  if (recording_ && steps_ == kWarmUp + kSteps) finish();
  inner_.stepped(progress, result, training);
  if (steps_ != kWarmUp) return;
  const std::set<ActivityType> activities = {ActivityType::CPU};
  const ProfilerConfig config(ProfilerState::KINETO);
  profiler::prepareProfiler(config, activities);
  profiler::enableProfiler(config, activities, {at::RecordScope::FUNCTION, at::RecordScope::USER_SCOPE});
  recording_ = true;
}

void Profile::finish() {
  if (!recording_) return;
  recording_ = false;
  const int steps = std::min(steps_ - kWarmUp, kSteps);
  const auto result = profiler::disableProfiler();
  if (steps < 1) return;
  result->save(path_);
  log_.print("profile  " + std::to_string(steps) + " steps; open " + path_ + " in ui.perfetto.dev\n" +
             table(self_times(result->events()), steps));
}

void Profile::evaluated(const Progress& progress, const Evaluation& evaluation, bool is_best) {
  inner_.evaluated(progress, evaluation, is_best);
}
void Profile::stopped(const Progress& progress, const StoppedHead& head) { inner_.stopped(progress, head); }

void Profile::saved(const Progress& progress, const std::string& folder) { inner_.saved(progress, folder); }
void Profile::entered(const Phase& phase, std::int64_t trainable) { inner_.entered(phase, trainable); }
void Profile::kept(const FrozenFeatures& features) { inner_.kept(features); }

}  // namespace graft::core
