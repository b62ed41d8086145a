// Sampling: how streams share the batches of an epoch.
//
//   shares    in proportion to rows^(1 / temperature); a stream's own share, where it has one, goes over that and counts relative to
//             the others. 1: by rows; infinity: each stream alike
//   turns     as many batches in all as without shares, and at least one of each stream. A stream that has more turns than batches
//             begins again; one that has less goes on in the next epoch
//   source    Phang et al. 2020, "jiant": proportional, uniform and temperature samplers
#pragma once

#include <vector>

#include "core/data/order.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Mixing {
  double temperature = 1;
  bool in_turn = false;  // streams are spread evenly over the epoch in place of shuffled
};

// From the config's run.sampling: "proportional", "uniform", "round_robin" (uniform, in turn) or a temperature.
Mixing mixing_of(const Value& sampling);

// Sets `turns` where shares differ from those by rows. `own`: a stream's share, 0 for none.
void share_turns(std::vector<StreamSize>& streams, const std::vector<double>& own, const Mixing& mixing);

}  // namespace graft::core
