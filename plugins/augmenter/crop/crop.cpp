#include "crop.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/where.h>

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/crop";
}

Crop::Crop(const Config& config)
    : column_(config.column("column")),
      padding_(config.integer("padding")),
      edges_(edges_named(config.text("padding_mode"))),
      fill_(config.number("fill")) {}

Crop::Edges Crop::edges_named(const std::string& name) {
  return name == "edge"        ? Edges::kEdge
         : name == "reflect"   ? Edges::kReflect
         : name == "symmetric" ? Edges::kSymmetric
                               : Edges::kConstant;
}

Schema Crop::outputs(const Schema& inputs) const {
  const Field& field = require(inputs, column_, {FieldKind::kImage}, kWhere);
  if (edges_ != Edges::kReflect && edges_ != Edges::kSymmetric) return inputs;
  const std::int64_t most = std::min(field.shape.at(1), field.shape.at(2)) - (edges_ == Edges::kReflect ? 1 : 0);
  if (padding_ <= most) return inputs;
  throw Error(kWhere, "padding must be <= " + std::to_string(most) + " where pictures of " + std::to_string(field.shape[1]) +
                          " x " + std::to_string(field.shape[2]) + " are mirrored, got " + std::to_string(padding_));
}

Tensor Crop::inside(const Tensor& places, std::int64_t side) const {
  if (edges_ == Edges::kConstant || edges_ == Edges::kEdge) return places.clamp(0, side - 1);
  const std::int64_t twice = edges_ == Edges::kSymmetric ? 1 : 0;  // whether the outermost pixel comes again
  const Tensor right = places.abs().sub(places.lt(0).to(at::kLong).mul(twice));
  return at::where(right.ge(side), right.neg().add(2 * side - 2 + twice), right);
}

Tap Crop::augment(Batch& batch, Rng rng) const {
  const Tensor& images = batch.tensor(column_);
  const std::int64_t rows = batch.size(), channels = images.size(1), height = images.size(2), width = images.size(3);
  Tensor corners = at::empty({2, rows, 1}, at::kLong);  // of the cut in the picture: top, left
  std::int64_t* to = corners.mutable_data_ptr<std::int64_t>();
  for (std::int64_t row = 0; row < rows; ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    to[row] = draws.below(2 * padding_ + 1) - padding_;
    to[rows + row] = draws.below(2 * padding_ + 1) - padding_;
  }
  corners = corners.to(images.device());
  const auto places = [&](std::int64_t side) { return at::arange(side, corners.options()); };
  const Tensor y = corners[0].add(places(height)), x = corners[1].add(places(width));  // [B, H], [B, W]
  const Tensor lines = images.gather(2, inside(y, height).view({rows, 1, height, 1}).expand({rows, channels, height, width}));
  Tensor moved = lines.gather(3, inside(x, width).view({rows, 1, 1, width}).expand({rows, channels, height, width}));
  if (edges_ == Edges::kConstant) {
    const Tensor out_y = y.lt(0).logical_or(y.ge(height)), out_x = x.lt(0).logical_or(x.ge(width));
    moved.masked_fill_(out_y.view({rows, 1, height, 1}).logical_or(out_x.view({rows, 1, 1, width})), fill_);
  }
  batch.set(column_, std::move(moved));
  return {};
}

}  // namespace graft::plugins
