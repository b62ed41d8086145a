#include "cdan.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {

Cdan::Cdan(const Config& config)
    : Dann(config, "graft/cdan"), head_(config.has("head") ? config.text("head") : ""), entropy_(config.flag("entropy")) {}

std::int64_t Cdan::inputs(Session& session) {
  const ClassHead head = class_head(session, head_, name());
  head_ = head.name;
  return width() * head.classes;
}

Tensor Cdan::seen(Step& step, const Domain& domain) {
  probabilities_ = at::softmax(in_float(step.scores(domain.output, head_).values.detach()), 1);
  return at::einsum("bd,bk->bdk", {domain.features, probabilities_}).flatten(1);
}

Tensor Cdan::row_weights(Step& step, const Domain& domain) {
  return entropy_ ? at::special_entr(probabilities_).sum(1).neg().exp().add(1) : Dann::row_weights(step, domain);
}

}  // namespace graft::plugins
