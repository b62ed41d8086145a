#include "standard_scaler.hpp"

#include <ATen/Functions.h>

#include <cmath>
#include <limits>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/standard_scaler";
const std::vector<FieldKind> kKinds = {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector};

// Calls with (feature, value) for every value of [B, D] that is not missing.
template <class Use>
void each_value(const Tensor& features, Use use) {
  const double* value = features.const_data_ptr<double>();
  for (std::int64_t row = 0; row < features.size(0); ++row)
    for (std::int64_t feature = 0; feature < features.size(1); ++feature, ++value)
      if (!std::isnan(*value)) use(feature, *value);
}

// What the training rows say of one feature. Two passes, the second corrected for what rounding left of the first's mean
// (Chan et al. 1983).
struct Moments {
  double count = 0, sum = 0, deviation = 0, square = 0;

  double mean() const { return sum / count; }
  double variance() const { return (square - deviation * deviation / count) / count; }
  double scale() const {
    constexpr double eps = std::numeric_limits<double>::epsilon();
    const double rounding = count * mean() * eps;
    const bool constant = variance() <= count * eps * variance() + rounding * rounding;
    return constant ? 1.0 : std::sqrt(variance());
  }
};

const Tensor& tensor_in(const State& state, const std::string& key) {
  const auto found = state.tensors.find(key);
  if (found == state.tensors.end()) throw Error(kWhere, "the state must have the tensor " + key + ", has none");
  return found->second;
}

}  // namespace

StandardScaler::StandardScaler(const Config& config)
    : columns_(config.columns("columns")), output_(config.name()), missing_is_mean_(config.text("missing") == "mean") {
  if (columns_.empty()) throw Error(kWhere, "columns must name at least one column, names none");
}

Schema StandardScaler::outputs(const Schema& inputs) const {
  std::int64_t width = 0;
  for (const std::string& column : columns_) {
    const Field& field = require(inputs, column, kKinds, kWhere);
    const std::int64_t features = field.kind != FieldKind::kVector ? 1 : field.shape.empty() ? -1 : field.shape[0];
    width = width < 0 || features < 0 ? -1 : width + features;
  }
  return with(inputs, {output_, FieldKind::kVector, {mean_.defined() ? mean_.size(0) : width}, {}});
}

Tensor StandardScaler::features(const Batch& batch) const {
  std::vector<Tensor> parts;
  for (const std::string& column : columns_) {
    const Tensor& values = batch.tensor(column);
    parts.push_back((values.dim() == 1 ? values.unsqueeze(1) : values).to(at::kDouble));
  }
  return at::cat(parts, 1).contiguous();
}

std::string StandardScaler::name_of(const Batch& batch, std::int64_t feature) const {
  for (const std::string& column : columns_) {
    const Tensor& values = batch.tensor(column);
    const std::int64_t width = values.dim() == 1 ? 1 : values.size(1);
    if (feature < width) return values.dim() == 1 ? column : column + "[" + std::to_string(feature) + "]";
    feature -= width;
  }
  return "";
}

void StandardScaler::fit(const Source& training) {
  std::vector<Moments> moments;
  const auto walk = [&](auto use) {
    for (Batches each(training); each.next();) {
      const Tensor values = features(each.batch());
      moments.resize(static_cast<std::size_t>(values.size(1)));
      each_value(values, [&](std::int64_t feature, double value) {
        if (std::isinf(value)) throw Error(kWhere, "column " + name_of(each.batch(), feature) + " must be finite, is infinite");
        use(moments[static_cast<std::size_t>(feature)], value);
      });
    }
  };
  walk([](Moments& m, double value) { m.count += 1, m.sum += value; });
  walk([](Moments& m, double value) { m.deviation += value - m.mean(), m.square += (value - m.mean()) * (value - m.mean()); });
  mean_ = at::empty({static_cast<std::int64_t>(moments.size())}, at::kDouble);
  scale_ = at::empty_like(mean_);
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (moments[i].count == 0)
      throw Error(kWhere, "feature " + std::to_string(i) + " must have a value in the training rows, has none");
    mean_.mutable_data_ptr<double>()[i] = moments[i].mean();
    scale_.mutable_data_ptr<double>()[i] = moments[i].scale();
  }
}

void StandardScaler::transform(Batch& batch) const {
  if (!mean_.defined()) throw Error(kWhere, "transform needs mean and scale: call fit or restore first");
  Tensor values = features(batch);
  if (values.size(1) != mean_.size(0))
    throw Error(kWhere, std::to_string(mean_.size(0)) + " features expected, got " + std::to_string(values.size(1)));
  const double *mean = mean_.const_data_ptr<double>(), *scale = scale_.const_data_ptr<double>();
  Tensor scaled = at::empty_like(values);
  const double* from = values.const_data_ptr<double>();
  double* to = scaled.mutable_data_ptr<double>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    const std::int64_t feature = i % values.size(1);
    to[i] = missing_is_mean_ && std::isnan(from[i]) ? 0.0 : (from[i] - mean[feature]) / scale[feature];
    if (!std::isfinite(to[i]))
      throw Error(kWhere, "column " + name_of(batch, feature) + " must be finite, is " +
                              (std::isnan(from[i]) ? "missing (missing: \"mean\" reads it as the mean)" : "infinite"));
  }
  batch.set(output_, scaled);
}

State StandardScaler::state() const {
  if (!mean_.defined()) return {};
  return {{{"mean", mean_}, {"scale", scale_}}, {}};
}

void StandardScaler::restore(const State& state) {
  mean_ = tensor_in(state, "mean").to(at::kCPU, at::kDouble).contiguous();
  scale_ = tensor_in(state, "scale").to(at::kCPU, at::kDouble).contiguous();
}

}  // namespace graft::plugins
