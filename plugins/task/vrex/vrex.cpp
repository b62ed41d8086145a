#include "vrex.hpp"

#include <ATen/Functions.h>

namespace graft::plugins {

Terms Vrex::combine(Step& step, const std::vector<Domain>& domains) {
  std::vector<Tensor> losses;
  for (const Domain& domain : domains) losses.push_back(domain.loss);
  const Tensor all = at::stack(losses);
  const Tensor variance = (all - all.mean()).square().mean();
  return {mean_loss(losses),
          {"vrex", variance.mul(annealed_.weight(step.session().progress())),
           at::ones({}, variance.options().requires_grad(false)), false}};
}

}  // namespace graft::plugins
