#include "pixels.hpp"

#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>

#include <cmath>
#include <sstream>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kPixels = "graft/pixels";

std::string shown_number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string shown_shape(std::int64_t channels, std::int64_t height, std::int64_t width) {
  return "[" + std::to_string(channels) + ", " + std::to_string(height) + ", " + std::to_string(width) + "]";
}

// [B, D] double of one column.
Tensor wide(const Tensor& values) { return (values.dim() == 1 ? values.unsqueeze(1) : values).to(at::kDouble); }

}  // namespace

Pixels::Pixels(const Config& config)
    : columns_(config.columns("columns")), output_(config.name()), low_(config.number("low")), high_(config.number("high")) {
  const std::vector<double> shape = config.numbers("shape");
  channels_ = static_cast<std::int64_t>(shape[0]);
  height_ = static_cast<std::int64_t>(shape[1]);
  width_ = static_cast<std::int64_t>(shape[2]);
  if (!(low_ < high_))
    throw Error(kPixels, "high must be over low, got low " + shown_number(low_) + " and high " + shown_number(high_));
}

Schema Pixels::outputs(const Schema& inputs) const {
  std::int64_t found = 0;
  for (const std::string& column : columns_) {
    const Field& field = require(inputs, column, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kVector}, kPixels);
    found += field.kind == FieldKind::kVector ? field.shape.at(0) : 1;
  }
  if (found != count())
    throw Error(kPixels, "columns must be " + std::to_string(count()) + " numbers for the shape " +
                             shown_shape(channels_, height_, width_) + ", are " + std::to_string(found));
  return with(inputs, {output_, FieldKind::kImage, {channels_, height_, width_}, {}});
}

void Pixels::refuse(const Batch& batch, const Tensor& values, std::int64_t at) const {
  const std::int64_t row = at / count();
  std::int64_t pixel = at % count();
  std::string name;
  for (const std::string& column : columns_) {
    const std::int64_t width = wide(batch.tensor(column)).size(1);
    name = width == 1 ? column : column + "[" + std::to_string(pixel) + "]";
    if (pixel < width) break;
    pixel -= width;
  }
  const double value = values.const_data_ptr<double>()[at];
  throw Error(kPixels, "column " + name + " must be in [" + shown_number(low_) + ", " + shown_number(high_) + "], " +
                           (std::isnan(value) ? "is missing" : "is " + shown_number(value)) + " in row " +
                           std::to_string(batch.row_ids()[row]));
}

void Pixels::transform(Batch& batch) const {
  std::vector<Tensor> parts;
  for (const std::string& column : columns_) parts.push_back(wide(batch.tensor(column)));
  const Tensor values = at::cat(parts, 1).contiguous();
  Tensor pixels = at::empty({batch.size(), channels_, height_, width_}, at::kByte);
  const double* from = values.const_data_ptr<double>();
  auto* to = pixels.mutable_data_ptr<std::uint8_t>();
  for (std::int64_t i = 0; i < values.numel(); ++i) {
    if (!(from[i] >= low_ && from[i] <= high_)) refuse(batch, values, i);
    to[i] = static_cast<std::uint8_t>(std::nearbyint((from[i] - low_) * 255 / (high_ - low_)));
  }
  batch.set(output_, std::move(pixels));
}

}  // namespace graft::plugins
