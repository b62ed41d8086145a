// RankRows: the rows that trunks are ranked on, and what one trunk gives for them.
//
//   which     labelled rows of a split, of the streams that the head learns from and whose labels its task may see; where there are
//             more than asked for, a sample that depends on their number alone: the same rows for every config with the same data
//   features  of the trunk in evaluation, its adapters attached, nothing trained; taken from the cache of frozen features where it
//             has them, and kept there
#pragma once

#include <string>

#include "core/evaluate/feature_rows.hpp"
#include "core/run/assembly.hpp"

namespace graft::core {

struct RankRows {
  std::string place;  // of the head: "movies.json:18:18"
  std::string head;
  Field target;   // kClass, kNumber or kInteger
  Batch rows;     // columns that the model reads, and the target; on the CPU
  Tensor labels;  // [n] int64 classes, or double

  bool is_class() const { return target.kind == FieldKind::kClass; }
};

inline constexpr std::int64_t kFewestRankRows = 10;

// `config` is the resolved root. throws Error("rank"), with the head's place: its target is neither a class nor a number; the split
// has fewer than kFewestRankRows labelled rows, or rows of one class alone.
RankRows rank_rows(const Assembly& assembly, const Value& config, const std::string& head, const std::string& split,
                   std::int64_t most);

// throws Error("rank") when `b` has other rows, labels or classes than `a`: says where they differ, and what to do.
void require_same_labels(const RankRows& a, const RankRows& b);

// The column that the head reads of what the model gives for these rows. throws Error("rank") when that is not one vector a row.
FeatureRows features_of(Network& network, const RankRows& rows);

}  // namespace graft::core
