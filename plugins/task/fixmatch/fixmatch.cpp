#include "fixmatch.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include "graft/head.hpp"

namespace graft::plugins {

Fixmatch::Fixmatch(const Config& config)
    : Adaptation("graft/fixmatch"),
      wanted_(config.has("head") ? config.text("head") : ""),
      weight_(config.number("weight")),
      threshold_(config.number("threshold")) {}

void Fixmatch::setup(Session& session) {
  Adaptation::setup(session);
  head_name_ = class_head(session, wanted_, name()).name;
  for (const auto& [name, head] : session.heads())
    if (name == head_name_) head_ = head;
}

Tensor Fixmatch::guesses(Step& step, const Batch& rows) const {
  const at::NoGradGuard no_grad;
  const Batch weak = step.clean(rows), features = step.forward(weak);
  const Tensor probability = head_->predict(step.scores(features, head_name_), features).tensor("probability");
  const auto [best, label] = probability.max(1);
  return label.masked_fill(best.lt(threshold_), kMissingClass);
}

Term Fixmatch::penalty(Step& step, const Domain&, const Domain& target) {
  Batch rows(std::vector<std::int64_t>(target.rows.row_ids().begin(), target.rows.row_ids().end()));
  rows.set(head_->target(), guesses(step, target.rows));
  const RowLoss loss = head_->loss(step.scores(target.output, head_name_), rows);
  const auto count = static_cast<double>(target.rows.size());
  return {"fixmatch", loss.value.sum().mul(weight_), at::full({}, count, loss.value.options().requires_grad(false))};
}

}  // namespace graft::plugins
