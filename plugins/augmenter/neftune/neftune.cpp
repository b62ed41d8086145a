#include "neftune.hpp"

#include <ATen/Functions.h>

#include <cmath>

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/neftune";
}

Neftune::Neftune(const Config& config)
    : column_(config.column("column")), alpha_(config.number("alpha")), point_(config.text("point"), kWhere) {}

Schema Neftune::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kTokens}, kWhere);
  return inputs;
}

Tap Neftune::augment(Batch& batch, Rng rng) const {
  const Ragged& tokens = batch.ragged(column_);
  return point_.tap([tokens, alpha = alpha_, rng, passes = std::make_shared<std::uint64_t>(0)](const Tensor& value) {
    const Tensor most = tokens.offsets.diff().to(at::kFloat).mul(static_cast<double>(value.size(1))).rsqrt().mul(alpha);
    const Tensor scale = spread_over_tokens(most, tokens, value.size(0), kWhere).unsqueeze(1);
    Rng draws = rng.fork((*passes)++);
    const Tensor noise = draws.uniform_like(at::empty(value.sizes(), value.options().dtype(at::kFloat))).mul(2).sub(1).mul(scale);
    return value.add(noise.to(value.scalar_type()));
  });
}

}  // namespace graft::plugins
