// The weights that a finished training leaves: those of its best evaluation, or the mean of several (core/train/soup.hpp).
#pragma once

#include <cstdint>

#include "core/run/assembly.hpp"
#include "core/train/training.hpp"

namespace graft::core {

struct FinalWeights {
  std::int64_t step = 0;  // of the best evaluation, or the last step where nothing was evaluated
  Mix mix;                // no steps: these weights are of one step
};

// Puts them into the network. throws Error("checkpoint") when a file that it needs is gone.
FinalWeights take_final_weights(Assembly& assembly, const Training& training, const Checkpoints& checkpoints, Loader& loader);

}  // namespace graft::core
