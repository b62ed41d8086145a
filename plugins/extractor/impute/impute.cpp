#include "impute.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/where.h>

#include <algorithm>
#include <numeric>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/impute";

double most_frequent(const std::vector<double>& sorted) {
  double best = sorted.front();
  std::ptrdiff_t most = 0;
  for (auto at = sorted.begin(), end = at; at != sorted.end(); at = end) {
    end = std::upper_bound(at, sorted.end(), *at);
    if (end - at > most) most = end - at, best = *at;
  }
  return best;
}

}  // namespace

Impute::Impute(const Config& config)
    : columns_(config.columns("columns"), kWhere),
      output_(config.name()),
      strategy_(config.text("strategy")),
      value_(config.number("value")),
      indicator_(config.flag("indicator")) {}

Schema Impute::outputs(const Schema& inputs) const {
  std::int64_t width = columns_.width(inputs);
  if (fill_.defined()) width = fill_.size(0) + indicated_.size(0);
  return with(inputs, {output_, FieldKind::kVector, {indicator_ && !fill_.defined() ? -1 : width}, {}});
}

double Impute::fill_of(const std::vector<double>& sorted) const {
  if (strategy_ == "mean") return std::accumulate(sorted.begin(), sorted.end(), 0.0) / static_cast<double>(sorted.size());
  return strategy_ == "median" ? quantile(sorted, 0.5) : most_frequent(sorted);
}

void Impute::fit(const Source& training) {
  const Tensor all = columns_.all(training);
  if (strategy_ == "constant") {
    fill_ = at::full({all.size(1)}, value_, at::kDouble);
  } else {
    std::vector<double> fill;
    for (std::int64_t feature = 0; feature < all.size(1); ++feature) fill.push_back(fill_of(sorted_values(all, feature, kWhere)));
    fill_ = vector_of(fill);
  }
  indicated_ = indicator_ ? all.isnan().any(0).nonzero().squeeze(1) : at::empty({0}, at::kLong);
}

void Impute::transform(Batch& batch) const {
  if (!fill_.defined()) throw Error(kWhere, "transform needs what it fills in: call fit or restore first");
  const Tensor values = columns_.of(batch, fill_.size(0)), missing = values.isnan();
  const Tensor filled = at::where(missing, fill_, values);
  batch.set(output_, at::cat({filled, missing.index_select(1, indicated_).to(at::kDouble)}, 1));
}

State Impute::state() const {
  if (!fill_.defined()) return {};
  return {{{"fill", fill_}, {"indicated", indicated_}}, {}};
}

void Impute::restore(const State& state) {
  fill_ = tensor_in(state, "fill", kWhere);
  indicated_ = tensor_in(state, "indicated", kWhere).to(at::kLong);
}

}  // namespace graft::plugins
