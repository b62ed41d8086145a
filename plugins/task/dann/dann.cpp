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

Term Dann::penalty(Step& step, const Domain& source, const Domain& target) {
  const double lambda = weight_ * rising(step.session().progress(), gamma_);
  kept_.clear();
  Tensor sum, count;
  for (const auto& [domain, is_source] : {std::pair(&source, true), std::pair(&target, false)}) {
    const Tensor x = seen(step, *domain), weights = row_weights(step, *domain);
    kept_.push_back({x.detach(), weights, is_source});
    const Tensor loss = weighted(discriminator_->losses(reversed(x, lambda), is_source), weights);
    sum = sum.defined() ? sum + loss : loss;
    count = count.defined() ? count + weights.sum() : weights.sum();
  }
  return {"domain", sum, count};
}

void Dann::after_step(Step& step) {
  if (!alternates_) return;
  step.minimise(
      [&] {
        Term term{"domain", Tensor(), Tensor(), false};
        for (const Side& side : kept_) {
          const Tensor loss = weighted(discriminator_->losses(side.seen, side.is_source), side.weights);
          term.sum = term.sum.defined() ? term.sum + loss : loss;
          term.count = term.count.defined() ? term.count + side.weights.sum() : side.weights.sum();
        }
        return Terms{term};
      },
      1);
}

}  // namespace graft::plugins
