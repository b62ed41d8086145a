// Low rank: the two small matrices of LoRA beside a linear layer, and what a config says of them.
//
//   A        [rank, in]   uniform within 1 / sqrt(in)      B [out, rank] zeros: the start is the base model
//   scale    alpha / rank, or alpha / sqrt(rank) when rank_stabilised
//   source   Hu et al. 2021, arXiv:2106.09685; rsLoRA: Kalajdzievski 2023, arXiv:2312.03732
#pragma once

#include <cstdint>

#include "graft/config.hpp"
#include "graft/nn/linear.hpp"
#include "graft/safetensors.hpp"

namespace graft::plugins {

struct LowRank {
  explicit LowRank(const Config& config);  // reads rank, alpha, rank_stabilised, dropout
  std::int64_t rank;
  double alpha;
  bool is_stabilised;
  double scale, dropout;

  Value::Object peft_settings(bool is_dora) const;  // what adapter_config.json says of them
};

// A folder that peft reads as LORA: `layers` is target_modules, `state` as of peft_state(lora_format(), ...).
void write_lora(const std::string& folder, const LowRank& sizes, bool is_dora, Value layers, const NamedTensors& state);

class LowRankPatch : public nn::Patch {
 public:
  LowRankPatch(nn::Linear& layer, const LowRank& sizes, Rng rng);

 protected:
  // B A dropout(x), [..., out] in that type, without the scale.
  Tensor product(const Tensor& x, at::ScalarType type, const Call& call) const;
  Tensor change() const;  // scale * B A, [out, in]

  nn::Linear& layer_;  // which owns this patch
  double scale_, dropout_;
  Tensor a_, b_;
};

}  // namespace graft::plugins
