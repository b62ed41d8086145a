// --quick: the same run over a few rows and steps, to see that everything fits.
#pragma once

#include <cstdint>

#include "graft/value.hpp"

namespace graft::core {

inline constexpr std::int64_t kQuickRows = 64;  // of each split

// Each phase one epoch, at most 8 rows a batch, a checkpoint every 4 steps.
void shorten(Value& config);

}  // namespace graft::core
