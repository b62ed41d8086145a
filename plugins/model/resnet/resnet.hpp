// ResNet: residual network of depth 18, 34 or 50.
//
//   reads    `input` [B, C, H, W] uint8 or float, see ImageInput
//   gives    "features" [B, D]: the mean over all places; D 512, or 2048 for depth 50
//   taps     "stem", "layer1" ... "layer4" [B, c, h, w], "features"
//   names    torchvision's: "conv1.weight", "bn1.weight", "layer1.0.conv1.weight", "layer2.0.downsample.0.weight", ...
//   stages   conv1, bn1, layer1, layer2, layer3, layer4
//   weights  safetensors by those names; fc, the classifier of the file, is left out: the head takes its place
//   init     convolutions as torchvision (He et al. 2015, fan out), norms 1 and 0
//   errors   Error("graft/resnet") for an input that is no picture; Error("weights") for names or shapes that differ
//   source   He et al. 2016, arXiv:1512.03385; torchvision.models.resnet, whose depth 50 has its stride on the 3 x 3 convolution
//   differs  stem "small" starts with a 3 x 3 convolution of stride 1 and no pooling, as the paper does for CIFAR-10
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../image_layers.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"
#include "residual_block.hpp"

namespace graft::plugins {

class Resnet final : public Model {
 public:
  explicit Resnet(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;
  void load_weights(const std::string& path) override;

 private:
  using Layer = std::vector<std::shared_ptr<ResidualBlock>>;

  ImageInput input_;
  std::int64_t depth_;
  bool has_small_stem_;
  std::shared_ptr<Conv2d> conv1_;
  std::shared_ptr<BatchNorm2d> bn1_;
  std::vector<Layer> layers_;
};

}  // namespace graft::plugins
