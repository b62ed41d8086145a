// Pixels: a picture out of number columns, one a pixel.
//
//   formula  round((value - low) * 255 / (high - low)) of the value brought into [low, high], halves to even
//   columns  [B] double or int64, or vectors [B, D] float or double; in the order of the config: channel by channel, row by row
//   makes    [B, channels, height, width] uint8, kImage, under the step's name
//   missing  a missing pixel is an error that names column and row
//   threads  any
//   throws   Error when the columns are not channels * height * width numbers, or a value is missing or outside [low, high]
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Pixels final : public Extractor {
 public:
  explicit Pixels(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;

 private:
  std::int64_t count() const { return channels_ * height_ * width_; }
  [[noreturn]] void refuse(const Batch& batch, const Tensor& values, std::int64_t at) const;

  std::vector<std::string> columns_;
  std::string output_;
  std::int64_t channels_ = 1, height_ = 0, width_ = 0;
  double low_, high_;
};

}  // namespace graft::plugins
