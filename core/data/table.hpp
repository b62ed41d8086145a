// Table: rows held in memory, as a Source. Row ids are those of the batch, so that a row keeps its identity through splits.
#pragma once

#include "graft/source.hpp"

namespace graft::core {

class Table final : public Source {
 public:
  Table(Schema schema, Batch rows) : schema_(std::move(schema)), rows_(std::move(rows)) {}

  Schema schema() const override { return schema_; }
  std::int64_t size() const override { return rows_.size(); }
  Batch rows(std::span<const std::int64_t> positions) const override { return rows_.select(positions); }
  const Batch& all() const { return rows_; }

 private:
  Schema schema_;
  Batch rows_;
};

}  // namespace graft::core
