// Schema: what columns a batch has, before there is a batch. Components are built against it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graft/export.hpp"

namespace graft {

//   kind        column       one row is
//   kNumber     Tensor       []  double; NaN is missing
//   kInteger    Tensor       []  int64
//   kClass      Tensor       []  int64 in [0, classes), or kMissingClass
//   kSoftClass  Tensor       [C] float, a distribution over classes
//   kText       Strings      UTF-8; empty is missing
//   kTokens     Ragged       int64 ids, shape {-1}
//   kImage      Tensor       [channels, height, width]
//   kVector     Tensor       [D] float or double
//   kSparse     SparseRows   of width D
//   kLabelSet   Tensor       [C] float in [0, 1], each class by itself: 1 where the row has it; NaN is missing
//   kTags       Ragged       int64, for each word of the row a class in [0, classes) or kMissingClass; shape {-1}
enum class FieldKind { kNumber, kInteger, kClass, kSoftClass, kText, kTokens, kImage, kVector, kSparse, kLabelSet, kTags };

inline constexpr std::int64_t kMissingClass = -100;

struct GRAFT_API Field {
  std::string name;
  FieldKind kind = FieldKind::kNumber;
  std::vector<std::int64_t> shape;   // of one row; -1 where rows differ or the width is not known before fit()
  std::vector<std::string> classes;  // of kClass, kSoftClass, kLabelSet and kTags, in id order
  bool operator==(const Field& other) const = default;
};
using Schema = std::vector<Field>;  // in column order; names are unique

GRAFT_API std::string_view kind_name(FieldKind kind);  // "number", "integer", "class", "soft class", "text", "tokens", ...

GRAFT_API const Field* find(const Schema& schema, std::string_view name);  // null when absent

// The field of that name. throws Error(where): names the column, the columns that exist and the nearest one.
GRAFT_API const Field& require(const Schema& schema, std::string_view name, std::string_view where);

// The same, and one of `kinds`. throws Error(where): "column rating must be text, is number".
GRAFT_API const Field& require(const Schema& schema, std::string_view name, const std::vector<FieldKind>& kinds,
                               std::string_view where);

GRAFT_API Schema with(Schema schema, Field field);  // `schema` with `field` added, or put in place of its namesake

}  // namespace graft
