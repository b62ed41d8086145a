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

constexpr const char* kMean = "mean";

// Of "mean/accuracy" the accuracy, of "mean" nothing: the first metric of each head. None where it is no mean that is wanted.
std::optional<std::string> metric_of_mean(const std::string& wanted) {
  const std::string prefix = std::string(kMean) + "/";
  if (wanted == kMean) return "";
  return wanted.starts_with(prefix) ? std::optional(wanted.substr(prefix.size())) : std::nullopt;
}

[[noreturn]] void refuse_mean(const std::string& metric, const std::vector<HeadEvaluation>& heads) {
  std::vector<std::string> names = {"loss"};
  for (const HeadEvaluation& head : heads)
    for (const auto& score : head.scores) names.push_back(score.metric);
  const std::string close = nearest(metric, names);
  throw Error("evaluate",
              "best: no head has a metric called " + metric + (close.empty() ? "" : ", did you mean mean/" + close + "?"));
}

// What a mean is taken of: a score a head and stream.
std::vector<HeadEvaluation::Score> scores_of(const std::vector<HeadEvaluation>& heads, const std::string& metric) {
  std::vector<HeadEvaluation::Score> all;
  for (const HeadEvaluation& head : heads) {
    if (metric.empty() && head.scores.empty())
      throw Error("evaluate",
                  "best: the mean is of each head's first metric, and " + head.head + " has none: give it one, or set mean/loss");
    if (metric.empty()) all.push_back(head.scores.front());
    for (const auto& score : head.scores)
      if (score.metric == metric) all.push_back(score);
    if (metric == "loss") all.push_back({metric, head.loss(), false});
  }
  if (all.empty()) refuse_mean(metric, heads);
  return all;
}

Candidate mean_of(const std::vector<HeadEvaluation>& heads, const std::string& metric) {
  const std::vector<HeadEvaluation::Score> scores = scores_of(heads, metric);
  const bool lower = std::none_of(scores.begin(), scores.end(), [](const auto& score) { return score.higher_is_better; });
  double sum = 0;
  for (const auto& score : scores) sum += score.higher_is_better || lower ? score.value : -score.value;
  return {"", std::string("valid/") + kMean + (metric.empty() ? "" : "/" + metric), sum / static_cast<double>(scores.size()),
          !lower};
}

bool is_suffix(const std::string& wanted, const std::string& key) {
  return key.ends_with(wanted) && (key.size() == wanted.size() || key[key.size() - wanted.size() - 1] == '/');
}

}  // namespace

// Heads on labelled streams; all where no labelled stream has valid rows.
std::vector<HeadEvaluation> Selection::choosing(const Evaluation& evaluation) const {
  std::vector<HeadEvaluation> heads;
  for (const HeadEvaluation& head : evaluation.heads)
    if (labelled_.empty() || std::find(labelled_.begin(), labelled_.end(), head.stream) != labelled_.end()) heads.push_back(head);
  return heads.empty() ? evaluation.heads : heads;
}

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
  if (const auto metric = metric_of_mean(wanted_); metric && fitting.empty())
    fitting.push_back(mean_of(choosing(evaluation), *metric));
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
  for (const Candidate& candidate : candidates(evaluation))
    if (candidate.key == key_) return candidate.value;
  const auto metric = metric_of_mean(wanted_);
  return metric && !evaluation.heads.empty() ? mean_of(choosing(evaluation), *metric).value : std::nan("");
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
