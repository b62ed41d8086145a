#include "core/train/selection.hpp"

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::core {
namespace {

struct Candidate {
  std::string stream, key;
  double value;
  bool higher_is_better;
};

// Metrics of all heads first, losses after them: the default is the first head's first metric.
std::vector<Candidate> candidates(const Evaluation& evaluation) {
  std::vector<Candidate> all;
  for (const HeadEvaluation& head : evaluation.heads)
    for (const auto& score : head.scores)
      all.push_back(
          {head.stream, "valid/" + head.stream + "/" + head.head + "/" + score.metric, score.value, score.higher_is_better});
  for (const HeadEvaluation& head : evaluation.heads)
    all.push_back({head.stream, "valid/" + head.stream + "/" + head.head + "/loss", head.loss(), false});
  return all;
}

bool is_suffix(const std::string& wanted, const std::string& key) {
  return key.ends_with(wanted) && (key.size() == wanted.size() || key[key.size() - wanted.size() - 1] == '/');
}

}  // namespace

void Selection::choose(const Evaluation& evaluation) {
  std::vector<Candidate> fitting;
  std::vector<std::string> names;
  for (const Candidate& candidate : candidates(evaluation)) {
    names.push_back(candidate.key);
    const bool may_choose =
        labelled_.empty() || std::find(labelled_.begin(), labelled_.end(), candidate.stream) != labelled_.end();
    if (wanted_.empty() ? may_choose : is_suffix(wanted_, candidate.key)) fitting.push_back(candidate);
  }
  if (wanted_.empty() && fitting.empty()) fitting = candidates(evaluation);  // no labelled stream has valid rows
  if (fitting.empty()) {
    const std::string close = nearest(wanted_, names);
    throw Error("evaluate", "best: no metric is called " + wanted_ + (close.empty() ? "" : ", did you mean " + close + "?"));
  }
  if (!wanted_.empty() && fitting.size() > 1)
    throw Error("evaluate", "best: " + wanted_ + " fits several metrics, such as " + fitting[0].key + " and " + fitting[1].key);
  key_ = fitting.front().key;
  higher_ = fitting.front().higher_is_better;
}

double Selection::value_in(const Evaluation& evaluation) const {
  double value = std::nan("");
  for (const Candidate& candidate : candidates(evaluation))
    if (candidate.key == key_) value = candidate.value;
  return value;
}

bool Selection::add(std::int64_t step, const Evaluation& evaluation) {
  if (key_.empty()) choose(evaluation);
  const double value = value_in(evaluation);
  last_ = value;
  const bool better = !std::isnan(value) && (step_ < 0 || (higher_ ? value > value_ : value < value_));
  waited_ = better ? 0 : waited_ + 1;
  if (better) step_ = step, value_ = value;
  return better;
}

Value Selection::save() const {
  Value saved = Value::Object{};
  saved.set("key", key_);
  saved.set("higher_is_better", higher_);
  saved.set("step", step_);
  saved.set("waited", waited_);
  saved.set("value", value_);
  saved.set("last", last_);
  return saved;
}

void Selection::restore(const Value& saved) {
  key_ = saved.at("key").text();
  higher_ = saved.at("higher_is_better").flag();
  step_ = saved.at("step").integer();
  waited_ = saved.at("waited").integer();
  value_ = saved.at("value").number();
  last_ = saved.at("last").number();
}

}  // namespace graft::core
