#include "graft/nn/linear.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>

#include <cmath>

#include "graft/nn/init.hpp"

namespace graft::nn {

namespace {

void initialise(Tensor& parameter, double bound, std::optional<double> deviation, const Rng& rng) {
  if (deviation)
    normal_(parameter, *deviation, rng);
  else
    uniform_(parameter, bound, rng);
}

}  // namespace

Linear::Linear(std::int64_t in, std::int64_t out, Rng rng, bool with_bias, std::optional<double> deviation) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(in));
  weight = register_parameter("weight", at::empty({out, in}, at::kFloat));
  initialise(weight, bound, deviation, rng.fork("weight"));
  if (!with_bias) return;
  bias = register_parameter("bias", at::empty({out}, at::kFloat));
  initialise(bias, bound, deviation ? std::optional<double>(0.0) : std::nullopt, rng.fork("bias"));
}

Tensor Linear::forward(const Tensor& x, const Call&) const {
  return bias.defined() ? at::linear(x, weight, bias) : at::linear(x, weight);
}

}  // namespace graft::nn
