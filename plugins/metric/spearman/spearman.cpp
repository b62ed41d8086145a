#include "spearman.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../moments.hpp"

namespace graft::plugins {
namespace {

std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    for (end = begin + 1; end < order.size() && values[order[end]] == values[order[begin]];) ++end;
    const double shared = 0.5 * static_cast<double>(begin + 1 + end);  // mean of the ranks begin + 1 .. end
    for (std::size_t i = begin; i < end; ++i) ranks[order[i]] = shared;
  }
  return ranks;
}

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

bool has_nan(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

}  // namespace

Spearman::Spearman(const Config&) : NumberMetric("graft/spearman") {}

void Spearman::clear() { seen_ = {}; }

void Spearman::add(const NumberPairs& pairs) {
  append(seen_.predicted, pairs.predicted);
  append(seen_.truth, pairs.truth);
}

void Spearman::merge(const Metric& other) { add(dynamic_cast<const Spearman&>(other).seen_); }

double Spearman::value() const {
  if (has_nan(seen_.predicted)) return std::nan("");
  return Moments::of(ranks_of(seen_.predicted), ranks_of(seen_.truth)).correlation();
}

}  // namespace graft::plugins
