// Widget: a count, by a linear layer on the features that gives the logarithm of its mean (Poisson regression).
//
//   formula   loss = exp(s) - y s,  s = score + log of the mean count in the training rows
//   reads     the column `input`, "features" unless told otherwise: [B, D] float
//   target    numbers or integers >= 0; NaN does not count
//   scores    [B] float: the logarithm of the predicted mean
//   predicts  "value" [B] double: the mean itself
//   names     "linear.weight" [1, D], "linear.bias" [1]; buffer "log_mean" [], set by fit()
//   init      zeros: the first prediction is the mean count
//   errors    Error("acme/widget") when the target is no number, or is negative or never above 0 in the training rows
//   source    torch.nn.PoissonNLLLoss with log_input
//
//   B rows in a batch   D width
#include <ATen/ops/where.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>
#include <graft/config.hpp>
#include <graft/error.hpp>
#include <graft/head.hpp>
#include <graft/nn/linear.hpp>
#include <graft/plugin.hpp>

#include <cmath>

namespace acme_widget {

constexpr const char* kName = "acme/widget";

class Widget final : public graft::Head {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs. Columns are not known yet, so no layers.
  explicit Widget(const graft::Config& config)
      : name_(config.name()), target_(config.column("target")), input_(config.has("input") ? config.text("input") : "") {}

  std::string target() const override { return target_; }
  std::vector<std::string> reads() const override { return {input_}; }  // of what the model gives

  // Makes the layers. `features` is what the model gives, `data` the columns of the rows.
  void build(const graft::Schema& features, const graft::Schema& data, graft::Rng rng) override {
    graft::require(data, target_, {graft::FieldKind::kNumber, graft::FieldKind::kInteger}, kName);
    input_ = graft::head_input(features, input_, name_, kName).name;
    const graft::Field& input = graft::require(features, input_, {graft::FieldKind::kVector}, kName);
    linear_ = register_module("linear", std::make_shared<graft::nn::Linear>(input.shape.at(0), 1, rng, true, /*deviation=*/0.0));
    log_mean_ = register_buffer("log_mean", at::zeros({}));
  }

  // Sees the training rows once, before the first step. What it learns goes to buffers, which are saved with the weights.
  void fit(const graft::Source& training) override {
    double sum = 0, rows = 0;
    for (graft::Batches each(training); each.next();) {
      const graft::Tensor target = each.batch().tensor(target_).to(at::kDouble).contiguous();
      const double* y = target.const_data_ptr<double>();
      for (std::int64_t i = 0; i < target.numel(); ++i) {
        if (y[i] < 0)
          throw graft::Error(kName, "target " + target_ + " must be >= 0, is " + std::to_string(y[i]) + " in a training row");
        if (!std::isnan(y[i])) sum += y[i], ++rows;
      }
    }
    if (!(sum > 0)) throw graft::Error(kName, "target " + target_ + " must be above 0 in some training row, is in none");
    log_mean_.fill_(std::log(sum / rows));
  }

  // What predict() gives, by the standard names of graft/head.hpp, so that any metric of numbers meets this head.
  graft::Schema outputs() const override { return {{"value", graft::FieldKind::kNumber, {}, {}}}; }

  graft::Scores forward(const graft::Batch& features, const graft::Call& call) override {
    return {linear_->forward(features.tensor(input_), call).squeeze(1).to(at::kFloat).add(log_mean_), {}};
  }

  // A value and a weight for each row, not reduced: the host takes the mean over all rows of a step, however they are split.
  graft::RowLoss loss(const graft::Scores& scores, const graft::Batch& batch) const override {
    const graft::Tensor target = batch.tensor(target_).to(at::kFloat);
    const graft::Tensor is_label = target.isnan().logical_not();
    const graft::Tensor value = scores.values.exp().sub(target.nan_to_num(0).mul(scores.values));
    return {at::where(is_label, value, at::zeros_like(value)), is_label.to(at::kFloat)};
  }

  graft::Batch predict(const graft::Scores& scores, const graft::Batch& batch) const override {
    graft::Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    result.set("value", scores.values.to(at::kDouble).exp());
    return result;
  }

 private:
  std::string name_, target_, input_;
  std::shared_ptr<graft::nn::Linear> linear_;
  graft::Tensor log_mean_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
