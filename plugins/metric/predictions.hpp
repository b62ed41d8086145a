// What every metric asks of a head's predictions before it counts.
#pragma once

#include <string>
#include <string_view>

#include "graft/schema.hpp"
#include "graft/tensor.hpp"

namespace graft::plugins {

// The field of that standard name (graft/head.hpp). throws Error: "needs predictions named label; this head gives value".
const Field& prediction(const Schema& predictions, std::string_view name, const std::string& where);

// The same, of a class target. throws Error as well when the target is no class, or has another number of classes.
const Field& class_prediction(const Schema& predictions, std::string_view name, const Field& target, const std::string& where);

// throws Error unless both are [B] with the same B.
void same_rows(const Tensor& predicted, const Tensor& truth, const std::string& where);

// throws Error unless `c` is in [0, classes): "a label must be in [0, 3), got 3".
void check_class(const char* what, std::int64_t c, std::int64_t classes, const std::string& where);

// The class of each row: a [B] class column as it is; of a distribution [B, C] the largest entry (the first of equals), or
// kMissingClass where it is all zero or has a NaN.
Tensor class_labels(const Tensor& column);  // [B] int64, contiguous

}  // namespace graft::plugins
