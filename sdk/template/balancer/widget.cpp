// Widget: leans towards the tasks that do worst: between the sum of the losses and the largest of them (tilted losses).
//
//   formula  K / t * log(mean over tasks of exp(t * loss)): a task weighs K * softmax(t * losses)
//   tilt     t: near 0 it is the sum of the losses, as graft/sum; for large t K times the largest
//   source   Li et al. 2021, arXiv:2007.01162, over tasks in place of rows
//   differs  times K, so that the size of a step is that of graft/sum
//
//   K tasks that have a label in the step
#include <ATen/ops/logsumexp.h>
#include <graft/balancer.hpp>
#include <graft/config.hpp>
#include <graft/plugin.hpp>

#include <cmath>

namespace acme_widget {

class Widget final : public graft::Balancer {
 public:
  // The parameters are as plugin.json says, checked and completed before this runs.
  explicit Widget(const graft::Config& config) : tilt_(config.number("tilt")) {}

  // What combine() needs. Losses cost nothing; a Gramian or a Jacobian costs a backward pass a task.
  Wants wants() const override { return Wants::kLosses; }
  bool scales_heads() const override { return true; }  // the heads' own gradients are weighed too

  // Of kLosses: a differentiable scalar of values() [K]. A task without a label in this step is not among them.
  graft::Tensor combine(const graft::Losses& losses) override {
    const graft::Tensor& values = losses.values();
    const double tasks = static_cast<double>(values.size(0));
    return at::logsumexp(values.mul(tilt_), 0).sub(std::log(tasks)).mul(tasks / tilt_);
  }

 private:
  double tilt_;
};

}  // namespace acme_widget

GRAFT_PLUGIN(registrar) { registrar.add<acme_widget::Widget>("acme/widget"); }
