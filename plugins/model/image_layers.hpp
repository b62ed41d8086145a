// The layers that cnn and resnet are made of, and how pictures come to them.
//
//   B rows in a batch   C channels   H height   W width
//   layout   activations are channels-last in memory, which convolutions on CPU and GPU are fastest with; shapes stay [B, C, H, W]
//   names    those of torch.nn.Conv2d and torch.nn.BatchNorm2d
#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/call.hpp"
#include "graft/config.hpp"
#include "graft/rng.hpp"

namespace graft::plugins {

// Reads `input`, `mean`, `std` and gives pictures as a network wants them: (x - mean) / std, x in [0, 1].
//
//   column   [B, C, H, W] uint8, which is divided by 255 here, on the run's device; or float, taken as it is
//   mean     one number for all channels or one a channel; `std` likewise, over 0
class ImageInput {
 public:
  ImageInput(const Config& config, std::string where);      // throws Error(where) for a std of 0 or less
  std::int64_t build(const Schema& inputs);                 // C. throws Error(where): no picture, mean or std of another length
  Tensor read(const Batch& batch, const Call& call) const;  // [B, C, H, W] in call.precision(), channels-last

 private:
  Tensor a_channel(const std::vector<double>& values, const char* key, std::int64_t channels) const;

  std::string input_, where_;
  std::vector<double> mean_values_, std_values_;
  Tensor mean_, std_;  // [C, 1, 1]
};

// No bias: a BatchNorm2d follows each. Weights start normal with variance 2 / (kernel^2 * out) (He et al. 2015, fan out).
class Conv2d : public torch::nn::Module {
 public:
  Conv2d(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, const Rng& rng);
  Tensor forward(const Tensor& x) const;  // [B, in, H, W] -> [B, out, H / stride, W / stride] rounded up; computed in x's type

  Tensor weight;  // [out, in, kernel, kernel]

 private:
  std::int64_t stride_, padding_;
};

// Normalises each channel over rows and places: in training by the batch, which also moves the running statistics by 0.1 of the
// way; else by those.
//
//   frozen   a layer whose weight does not train uses the running statistics, and does not move them
//   single   so does one that sees one value a channel, which has no variance
//   source   torch.nn.BatchNorm2d, eps 1e-5, momentum 0.1
//   differs  torch.nn goes on moving the statistics of a frozen layer, and refuses a single value
class BatchNorm2d : public torch::nn::Module {
 public:
  explicit BatchNorm2d(std::int64_t channels);
  Tensor forward(const Tensor& x, const Call& call) const;  // [B, C, H, W], in x's type

  Tensor weight, bias, running_mean, running_var;  // [C] float
  Tensor num_batches_tracked;                      // [] int64
};

}  // namespace graft::plugins
