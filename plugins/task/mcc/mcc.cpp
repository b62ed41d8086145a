#include "mcc.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {

Tensor mcc_loss(const Tensor& scores, double temperature) {
  const Tensor p = at::softmax(scores.div(temperature), 1);
  const Tensor entropy = at::special_entr(p).sum(1, true).detach();
  const Tensor certain = entropy.neg().exp().add(1);
  const Tensor weights = certain.div(certain.sum()).mul(static_cast<double>(p.size(0)));
  const Tensor confusion = at::mm(p.mul(weights).t(), p);
  const Tensor shares = confusion.div(confusion.sum(1, true));
  return (shares.sum() - shares.trace()).div(static_cast<double>(p.size(1)));
}

Mcc::Mcc(const Config& config)
    : Adaptation("graft/mcc"),
      weight_(config.number("weight")),
      temperature_(config.number("temperature")),
      head_(config.has("head") ? config.text("head") : "") {}

void Mcc::setup(Session& session) {
  Adaptation::setup(session);
  head_ = class_head(session, head_, name()).name;
}

Term Mcc::penalty(Step& step, const Domain&, const Domain& target) {
  const Tensor scores = in_float(step.scores(target.output, head_).values);
  return {"mcc", mcc_loss(scores, temperature_).mul(weight_), one_on(scores)};
}

}  // namespace graft::plugins
