#include "low_rank.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/matmul.h>
#include <ATen/ops/zeros.h>

#include <cmath>

#include "graft/nn/dropout.hpp"
#include "graft/nn/init.hpp"
#include "peft_format.hpp"

namespace graft::plugins {

LowRank::LowRank(const Config& config)
    : rank(config.integer("rank")),
      alpha(config.number("alpha")),
      is_stabilised(config.flag("rank_stabilised")),
      dropout(config.number("dropout")) {
  const double width = static_cast<double>(rank);
  scale = alpha / (is_stabilised ? std::sqrt(width) : width);
}

Value::Object LowRank::peft_settings(bool is_dora) const {
  return {{"use_dora", is_dora, {}}, {"r", rank, {}}, {"lora_alpha", peft_number(alpha), {}}, {"use_rslora", is_stabilised, {}}};
}

void write_lora(const std::string& folder, const LowRank& sizes, bool is_dora, Value layers, const NamedTensors& state) {
  Value::Object settings = sizes.peft_settings(is_dora);
  settings.push_back({"lora_dropout", peft_number(sizes.dropout), {}});
  settings.push_back({"target_modules", std::move(layers), {}});
  settings.push_back({"bias", "none", {}});
  settings.push_back({"fan_in_fan_out", false, {}});
  settings.push_back({"init_lora_weights", true, {}});
  write_peft(folder, "LORA", std::move(settings), state);
}

LowRankPatch::LowRankPatch(nn::Linear& layer, const LowRank& sizes, Rng rng)
    : layer_(layer), scale_(sizes.scale), dropout_(sizes.dropout) {
  const std::int64_t out = layer.weight.size(0), in = layer.weight.size(1);
  Tensor a = at::empty({sizes.rank, in}, at::kFloat);
  nn::uniform_(a, 1.0 / std::sqrt(static_cast<double>(in)), rng);
  a_ = register_parameter("A", a.to(layer.weight.options()));
  b_ = register_parameter("B", at::zeros({out, sizes.rank}, layer.weight.options()));
}

Tensor LowRankPatch::product(const Tensor& x, at::ScalarType type, const Call& call) const {
  const Tensor narrow = at::linear(nn::dropout(x.to(type), dropout_, call), a_.to(type));
  return at::linear(narrow, b_.to(type));
}

Tensor LowRankPatch::change() const { return at::matmul(b_, a_).mul(scale_); }

}  // namespace graft::plugins
