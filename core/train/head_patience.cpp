#include "core/train/head_patience.hpp"

#include <algorithm>
#include <cmath>

namespace graft::core {
namespace {

// Higher is better; NaN when the evaluation has nothing of this head.
double value_of(const std::string& head, const Evaluation& evaluation, const std::vector<std::string>& labelled) {
  double sum = 0, count = 0;
  for (const HeadEvaluation& each : evaluation.heads) {
    if (each.head != head || std::find(labelled.begin(), labelled.end(), each.stream) == labelled.end()) continue;
    if (each.scores.empty())
      sum -= each.loss();
    else
      sum += each.scores.front().higher_is_better ? each.scores.front().value : -each.scores.front().value;
    ++count;
  }
  return sum / count;
}

}  // namespace

HeadPatience::HeadPatience(const Value& heads, std::vector<std::string> labelled)
    : heads_(heads.object().size()), labelled_(std::move(labelled)) {
  for (const Value::Member& head : heads.object())
    if (const Value* patience = head.value.find("patience"); patience && patience->is_integer())
      waiting_[head.key].patience = patience->integer();
}

std::vector<std::string> HeadPatience::add(const Evaluation& evaluation) {
  std::vector<std::string> stopping;
  for (auto& [head, waiting] : waiting_) {
    if (stopped_.contains(head)) continue;
    const double value = value_of(head, evaluation, labelled_);
    const bool is_better = !std::isnan(value) && (!waiting.has_best || value > waiting.best);
    if (is_better) waiting.best = value, waiting.has_best = true;
    waiting.waited = is_better ? 0 : waiting.waited + 1;
    if (waiting.waited >= waiting.patience) stopping.push_back(head);
  }
  stopped_.insert(stopping.begin(), stopping.end());
  return stopping;
}

Value HeadPatience::save() const {
  Value saved = Value::Object{};
  for (const auto& [head, waiting] : waiting_) {
    Value own = Value::Object{};
    own.set("waited", waiting.waited);
    own.set("best", waiting.has_best ? Value(waiting.best) : Value());
    own.set("stopped", stopped_.contains(head));
    saved.set(head, std::move(own));
  }
  return saved;
}

void HeadPatience::restore(const Value& saved) {
  for (const Value::Member& head : saved.object()) {
    Waiting& waiting = waiting_.at(head.key);
    waiting.waited = head.value.at("waited").integer();
    waiting.has_best = !head.value.at("best").is_null();
    if (waiting.has_best) waiting.best = head.value.at("best").number();
    if (head.value.at("stopped").flag()) stopped_.insert(head.key);
  }
}

}  // namespace graft::core
