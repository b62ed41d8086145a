#include "core/train/head_patience.hpp"

#include <algorithm>
#include <cmath>

namespace graft::core {
namespace {

// A head's own measure over the labelled streams; its value is NaN when the evaluation has nothing of it.
struct Measured {
  std::string name = "loss";
  double value = std::numeric_limits<double>::quiet_NaN();
  bool higher_is_better = false;

  bool is_better_than(double best) const {
    return !std::isnan(value) && (std::isnan(best) || (higher_is_better ? value > best : value < best));
  }
};

Measured measured(const std::string& head, const Evaluation& evaluation, const std::vector<std::string>& labelled) {
  Measured of_head;
  double sum = 0, count = 0;
  for (const HeadEvaluation& each : evaluation.heads) {
    if (each.head != head || std::find(labelled.begin(), labelled.end(), each.stream) == labelled.end()) continue;
    if (!each.scores.empty()) of_head.name = each.scores.front().metric;
    of_head.higher_is_better = !each.scores.empty() && each.scores.front().higher_is_better;
    sum += each.scores.empty() ? each.loss() : each.scores.front().value;
    ++count;
  }
  of_head.value = sum / count;
  return of_head;
}

Value or_null(double value) { return std::isnan(value) ? Value() : Value(value); }
double or_nan(const Value& value) { return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.number(); }

Value saved_stop(const StoppedHead& stop) {
  Value saved = Value::Object{};
  saved.set("head", stop.head);
  saved.set("measure", stop.measure);
  saved.set("step", stop.step);
  saved.set("best_step", stop.best_step);
  saved.set("value", or_null(stop.value));
  saved.set("best", or_null(stop.best));
  return saved;
}

StoppedHead restored_stop(const Value& saved) {
  return {saved.at("head").text(),         saved.at("measure").text(), saved.at("step").integer(),
          saved.at("best_step").integer(), or_nan(saved.at("value")),  or_nan(saved.at("best"))};
}

}  // namespace

HeadPatience::HeadPatience(const Value& heads, std::vector<std::string> labelled)
    : heads_(heads.object().size()), labelled_(std::move(labelled)) {
  for (const Value::Member& head : heads.object())
    if (const Value* patience = head.value.find("patience"); patience && patience->is_integer())
      waiting_[head.key].patience = patience->integer();
}

std::vector<StoppedHead> HeadPatience::add(std::int64_t step, const Evaluation& evaluation) {
  std::vector<StoppedHead> stopping;
  for (auto& [head, waiting] : waiting_) {
    if (stopped_.contains(head)) continue;
    const Measured now = measured(head, evaluation, labelled_);
    const bool is_better = now.is_better_than(waiting.best);
    if (is_better) waiting.best = now.value, waiting.best_step = step;
    waiting.waited = is_better ? 0 : waiting.waited + 1;
    if (waiting.waited < waiting.patience) continue;
    stopping.push_back({head, now.name, step, waiting.best_step, now.value, waiting.best});
    stopped_.insert(head);
  }
  stops_.insert(stops_.end(), stopping.begin(), stopping.end());
  return stopping;
}

Value HeadPatience::save() const {
  Value waiting = Value::Object{};
  for (const auto& [head, own] : waiting_) {
    Value saved = Value::Object{};
    saved.set("waited", own.waited);
    saved.set("best_step", own.best_step);
    saved.set("best", or_null(own.best));
    waiting.set(head, std::move(saved));
  }
  Value::List stops;
  for (const StoppedHead& stop : stops_) stops.push_back(saved_stop(stop));
  return Value::Object{{"waiting", std::move(waiting), {}}, {"stops", std::move(stops), {}}};
}

void HeadPatience::restore(const Value& saved) {
  for (const Value::Member& head : saved.at("waiting").object()) {
    Waiting& waiting = waiting_.at(head.key);
    waiting.waited = head.value.at("waited").integer();
    waiting.best_step = head.value.at("best_step").integer();
    waiting.best = or_nan(head.value.at("best"));
  }
  for (const Value& stop : saved.at("stops").list()) {
    stops_.push_back(restored_stop(stop));
    stopped_.insert(stops_.back().head);
  }
}

}  // namespace graft::core
