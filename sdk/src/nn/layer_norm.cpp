#include "graft/nn/layer_norm.hpp"

#include <ATen/ops/layer_norm.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/zeros.h>
#include <ATen/record_function.h>

#include "mask.hpp"
#include "ops.hpp"
#include "twin.hpp"

namespace graft::nn {
namespace {

Tensor plain(const Tensor& x, const Tensor& residual, const Tensor& weight, const Tensor& bias, double epsilon,
             const Mask& mask) {
  return at::layer_norm(dropout_by(x, mask).add(residual), {weight.size(0)}, weight, bias, epsilon);
}

struct AddNorm : torch::autograd::Function<AddNorm> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& residual, const Tensor& weight,
                        const Tensor& bias, double epsilon, const Mask* mask) {
    const NormResult result =
        ops_of(x)->add_norm({x.contiguous(), residual.contiguous(), weight.contiguous(), bias.contiguous(), epsilon, *mask});
    context->save_for_backward({x, residual, weight, bias, result.normed, result.rstd});
    keep(*context, *mask);
    context->saved_data["epsilon"] = epsilon;
    return result.y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Mask mask = kept_mask(*context);
    if (at::GradMode::is_enabled()) {
      auto slopes = twin_gradients({saved[0], saved[1], saved[2], saved[3]}, gradients[0], [&] {
        return plain(saved[0], saved[1], saved[2], saved[3], context->saved_data["epsilon"].toDouble(), mask);
      });
      slopes.resize(6);
      return slopes;
    }
    const NormSlopes slopes =
        ops_of(saved[0])->add_norm_backward(gradients[0].contiguous(), {{}, saved[4], saved[5]}, saved[2].contiguous(), mask);
    return {slopes.dx, slopes.dresidual, slopes.dweight, slopes.dbias, {}, {}};
  }
};

}  // namespace

LayerNorm::LayerNorm(std::int64_t width, double epsilon) : epsilon_(epsilon) {
  weight = register_parameter("weight", at::ones({width}, at::kFloat));
  bias = register_parameter("bias", at::zeros({width}, at::kFloat));
}

Tensor LayerNorm::forward(const Tensor& x, const Call& call) const {
  const Tensor seen = before(x, call);
  return after(at::layer_norm(seen, {weight.size(0)}, weight, bias, epsilon_), x, call);
}

Tensor LayerNorm::forward(const Tensor& x, const Tensor& residual, double p_dropout, const Call& call) const {
  RECORD_FUNCTION("graft::add_norm", std::vector<c10::IValue>());
  const Mask mask = mask_of(p_dropout, call);
  const Tensor same = residual.to(x.scalar_type());
  if (is_patched(call)) return forward(dropout_by(x, mask).add(same), call);
  const bool is_fused = ops_of(x) && x.numel() > 0 && x.sizes() == same.sizes() && x.size(-1) == weight.size(0);
  return is_fused ? AddNorm::apply(x, same, weight, bias, epsilon_, &mask) : plain(x, same, weight, bias, epsilon_, mask);
}

}  // namespace graft::nn
