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
    : ProbabilityMetric(std::move(where)), average_(config) {}

void OneVsRestMetric::build(const Schema& predictions, const Field& target) {
  ProbabilityMetric::build(predictions, target);
  average_.build(target, "macro or weighted", where());
}

void OneVsRestMetric::clear() {
  probability_.assign(classes(), {});
  truth_.clear();
}

void OneVsRestMetric::add(const RowScore& score) {
  for (std::int64_t c = 0; c < classes(); ++c) probability_[c].push_back(score.probability[c]);
  truth_.push_back(score.truth);
}

void OneVsRestMetric::merge(const Metric& other) {
  const auto& from = dynamic_cast<const OneVsRestMetric&>(other);
  same_classes(from);
  for (std::int64_t c = 0; c < classes(); ++c) append(probability_[c], from.probability_[c]);
  append(truth_, from.truth_);
}

double OneVsRestMetric::of_class(std::int64_t c) const {
  std::vector<bool> is_positive(truth_.size());
  std::transform(truth_.begin(), truth_.end(), is_positive.begin(), [c](std::int64_t truth) { return truth == c; });
  return of_one(probability_[c], is_positive);
}

double OneVsRestMetric::value() const {
  if (std::any_of(probability_.begin(), probability_.end(), has_nan)) return std::nan("");
  if (average_.name() == "binary") return of_class(average_.positive());
  double sum = 0, weights = 0;
  for (std::int64_t c = 0; c < classes(); ++c) {
    const double one = of_class(c);
    if (std::isnan(one)) continue;
    const double weight = average_.name() == "macro" ? 1 : static_cast<double>(std::count(truth_.begin(), truth_.end(), c));
    sum += weight * one;
    weights += weight;
  }
  return sum / weights;  // 0 / 0 is NaN
}

}  // namespace graft::plugins
