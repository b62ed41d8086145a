#include "spearman.hpp"

#include <cmath>

#include "../moments.hpp"
#include "../ranks.hpp"

namespace graft::plugins {
namespace {

void append(std::vector<double>& to, const std::vector<double>& from) { to.insert(to.end(), from.begin(), from.end()); }

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
