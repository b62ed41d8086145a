// Forward passes of the model alone, as evaluation runs it: no gradient, dropout off.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/train/head_views.hpp"

namespace graft::core {

// What the model gives for these rows, on its device, the columns that some head reads; all as float, whatever precision it
// computes in. `call` says the rest; outputs and precision are filled in here, and adapters where it names none: there is a pass for
// each view of `heads` (all, where empty), with columns as HeadView says. Adapters that `call` names are what every head sees.
Batch forward(Network& network, const Batch& rows, Call::Options call, const HeadList& heads = {});

// The same in evaluation. REQUIRES: network.train(false).
Batch forward(Network& network, const Batch& rows);

// Calls use(piece) for pieces of `batch_size` rows, in order, with the columns that the model reads and `columns`.
void for_each_piece(Network& network, const Batch& rows, std::vector<std::string> columns, std::int64_t batch_size,
                    const std::function<void(const Batch&)>& use);

}  // namespace graft::core
