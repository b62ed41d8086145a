// Widget: the share of rows whose prediction is within a tolerance of the truth.
//
//   formula  mean over rows of [ |predicted - truth| <= tolerance ]
//   reads    "value" of the predictions; a number or integer target, where NaN is missing and does not count
//   value    0 to 1, higher is better; NaN when no row has a label
//   errors   Error("acme/widget") when the head gives no value or the target is no number
#include <graft/config.hpp>
#include <graft/metric.hpp>
#include <graft/plugin.hpp>

#include <cmath>
#include <limits>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

class Widget final : public graft::Metric {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs.
  explicit Widget(const graft::Config& config) : tolerance_(config.number("tolerance")) {}

  // What a head predicts has standard names (graft/head.hpp): ask for yours, and any head that gives it will do.
  void build(const graft::Schema& predictions, const graft::Field& target) override {
    graft::require(predictions, "value", {graft::FieldKind::kNumber}, kName);
    graft::require({target}, target.name, {graft::FieldKind::kNumber, graft::FieldKind::kInteger}, kName);
    target_ = target.name;
  }

  // Some rows at a time, on the CPU. Keep what value() needs, not the rows.
  void update(const graft::Batch& predictions, const graft::Batch& truth) override {
    const graft::Tensor guesses = predictions.tensor("value").to(at::kDouble).contiguous();
    const graft::Tensor labels = truth.tensor(target_).to(at::kDouble).contiguous();
    const double *guess = guesses.const_data_ptr<double>(), *label = labels.const_data_ptr<double>();
    for (std::int64_t row = 0; row < labels.numel(); ++row) {
      if (std::isnan(label[row])) continue;
      ++rows_;
      if (std::abs(guess[row] - label[row]) <= tolerance_) ++within_;
    }
  }

  // Must give what one metric over all rows would: rows are counted in parts.
  void merge(const graft::Metric& other) override {
    const auto& from = dynamic_cast<const Widget&>(other);
    rows_ += from.rows_;
    within_ += from.within_;
  }

  double value() const override {
    return rows_ == 0 ? std::numeric_limits<double>::quiet_NaN() : static_cast<double>(within_) / static_cast<double>(rows_);
  }
  bool higher_is_better() const override { return true; }

 private:
  double tolerance_;
  std::string target_;
  std::int64_t rows_ = 0, within_ = 0;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
