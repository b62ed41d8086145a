#include "r2.hpp"

#include <cmath>

namespace graft::plugins {

R2::R2(const Config&) : NumberMetric("graft/r2") {}

void R2::clear() {
  moments_ = {};
  residual_ = 0;
}

void R2::add(const NumberPairs& pairs) {
  moments_.merge(Moments::of(pairs.predicted, pairs.truth));
  for (std::size_t i = 0; i < pairs.truth.size(); ++i) residual_ += std::pow(pairs.truth[i] - pairs.predicted[i], 2);
}

void R2::merge(const Metric& other) {
  const auto& from = dynamic_cast<const R2&>(other);
  moments_.merge(from.moments_);
  residual_ += from.residual_;
}

double R2::value() const {
  if (moments_.n < 2 || moments_.low_y == moments_.high_y) return std::nan("");
  return 1 - residual_ / moments_.s_yy;
}

}  // namespace graft::plugins
