// Lengths: a sound extractor, the length of a text four times over. Those that are not sound derive from it.
#pragma once

#include <ATen/Functions.h>

#include <string>
#include <vector>

#include "graft/extractor.hpp"

struct Lengths : graft::Extractor {
  explicit Lengths(const graft::Config& config) : from(config.text("column")), to(config.name()) {}
  graft::Schema outputs(const graft::Schema& inputs) const override {
    return graft::with(inputs, {to, graft::FieldKind::kVector, {4}, {}});
  }
  void transform(graft::Batch& batch) const override { batch.set(to, lengths(batch)); }

  graft::Tensor lengths(const graft::Batch& batch) const {  // [B, 4] float
    std::vector<float> values;
    for (const std::string& text : batch.strings(from)) values.insert(values.end(), 4, static_cast<float>(text.size()));
    return at::tensor(at::ArrayRef<float>(values)).view({batch.size(), 4});
  }
  std::string from, to;
};
