#include "gaussian_noise.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/where.h>

#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/gaussian_noise";

// The standard deviation of each feature of [N] or [N, D], as of all rows there are; 0 where none has a number.
Tensor deviations(const Tensor& values) {
  const Tensor table = values.dim() == 1 ? values.unsqueeze(1) : values;
  const Tensor has_number = table.isnan().logical_not(), count = has_number.sum(0).clamp_min(1);
  const Tensor mean = table.nan_to_num(0).sum(0).div(count);
  return at::where(has_number, table.sub(mean).square(), 0.0).sum(0).div(count).sqrt();
}

}  // namespace

GaussianNoise::GaussianNoise(const Config& config)
    : columns_(config.columns("columns")), deviation_(config.number("deviation")), relative_(config.flag("relative")) {}

Schema GaussianNoise::outputs(const Schema& inputs) const {
  for (const std::string& column : columns_) require(inputs, column, {FieldKind::kNumber, FieldKind::kVector}, kWhere);
  return inputs;
}

void GaussianNoise::fit(const Source& training) {
  outputs(training.schema());
  scales_.clear();
  for (const std::string& column : columns_) {
    std::vector<Tensor> parts;
    for (Batches each(training); each.next();) parts.push_back(each.batch().tensor(column).to(at::kDouble));
    if (parts.empty()) throw Error(kWhere, "the training rows must not be empty");
    const Tensor scale = deviations(at::cat(parts, 0));
    scales_.push_back(relative_ ? scale.mul(deviation_) : at::full_like(scale, deviation_));
  }
}

Tap GaussianNoise::augment(Batch& batch, Rng rng) const {
  if (scales_.empty()) throw Error(kWhere, "augment needs the deviations: call fit or restore first");
  std::vector<Rng> draws;
  for (const std::int64_t id : batch.row_ids()) draws.push_back(rng.row(id));
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Tensor& given = batch.tensor(columns_[c]);
    Tensor noise = at::full(given.sizes(), 0.0, at::kDouble);
    auto* to = noise.mutable_data_ptr<double>();
    const auto* scale = scales_[c].const_data_ptr<double>();
    for (Rng& row : draws)
      for (std::int64_t d = 0; d < scales_[c].numel(); ++d) *to++ = scale[d] * row.normal();
    batch.set(columns_[c], given.add(noise.to(given.scalar_type())));
  }
  return {};
}

State GaussianNoise::state() const {
  State state;
  for (std::size_t c = 0; c < scales_.size(); ++c) state.tensors[columns_[c]] = scales_[c];
  return state;
}

void GaussianNoise::restore(const State& state) {
  scales_.clear();
  for (const std::string& column : columns_) {
    const auto found = state.tensors.find(column);
    if (found == state.tensors.end()) throw Error(kWhere, "the state must have the tensor " + column + ", has none");
    scales_.push_back(found->second.to(at::kCPU, at::kDouble).contiguous());
  }
}

}  // namespace graft::plugins
