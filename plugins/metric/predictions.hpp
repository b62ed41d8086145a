// What every metric asks of a head's predictions before it counts.
#pragma once

#include <string>
#include <string_view>

#include "graft/batch.hpp"
#include "graft/schema.hpp"
#include "graft/tensor.hpp"

namespace graft::plugins {

// The field of that standard name (graft/head.hpp). throws Error: "needs predictions named label; this head gives value".
const Field& prediction(const Schema& predictions, std::string_view name, const std::string& where);

// What a metric of classes can count: one class for each row or word, or label sets as well.
enum class Counts { kOneClass, kSetsToo };

// The same, of a class target. throws Error as well when the target is no class, is a label set where those do not count, or has
// another number of classes.
const Field& class_prediction(const Schema& predictions, std::string_view name, const Field& target, const std::string& where,
                              Counts counts = Counts::kOneClass);

// What a column holds: an entry for each row; of tags, one for each word.
const Tensor& entries_of(const Batch& batch, std::string_view name);

// throws Error unless both are [B] with the same B.
void same_rows(const Tensor& predicted, const Tensor& truth, const std::string& where);

// throws Error unless both are [B, classes] with the same B.
void same_sets(const Tensor& predicted, const Tensor& truth, std::int64_t classes, const std::string& where);

// throws Error unless `c` is in [0, classes): "a label must be in [0, 3), got 3".
void check_class(const char* what, std::int64_t c, std::int64_t classes, const std::string& where);

// The class of each row: a [B] class column as it is; of a distribution [B, C] the largest entry (the first of equals), or
// kMissingClass where it is all zero or has a NaN.
Tensor class_labels(const Tensor& column);  // [B] int64, contiguous

}  // namespace graft::plugins
