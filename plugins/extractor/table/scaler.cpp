#include "scaler.hpp"

#include <limits>

#include "graft/error.hpp"

namespace graft::plugins {

Scaler::Scaler(const Config& config, const char* where) : columns_(config.columns("columns"), where), output_(config.name()) {}

Schema Scaler::outputs(const Schema& inputs) const {
  const std::int64_t width = columns_.width(inputs);
  return with(inputs, {output_, FieldKind::kVector, {center_.defined() ? center_.size(0) : width}, {}});
}

void Scaler::fit(const Source& training) {
  const Tensor all = columns_.all(training);
  std::vector<double> center, scale;
  for (std::int64_t feature = 0; feature < all.size(1); ++feature) {
    const Affine affine = measure(sorted_values(all, feature, columns_.where()));
    center.push_back(affine.center);
    scale.push_back(affine.scale);
  }
  center_ = vector_of(center);
  scale_ = vector_of(scale);
}

void Scaler::transform(Batch& batch) const {
  if (!center_.defined()) throw Error(columns_.where(), "transform needs center and scale: call fit or restore first");
  batch.set(output_, finish(columns_.of(batch, center_.size(0)).sub(center_).div(scale_)));
}

State Scaler::state() const {
  if (!center_.defined()) return {};
  return {{{"center", center_}, {"scale", scale_}}, {}};
}

void Scaler::restore(const State& state) {
  center_ = tensor_in(state, "center", columns_.where());
  scale_ = tensor_in(state, "scale", columns_.where());
}

double safe_scale(double scale) { return scale < 10 * std::numeric_limits<double>::epsilon() ? 1 : scale; }

}  // namespace graft::plugins
