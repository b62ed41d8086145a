#include "dann.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {

Dann::Dann(const Config& config, std::string name)
    : Adaptation(std::move(name)),
      weight_(config.number("weight")),
      gamma_(config.number("gamma")),
      hidden_(config.integer("hidden")),
      alternates_(config.flag("alternate")) {}

void Dann::setup(Session& session) {
  Adaptation::setup(session);
  discriminator_ = std::make_shared<Discriminator>(inputs(session), hidden_, session.rng().fork("discriminator"));
  session.add_module("discriminator", discriminator_, alternates_ ? 1 : 0);
}

Tensor Dann::row_weights(Step&, const Domain& domain) {
  return at::ones({domain.features.size(0)}, domain.features.options().requires_grad(false));
}

Term Dann::loss(const Side& source, const Side& target) const {
  const Tensor ours = discriminator_->losses(source.seen, true), theirs = discriminator_->losses(target.seen, false);
  return {"domain", ours.mul(source.weights).sum() + theirs.mul(target.weights).sum(),
          source.weights.sum() + target.weights.sum(), false};
}

Term Dann::penalty(Step& step, const Domain& source, const Domain& target) {
  const double lambda = weight_ * rising(step.session().progress(), gamma_);
  const auto side = [&](const Domain& domain) {
    Tensor x = seen(step, domain);  // row_weights() may need what it found
    return Side{std::move(x), row_weights(step, domain)};
  };
  const Side ours = side(source), theirs = side(target);
  source_ = {ours.seen.detach(), ours.weights}, target_ = {theirs.seen.detach(), theirs.weights};
  return loss({reversed(ours.seen, lambda), ours.weights}, {reversed(theirs.seen, lambda), theirs.weights});
}

void Dann::after_step(Step& step) {
  if (alternates_) step.minimise([&] { return Terms{loss(source_, target_)}; }, 1);
}

}  // namespace graft::plugins
