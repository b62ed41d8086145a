#include "bottleneck.hpp"

namespace graft::plugins {
namespace {

class BottleneckPatch final : public KeptPatch {
 public:
  BottleneckPatch(std::int64_t out, std::int64_t width, Rng rng)
      : down_(register_module("down", std::make_shared<nn::Linear>(out, width, rng.fork("down")))),
        up_(register_module("up", std::make_shared<nn::Linear>(width, out, rng, true, /*deviation=*/0.0))) {}

  Tensor after(const Tensor& y, const Tensor&, const Call& call) const override {
    return y.add(up_->forward(down_->forward_gelu(y, call), call));
  }

 private:
  std::shared_ptr<nn::Linear> down_, up_;
};

}  // namespace

Bottleneck::Bottleneck(const Config& config) : LinearAdapter("graft/bottleneck", config), width_(config.integer("width")) {}

std::shared_ptr<nn::Patch> Bottleneck::patch(const std::string&, nn::Linear& layer, Rng rng) {
  return std::make_shared<BottleneckPatch>(layer.weight.size(0), width_, rng);
}

}  // namespace graft::plugins
