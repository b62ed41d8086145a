#include "f1.hpp"

namespace graft::plugins {

F1::F1(const Config& config) : ConfusionMetric("graft/f1"), average_(config) {}

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
  return sum / seen;
}

double F1::weighted() const {
  double sum = 0;
  for (std::int64_t c = 0; c < classes(); ++c) sum += truth(c) * of_class(c);
  return sum / total();
}

double F1::value() const {
  const std::string& average = average_.name();
  if (total() == 0 || average == "micro") return all_hits() / total();
  if (average == "binary") return of_class(average_.positive());
  return average == "macro" ? macro() : weighted();
}

}  // namespace graft::plugins
