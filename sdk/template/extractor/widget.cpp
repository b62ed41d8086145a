// Widget: brings columns of numbers to a like scale by what outliers do not move: median and quartiles of the training rows.
//
//   formula  (x - median) / (upper quartile - lower quartile); a column whose quartiles are equal is not divided
//   columns  [B] numbers or integers, D of them
//   makes    [B, D] double, under the step's name
//   missing  NaN does not count in fit, and becomes the median, so 0, in transform
//   errors   Error("acme/widget") when a column is no number, or has no value in the training rows; before fit
//   source   scikit-learn, preprocessing.RobustScaler; quantiles between two values by linear interpolation, as numpy.percentile
//   differs  scikit-learn lets NaN through
//
//   B rows in a batch   D columns
#include <ATen/ops/empty.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>
#include <graft/config.hpp>
#include <graft/error.hpp>
#include <graft/extractor.hpp>
#include <graft/plugin.hpp>

#include <algorithm>
#include <cmath>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

// The value below which a share of the sorted values lies.
double quantile(const std::vector<double>& sorted, double share) {
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

class Widget final : public graft::Extractor {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. A step makes the column of its own name.
  explicit Widget(const graft::Config& config) : columns_(config.columns("columns")), output_(config.name()) {}

  // The columns after this step; asked before fit and again after it. The place to refuse a column of the wrong kind.
  graft::Schema outputs(const graft::Schema& inputs) const override {
    for (const std::string& column : columns_)
      graft::require(inputs, column, {graft::FieldKind::kNumber, graft::FieldKind::kInteger}, kName);
    return graft::with(inputs, {output_, graft::FieldKind::kVector, {static_cast<std::int64_t>(columns_.size())}, {}});
  }

  // Learns from the training rows, and from nothing else: never from validation or test, nor from augmented rows.
  void fit(const graft::Source& training) override {
    median_ = at::empty({static_cast<std::int64_t>(columns_.size())}, at::kDouble);
    spread_ = at::empty_like(median_);
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::vector<double> sorted = sorted_values(training, columns_[i]);
      if (sorted.empty())
        throw graft::Error(kName, "column " + columns_[i] + " must have a value in the training rows, has none");
      const double spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
      median_.mutable_data_ptr<double>()[i] = quantile(sorted, 0.5);
      spread_.mutable_data_ptr<double>()[i] = spread > 0 ? spread : 1;
    }
  }

  // The same row always gives the same result. Runs on any thread, several at once.
  void transform(graft::Batch& batch) const override {
    if (!median_.defined()) throw graft::Error(kName, "transform needs medians: call fit or restore first");
    std::vector<graft::Tensor> columns;
    for (const std::string& column : columns_) columns.push_back(batch.tensor(column).to(at::kDouble));
    const graft::Tensor scaled = at::stack(columns, 1).sub(median_).div(spread_);
    batch.set(output_, at::where(scaled.isnan(), at::zeros_like(scaled), scaled));
  }

  // All that transform needs, to go with the run: what restore(state()) gives transforms the same, without the training rows.
  graft::State state() const override {
    if (!median_.defined()) return {};
    return {{{"median", median_}, {"spread", spread_}}, {}};
  }

  void restore(const graft::State& state) override {
    median_ = state.tensors.at("median");
    spread_ = state.tensors.at("spread");
  }

 private:
  static std::vector<double> sorted_values(const graft::Source& rows, const std::string& column) {
    std::vector<double> values;
    for (graft::Batches each(rows); each.next();) {
      const graft::Tensor numbers = each.batch().tensor(column).to(at::kDouble).contiguous();
      const double* x = numbers.const_data_ptr<double>();
      std::copy_if(x, x + numbers.numel(), std::back_inserter(values), [](double value) { return !std::isnan(value); });
    }
    std::sort(values.begin(), values.end());
    return values;
  }

  std::vector<std::string> columns_;
  std::string output_;
  graft::Tensor median_, spread_;  // [D] double; undefined before fit
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
