#include "graft/nn/cross_entropy.hpp"

#include <ATen/ops/log_softmax.h>
#include <ATen/ops/zeros_like.h>

#include "graft/error.hpp"
#include "ops.hpp"
#include "twin.hpp"

namespace graft::nn {
namespace {

void check(const Tensor& scores, const Tensor& targets, double smoothing) {
  if (scores.dim() != 2 || scores.size(1) < 1 || targets.dim() != 1 || targets.size(0) != scores.size(0) ||
      targets.scalar_type() != at::kLong) {
    throw Error("graft/nn", "cross_entropy needs scores [B, C] and targets [B] of type int64");
  }
  if (!(smoothing >= 0 && smoothing < 1))
    throw Error("graft/nn", "smoothing must be in [0, 1), got " + std::to_string(smoothing));
  if (targets.is_cpu() && targets.numel() > 0 && targets.max().item<std::int64_t>() >= scores.size(1)) {
    throw Error("graft/nn", "targets must be below the number of classes, " + std::to_string(scores.size(1)) + ", got " +
                                std::to_string(targets.max().item<std::int64_t>()));
  }
}

struct CrossEntropy : torch::autograd::Function<CrossEntropy> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& scores, const Tensor& targets,
                        double smoothing) {
    const EntropyResult result = ops_of(scores)->cross_entropy({scores.contiguous(), targets.contiguous(), smoothing});
    context->save_for_backward({scores, targets, result.lse});
    context->saved_data["smoothing"] = smoothing;
    return result.loss;
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const double smoothing = context->saved_data["smoothing"].toDouble();
    if (at::GradMode::is_enabled()) {
      auto slopes = twin_gradients({saved[0]}, gradients[0], [&] { return cross_entropy_plain(saved[0], saved[1], smoothing); });
      slopes.resize(3);
      return slopes;
    }
    return {ops_of(saved[0])->cross_entropy_backward({saved[0].contiguous(), saved[1].contiguous(), smoothing}, saved[2],
                                                     gradients[0].contiguous()),
            {},
            {}};
  }
};

}  // namespace

Tensor cross_entropy(const Tensor& scores, const Tensor& targets, double smoothing) {
  check(scores, targets, smoothing);
  return ops_of(scores) ? CrossEntropy::apply(scores, targets, smoothing) : cross_entropy_plain(scores, targets, smoothing);
}

Tensor cross_entropy_plain(const Tensor& scores, const Tensor& targets, double smoothing) {
  check(scores, targets, smoothing);
  const Tensor wide = scores.scalar_type() == at::kDouble ? scores : scores.to(at::kFloat);
  const Tensor log_p = at::log_softmax(wide, 1), is_label = targets.ge(0).to(wide.scalar_type());
  const Tensor own = log_p.gather(1, targets.clamp_min(0).unsqueeze(1)).squeeze(1);
  return own.mul(1 - smoothing).add(log_p.mean(1).mul(smoothing)).mul(is_label).neg();
}

}  // namespace graft::nn
