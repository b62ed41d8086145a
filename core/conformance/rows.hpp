// The rows that components are tried on: a column of every field kind, and a second one of the same kind under the name <kind>_2.
//
//   text text_2 tokens tokens_2 vector vector_2 number ... image image_2, and what the component's settings add
//   image    bytes, as files of pictures have them
//   values   drawn by (seed, column, row): the first rows of a longer batch are those of a shorter one; none missing
#pragma once

#include <cstdint>
#include <string>

#include "core/conformance/settings.hpp"
#include "graft/batch.hpp"
#include "graft/schema.hpp"

namespace graft::core::conformance {

inline constexpr std::int64_t kRows = 12;
inline constexpr std::int64_t kWidth = 6;    // of vectors
inline constexpr std::int64_t kClasses = 3;  // of classes, label sets and tags
inline constexpr std::int64_t kTokenIds = 30;

struct Table {
  Schema schema;
  Batch rows;
};

Table make_rows(std::int64_t count, std::uint64_t seed, const Value& more = Value(Value::Object{}));

// What a model might give: vectors "features" and "features_2" [B, kWidth], "tokens" and "tokens_2" with a vector for each token.
Table make_features(std::int64_t count, std::uint64_t seed);

// The kinds in the order in which a column is tried.
const std::vector<FieldKind>& kinds_tried();
std::string column_of(FieldKind kind, bool is_second = false);  // "soft_class_2"

std::vector<std::int64_t> numbers_to(std::int64_t count);  // 0, 1, ...
Batch first_rows(const Batch& batch, std::int64_t count);
Batch permuted(const Batch& batch, const std::vector<std::int64_t>& order);  // row i is the batch's row order[i]
std::vector<std::int64_t> some_order(std::int64_t count, std::uint64_t seed);

}  // namespace graft::core::conformance
