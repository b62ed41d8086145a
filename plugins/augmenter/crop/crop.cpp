#include "crop.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>

namespace graft::plugins {

Crop::Crop(const Config& config) : column_(config.column("column")), padding_(config.integer("padding")) {}

Schema Crop::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kImage}, "graft/crop");
  return inputs;
}

Tap Crop::augment(Batch& batch, Rng rng) const {
  const Tensor& images = batch.tensor(column_);
  const std::int64_t rows = batch.size(), height = images.size(2), width = images.size(3);
  Tensor corners = at::empty({2, rows, 1}, at::kLong);  // of the cut in the padded picture: top, left
  std::int64_t* to = corners.mutable_data_ptr<std::int64_t>();
  for (std::int64_t row = 0; row < rows; ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    to[row] = draws.below(2 * padding_ + 1);
    to[rows + row] = draws.below(2 * padding_ + 1);
  }
  corners = corners.to(images.device());
  const auto places = [&](std::int64_t side) { return at::arange(side, corners.options()); };
  const Tensor y = corners[0].add(places(height)), x = corners[1].add(places(width));  // [B, H], [B, W]
  const Tensor padded = at::constant_pad_nd(images, {padding_, padding_, padding_, padding_});
  const Tensor lines = padded.gather(2, y.view({rows, 1, height, 1}).expand({rows, images.size(1), height, padded.size(3)}));
  batch.set(column_, lines.gather(3, x.view({rows, 1, 1, width}).expand({rows, images.size(1), height, width})));
  return {};
}

}  // namespace graft::plugins
