#include "f1.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {

F1::F1(const Config& config) : ConfusionMetric("graft/f1"), wanted_(config.text("average")) {
  if (config.has("positive")) positive_name_ = config.text("positive");
}

void F1::build(const Schema& predictions, const Field& target) {
  ConfusionMetric::build(predictions, target);
  average_ = wanted_ != "auto" ? wanted_ : classes() == 2 ? "binary" : "macro";
  if (average_ == "binary" && classes() != 2)
    throw Error(where(), "average binary needs 2 classes, got " + std::to_string(classes()) + "; use macro, micro or weighted");
  if (average_ != "binary" && positive_name_)
    throw Error(where(), "positive is for average binary only, got average " + average_);
  if (average_ == "binary") positive_ = positive_class(target);
}

std::int64_t F1::positive_class(const Field& target) const {
  if (!positive_name_) return classes() - 1;
  const auto at = std::find(target.classes.begin(), target.classes.end(), *positive_name_);
  if (at == target.classes.end())
    throw Error(where(), "positive must be a class of " + target.name + " (" + target.classes[0] + " or " + target.classes[1] +
                             "), got " + *positive_name_);
  return at - target.classes.begin();
}

double F1::of_class(std::int64_t c) const {
  const double all = truth(c) + predicted(c);
  return all == 0 ? 0 : 2 * hits(c) / all;
}

double F1::macro() const {
  double sum = 0, seen = 0;
  for (std::int64_t c = 0; c < classes(); ++c) {
    if (truth(c) + predicted(c) == 0) continue;
    sum += of_class(c);
    ++seen;
  }
  return sum / seen;
}

double F1::weighted() const {
  double sum = 0;
  for (std::int64_t c = 0; c < classes(); ++c) sum += truth(c) * of_class(c);
  return sum / total();
}

double F1::value() const {
  if (total() == 0 || average_ == "micro") return all_hits() / total();
  if (average_ == "binary") return of_class(positive_);
  return average_ == "macro" ? macro() : weighted();
}

}  // namespace graft::plugins
