#include "text_edit.hpp"

namespace graft::plugins {

Schema TextEdit::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, where_);
  return inputs;
}

Tap TextEdit::augment(Batch& batch, Rng rng) const {
  Strings texts = batch.strings(column_);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    Rng draws = rng.row(batch.row_ids()[row]);
    if (!texts[row].empty()) texts[row] = edited(texts[row], draws);
  }
  batch.set(column_, std::move(texts));
  return {};
}

}  // namespace graft::plugins
