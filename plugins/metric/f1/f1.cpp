#include "f1.hpp"

#include <cmath>

namespace graft::plugins {

F1::F1(const Config& config) : ConfusionMetric("graft/f1", Counts::kSetsToo), average_(config) {}

void F1::build(const Schema& predictions, const Field& target) {
  ConfusionMetric::build(predictions, target);
  average_.build(target, "macro, micro or weighted", where());
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
  return seen == 0 ? 0 : sum / seen;
}

double F1::weighted() const {
  double sum = 0;
  for (std::int64_t c = 0; c < classes(); ++c) sum += truth(c) * of_class(c);
  return all_truth() == 0 ? 0 : sum / all_truth();
}

double F1::micro() const {
  const double all = all_truth() + all_predicted();
  return all == 0 ? 0 : 2 * all_hits() / all;
}

double F1::value() const {
  const std::string& average = average_.name();
  if (total() == 0) return std::nan("");
  if (average == "binary") return of_class(average_.positive());
  return average == "micro" ? micro() : average == "macro" ? macro() : weighted();
}

}  // namespace graft::plugins
