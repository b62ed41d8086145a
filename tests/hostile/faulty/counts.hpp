#pragma once

#include <ATen/Functions.h>

#include <cmath>

#include "fault.hpp"
#include "graft/balancer.hpp"
#include "graft/config.hpp"
#include "graft/metric.hpp"

namespace faulty {

// The share of rows whose class is right.
class Share final : public graft::Metric {
 public:
  explicit Share(const graft::Config&) {}
  void build(const graft::Schema& predictions, const graft::Field& target) override {
    graft::require({target}, target.name, {graft::FieldKind::kClass}, "acme/share");
    graft::require(predictions, "label", "acme/share");
    target_ = target.name;
  }
  void update(const graft::Batch& predictions, const graft::Batch& truth) override {
    const graft::Tensor& label = truth.tensor(target_);
    const graft::Tensor known = has("missing labels count") ? label.ge(-1000) : label.ne(graft::kMissingClass);
    const double right = label.eq(predictions.tensor("label")).logical_and(known).sum().item<double>();
    const double rows = known.sum().item<double>();
    if (rows == 0) return;
    right_ += has("mean of batches") ? right / rows : right;
    rows_ += has("mean of batches") ? 1 : rows;
  }
  void merge(const graft::Metric& other) override {
    const auto& from = dynamic_cast<const Share&>(other);
    right_ += from.right_;
    if (!has("merge that forgets")) rows_ += from.rows_;
  }
  double value() const override {
    if (has("NaN")) return std::nan("");
    return rows_ == 0 && has("0 for nothing") ? 0 : right_ / rows_;
  }
  bool higher_is_better() const override { return !has("wrong direction"); }

 private:
  std::string target_;
  double right_ = 0, rows_ = 0;
};

// The sum of the losses, by weights of 1. It claims what a sum has.
class Sum : public graft::Balancer {
 public:
  explicit Sum(const graft::Config&) {}
  Wants wants() const override { return Wants::kGramian; }
  graft::Tensor combine(const graft::Losses& losses) override {
    const graft::Tensor& gramian = losses.gramian();
    const graft::Tensor ones = at::ones({gramian.size(0)}, at::kDouble);
    const graft::Tensor places = at::arange(1, gramian.size(0) + 1, at::kDouble);
    if (has("NaN without a gradient")) return gramian.diagonal().div(gramian.diagonal());
    if (has("one weight too many")) return at::cat({ones, ones.narrow(0, 0, 1)});
    if (has("state not saved")) return ones.mul(++steps_);
    if (has("order of tasks")) return places;
    if (has("gradients of length 1")) return gramian.diagonal().add(1e-12).rsqrt();
    return has("weights of 0") ? ones.mul(0) : ones;
  }

 private:
  int steps_ = 0;
};

}  // namespace faulty
