#include "pearson.hpp"

namespace graft::plugins {

Pearson::Pearson(const Config&) : NumberMetric("graft/pearson") {}

void Pearson::clear() { moments_ = {}; }
void Pearson::add(const NumberPairs& pairs) { moments_.merge(Moments::of(pairs.predicted, pairs.truth)); }
void Pearson::merge(const Metric& other) { moments_.merge(dynamic_cast<const Pearson&>(other).moments_); }
double Pearson::value() const { return moments_.correlation(); }

}  // namespace graft::plugins
