#include "flip.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/where.h>

namespace graft::plugins {

Flip::Flip(const Config& config)
    : column_(config.column("column")), horizontal_(config.number("horizontal")), vertical_(config.number("vertical")) {}

Schema Flip::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kImage}, "graft/flip");
  return inputs;
}

Tap Flip::augment(Batch& batch, Rng rng) const {
  const Tensor& images = batch.tensor(column_);
  Tensor chosen = at::empty({2, batch.size(), 1, 1, 1}, at::kBool);
  bool* to = chosen.mutable_data_ptr<bool>();
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    to[row] = draws.uniform() < horizontal_;
    to[batch.size() + row] = draws.uniform() < vertical_;
  }
  chosen = chosen.to(images.device());
  const Tensor mirrored = at::where(chosen[0], images.flip(3), images);
  batch.set(column_, at::where(chosen[1], mirrored.flip(2), mirrored));
  return {};
}

}  // namespace graft::plugins
