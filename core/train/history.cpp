#include "core/train/history.hpp"

#include <algorithm>

namespace graft::core {
namespace {

Value saved_point(const StepPoint& point) { return Value::List{point.step, point.loss, point.rate, point.gradient_norm}; }

StepPoint point_from(const Value& saved) {
  const Value::List& v = saved.list();
  return {v.at(0).integer(), v.at(1).number(), v.at(2).number(), v.at(3).number()};
}

}  // namespace

History::History(std::int64_t total_steps) : every_(std::max<std::int64_t>(1, (total_steps + 1999) / 2000)) {}

void History::add_step(std::int64_t step, double loss, double rate, double gradient_norm) {
  recent_loss_ = any_ ? 0.95 * recent_loss_ + 0.05 * loss : loss;
  any_ = true;
  sum_.loss += loss;
  sum_.rate += rate;
  sum_.gradient_norm += gradient_norm;
  if (++pending_ < every_) return;
  const auto n = static_cast<double>(pending_);
  steps_.push_back({step, sum_.loss / n, sum_.rate / n, sum_.gradient_norm / n});
  sum_ = {};
  pending_ = 0;
}

void History::add_evaluation(EvaluationPoint point) { evaluations_.push_back(std::move(point)); }

Value History::save() const {
  Value::List steps, evaluations;
  for (const StepPoint& point : steps_) steps.push_back(saved_point(point));
  for (const EvaluationPoint& point : evaluations_) {
    Value values = Value::Object{};
    for (const auto& [name, value] : point.values) values.set(name, value);
    evaluations.push_back(Value::Object{{"step", point.step, {}}, {"values", std::move(values), {}}});
  }
  Value saved = Value::Object{};
  saved.set("steps", std::move(steps));
  saved.set("evaluations", std::move(evaluations));
  saved.set("pending", pending_);
  saved.set("sum", saved_point(sum_));
  saved.set("recent_loss", recent_loss_);
  return saved;
}

void History::restore(const Value& saved) {
  steps_.clear();
  evaluations_.clear();
  for (const Value& point : saved.at("steps").list()) steps_.push_back(point_from(point));
  for (const Value& point : saved.at("evaluations").list()) {
    EvaluationPoint evaluation{point.at("step").integer(), {}};
    for (const Value::Member& value : point.at("values").object())
      evaluation.values.emplace_back(value.key, value.value.number());
    evaluations_.push_back(std::move(evaluation));
  }
  pending_ = saved.at("pending").integer();
  sum_ = point_from(saved.at("sum"));
  recent_loss_ = saved.at("recent_loss").number();
  any_ = true;
}

}  // namespace graft::core
