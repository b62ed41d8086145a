// Bottleneck: a small network with a way around it, behind each chosen linear layer (adapters of Houlsby and of Pfeiffer).
//
//   formula   y = W x + b  becomes  y + up(gelu(down(y))), gelu by erf
//   down      weight [width, out], bias [width]   uniform within 1 / sqrt(out)
//   up        weight [out, width], bias [out]     zeros: the start is the base model
//   names     <layer>.<adapter>.down.weight, .down.bias, .up.weight, .up.bias
//   freezes   as lora; the LayerNorms that the paper trains too are the adapter layer_norm's
//   merge     none: it is no linear map, so the saved model keeps it
//   errors    Error("graft/bottleneck") as Targets
//   source    Houlsby et al. 2019, arXiv:1902.00751: behind both projections of a block, before dropout and residual. Pfeiffer et
//             al. 2020, arXiv:2005.00247: behind the feed-forward one only
//   differs   the papers start `up` near zero, and Pfeiffer adds a residual past the LayerNorm
#pragma once

#include "../linear_adapter.hpp"

namespace graft::plugins {

class Bottleneck final : public LinearAdapter {
 public:
  explicit Bottleneck(const Config& config);
  bool can_merge() const override { return false; }
  void merge(Model& model) override { Adapter::merge(model); }

 private:
  std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) override;

  std::int64_t width_;
};

}  // namespace graft::plugins
