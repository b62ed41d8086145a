// Cnn: a small convolutional network for small pictures.
//
//   layers   a block an entry of `widths`: `convolutions` times a 3 x 3 convolution, batch norm and ReLU, then the largest of each
//            2 x 2 places while both sides are at least 2; at the end the mean over all places, or all of them side by side
//   reads    `input` [B, C, H, W] uint8 or float, see ImageInput
//   gives    "features" [B, D]: D the last width, or last width * height * width with pooling "none"
//   taps     "blocks.0" ... [B, width, h, w], "features"
//   names    "blocks.<i>.conv<j>.weight", "blocks.<i>.norm<j>.weight", ...; a block is a stage
//   errors   Error("graft/cnn") for an input that is no picture
//   source   Simonyan and Zisserman 2015, arXiv:1409.1556, with the batch norm of arXiv:1502.03167
//   differs  no hidden linear layers
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../image_layers.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class CnnBlock final : public torch::nn::Module {
 public:
  CnnBlock(std::int64_t in, std::int64_t width, std::int64_t convolutions, const Rng& rng);
  Tensor forward(Tensor x, const Call& call) const;  // [B, in, H, W] -> [B, width, H / 2, W / 2]

 private:
  std::vector<std::shared_ptr<Conv2d>> convolutions_;
  std::vector<std::shared_ptr<BatchNorm2d>> norms_;
};

class Cnn final : public Model {
 public:
  explicit Cnn(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  ImageInput input_;
  std::string column_;
  std::vector<std::int64_t> widths_;
  std::int64_t convolutions_;
  bool takes_mean_;
  double dropout_;
  std::vector<std::shared_ptr<CnnBlock>> blocks_;
};

}  // namespace graft::plugins
