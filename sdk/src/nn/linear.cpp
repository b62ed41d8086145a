#include "graft/nn/linear.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/mm.h>
#include <ATen/record_function.h>

#include <cmath>

#include "graft/nn/init.hpp"
#include "ops.hpp"
#include "twin.hpp"

namespace graft::nn {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void initialise(Tensor& parameter, double bound, std::optional<double> deviation, const Rng& rng) {
  if (deviation)
    normal_(parameter, *deviation, rng);
  else
    uniform_(parameter, bound, rng);
}

Tensor flat(const Tensor& x) { return x.reshape({-1, x.size(-1)}); }

std::vector<std::int64_t> with_width(const Tensor& x, std::int64_t width) {
  auto sizes = x.sizes().vec();
  sizes.back() = width;
  return sizes;
}

Tensor plain(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  const Tensor w = weight.to(x.scalar_type());
  return bias.defined() ? at::linear(x, w, bias.to(x.scalar_type())) : at::linear(x, w);
}

// The gradients of x W^T with respect to x (undefined where nobody asks) and the weight. `used` is the weight that was multiplied.
std::pair<Tensor, Tensor> product_slopes(const Tensor& dy, const Tensor& x, const Tensor& weight, const Tensor& used) {
  Tensor dx, dweight;
  if (x.requires_grad()) dx = at::mm(dy, used).view(x.sizes());
  if (weight.requires_grad()) dweight = at::mm(dy.t(), flat(x)).to(weight.scalar_type());
  return {dx, dweight};
}

Tensor bias_slope(const Tensor& dy, const Tensor& bias) {
  const Ops* ops = ops_of(dy);
  if (!ops || dy.size(0) == 0) return dy.sum(0, false, bias.scalar_type());
  return ops->column_sums(dy.contiguous()).to(bias.scalar_type());
}

// y = x W^T + b where W lies in another type than its parameter.
struct Narrow : torch::autograd::Function<Narrow> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const std::optional<Tensor>& given_bias,
                        const Tensor& used) {
    const Tensor bias = given_bias.value_or(Tensor());
    context->save_for_backward({x, weight, bias, used});
    return bias.defined() ? at::linear(x, used, bias.to(x.scalar_type())) : at::linear(x, used);
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &bias = saved[2], &used = saved[3];
    if (at::GradMode::is_enabled()) {
      variable_list slopes = twin_gradients({x, weight, bias}, gradients[0], [&] { return plain(x, weight, bias); });
      slopes.resize(4);
      return slopes;
    }
    const Tensor dy = flat(gradients[0]);
    const auto [dx, dweight] = product_slopes(dy, x, weight, used);
    const bool has_slope = bias.defined() && bias.requires_grad();
    return {dx, dweight, has_slope ? bias_slope(dy, bias) : Tensor(), {}};
  }
};

// y = gelu(x W^T + b).
struct LinearGelu : torch::autograd::Function<LinearGelu> {
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const Tensor& bias, const Tensor& used) {
    Tensor h = at::mm(flat(x), used.t());
    const Tensor y = ops_of(h)->gelu(h, bias);
    context->save_for_backward({x, weight, bias, used, h});
    return y.view(with_width(x, weight.size(0)));
  }
  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &x = saved[0], &weight = saved[1], &bias = saved[2];
    if (at::GradMode::is_enabled()) {
      variable_list slopes = twin_gradients({x, weight, bias}, gradients[0], [&] { return at::gelu(plain(x, weight, bias)); });
      slopes.resize(4);
      return slopes;
    }
    const GeluSlopes slopes = ops_of(saved[4])->gelu_backward(flat(gradients[0]).contiguous(), saved[4]);
    const auto [dx, dweight] = product_slopes(slopes.dh, x, weight, saved[3]);
    return {dx, dweight, slopes.dbias, {}};
  }
};

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, Rng rng, bool with_bias, std::optional<double> deviation) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  weight = register_parameter("weight", at::empty({out, in}, at::kFloat));
  initialise(weight, bound, deviation, rng.fork("weight"));
  if (!with_bias) return;
  bias = register_parameter("bias", at::empty({out}, at::kFloat));
  initialise(bias, bound, deviation ? std::optional<double>(0.0) : std::nullopt, rng.fork("bias"));
}

Tensor Linear::weight_in(at::ScalarType precision) const {
  if (weight.scalar_type() == precision) return weight.detach();
  const auto version = static_cast<std::int64_t>(weight._version());
  if (!shadow_.defined() || shadow_version_ != version || shadow_.device() != weight.device()) {
    shadow_ = weight.detach().to(precision);
    shadow_version_ = version;
  }
  return shadow_;
}

static std::optional<Tensor> optional(const Tensor& x) { return x.defined() ? std::optional(x) : std::nullopt; }

// Float inputs are computed in the call's precision; double ones, of tests, in their own.
static Tensor in_precision(const Tensor& x, const Call& call) {
  return x.scalar_type() == at::kDouble ? x : x.to(call.precision());
}

Tensor Linear::forward(const Tensor& given, const Call& call) const {
  const Tensor x = in_precision(before(given, call), call);
  const Tensor used = seen(weight, call);
  const bool is_plain = x.scalar_type() == used.scalar_type() || !used.is_same(weight);
  const Tensor y = is_plain ? plain(x, used, bias) : Narrow::apply(x, weight, optional(bias), weight_in(x.scalar_type()));
  return after(y, given, call);
}

Tensor Linear::forward_gelu(const Tensor& given, const Call& call) const {
  RECORD_FUNCTION("graft::linear_gelu", std::vector<c10::IValue>());
  const Tensor x = in_precision(given, call);
  if (is_patched(call) || !bias.defined() || !ops_of(x) || x.numel() == 0) return at::gelu(forward(given, call));
  return LinearGelu::apply(x, weight, bias, weight_in(x.scalar_type()));
}

}  // namespace graft::nn
