#include "one_vs_rest.hpp"

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"
#include "ranks.hpp"

namespace graft::plugins {
namespace {

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

}  // namespace

OneVsRestMetric::OneVsRestMetric(std::string where, const Config& config)
    : ProbabilityMetric(std::move(where), Counts::kSetsToo), average_(config) {}

void OneVsRestMetric::build(const Schema& predictions, const Field& target) {
  ProbabilityMetric::build(predictions, target);
  average_.build(target, "macro or weighted", where());
}

void OneVsRestMetric::clear() {
  probability_.assign(classes(), {});
  is_positive_.assign(classes(), {});
}

void OneVsRestMetric::add(const RowScore& score) {
  for (std::int64_t c = 0; c < classes(); ++c) {
    if (!score.set.empty() && std::isnan(score.set[c])) continue;
    probability_[c].push_back(score.probability[c]);
    is_positive_[c].push_back(score.set.empty() ? score.truth == c : score.set[c] > 0.5F);
  }
}

void OneVsRestMetric::merge(const Metric& other) {
  const auto& from = dynamic_cast<const OneVsRestMetric&>(other);
  same_classes(from);
  for (std::int64_t c = 0; c < classes(); ++c) {
    append(probability_[c], from.probability_[c]);
    append(is_positive_[c], from.is_positive_[c]);
  }
}

double OneVsRestMetric::value() const {
  if (std::any_of(probability_.begin(), probability_.end(), has_nan)) return std::nan("");
  if (average_.name() == "binary") return of_one(probability_[average_.positive()], is_positive_[average_.positive()]);
  double sum = 0, weights = 0;
  for (std::int64_t c = 0; c < classes(); ++c) {
    const double one = of_one(probability_[c], is_positive_[c]);
    if (std::isnan(one)) continue;
    const auto rows = std::count(is_positive_[c].begin(), is_positive_[c].end(), true);
    const double weight = average_.name() == "macro" ? 1 : static_cast<double>(rows);
    sum += weight * one;
    weights += weight;
  }
  return sum / weights;  // 0 / 0 is NaN
}

}  // namespace graft::plugins
