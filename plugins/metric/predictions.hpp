// What every metric asks of a head's predictions before it counts.
#pragma once

#include <string>
#include <string_view>

#include "graft/schema.hpp"
#include "graft/tensor.hpp"

namespace graft::plugins {

// The field of that standard name (graft/head.hpp). throws Error: "needs predictions named label; this head gives value".
const Field& prediction(const Schema& predictions, std::string_view name, const std::string& where);

// throws Error unless both are [B] with the same B.
void same_rows(const Tensor& predicted, const Tensor& truth, const std::string& where);

}  // namespace graft::plugins
