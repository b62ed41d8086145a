#include "regress.hpp"

#include <ATen/ops/isfinite.h>
#include <ATen/ops/isnan.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/sparse_linear.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/regress";

// Mean and variance by Welford's update: exact to rounding for any mean.
struct Moments {
  std::int64_t count = 0;
  double mean = 0, squares = 0;

  void add(double y) {
    const double before = y - mean;
    mean += before / static_cast<double>(++count);
    squares += before * (y - mean);
  }
};

}  // namespace

Regress::Regress(const Config& config)
    : name_(config.name()),
      target_(config.column("target")),
      input_(config.has("input") ? config.text("input") : ""),
      loss_(config.text("loss")),
      dropout_(config.number("dropout")) {}

void Regress::build(const Schema& features, const Schema& data, Rng rng) {
  const Field& field = require(data, target_, kName);
  if (field.kind == FieldKind::kClass || field.kind == FieldKind::kSoftClass) {
    throw Error(kName, "target must be number or integer, " + target_ + " is " + std::string(kind_name(field.kind)) +
                           ": use the head classify");
  }
  require(data, target_, {FieldKind::kNumber, FieldKind::kInteger}, kName);
  const Field& input = head_input(features, input_, name_, kName);
  input_ = input.name;
  is_sparse_ = input.kind == FieldKind::kSparse;
  const double deviation = is_sparse_ ? 0.0 : 0.02;
  regressor_ = register_module("regressor", std::make_shared<nn::Linear>(input.shape.at(0), 1, rng, true, deviation));
  mean_ = register_buffer("mean", at::zeros({}, at::kDouble));
  deviation_ = register_buffer("deviation", at::ones({}, at::kDouble));
}

void Regress::fit(const Source& training) {
  Moments moments;
  for (Batches each(training); each.next();) {
    const Tensor target = each.batch().tensor(target_).to(at::kCPU, at::kDouble).contiguous();
    const double* y = target.const_data_ptr<double>();
    for (std::int64_t i = 0; i < target.numel(); ++i)
      if (!std::isnan(y[i])) moments.add(y[i]);
  }
  if (moments.count == 0) throw Error(kName, "target " + target_ + " has no number in the training rows");
  const double deviation = std::sqrt(moments.squares / static_cast<double>(moments.count));
  if (!std::isfinite(deviation)) throw Error(kName, "target " + target_ + " must be finite, but is infinite in a training row");
  if (deviation == 0) {
    throw Error(kName, "target " + target_ + " must vary, but is " + to_json(Value(moments.mean)) + " in all training rows");
  }
  at::NoGradGuard no_grad;
  mean_.fill_(moments.mean);
  deviation_.fill_(deviation);
}

Schema Regress::outputs() const { return {Field{"value", FieldKind::kNumber, {}, {}}}; }

Scores Regress::forward(const Batch& features, const Call& call) {
  const Tensor scores = is_sparse_ ? nn::sparse_linear(features.sparse(input_), regressor_->weight, regressor_->bias)
                                   : regressor_->forward(nn::dropout(features.tensor(input_), dropout_, call), call);
  return {scores.squeeze(1), {}};
}

RowLoss Regress::loss(const Scores& scores, const Batch& batch) const {
  const Tensor score = wide(scores.values);
  const Tensor z = batch.tensor(target_).to(at::kDouble).sub(mean_).div(deviation_).to(score.scalar_type());
  const Tensor is_label = at::isnan(z).logical_not();
  const Tensor d = at::where(is_label, score.sub(z.nan_to_num(0)), at::zeros_like(z));
  const Tensor weight = is_label.to(at::kFloat);
  if (loss_ == "mse") return {d.square(), weight};
  const Tensor size = d.abs();
  if (loss_ == "mae") return {size, weight};
  return {at::where(size.le(1), d.square().mul(0.5), size.sub(0.5)), weight};
}

Batch Regress::predict(const Scores& scores, const Batch& batch) const {
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("value", scores.values.to(at::kDouble).mul(deviation_).add(mean_));
  return result;
}

}  // namespace graft::plugins
