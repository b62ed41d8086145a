// Checkpoint: everything a run needs to go on to the same bits, in a folder that is whole or not there.
//
//   step-000450/   weights.safetensors     parameters and buffers of the model and its heads
//                  optimizer.safetensors   its tensors by parameter name
//                  state.json              step, epoch, feeds, optimizer counts, best so far, curves, the task's state
//   last, best     links to folders
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "graft/safetensors.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Checkpoint {
  NamedTensors weights, optimizer;
  Value state;  // an object
};

class Checkpoints {
 public:
  explicit Checkpoints(std::string folder) : folder_(std::move(folder)) {}

  // Written beside, synced, renamed; then `last` (and `best`) moves. A folder of that step is replaced.
  void write(std::int64_t step, const Checkpoint& checkpoint, bool is_best);

  // Removes all but the newest `keep` and what `best` and `last` point to. Of `steps` the weights stay.
  void prune(std::int64_t keep, const std::set<std::int64_t>& steps = {}) const;

  // The folder of the newest whole checkpoint, of the best one. None: there is none.
  std::optional<std::string> last() const;
  std::optional<std::string> best() const;

  std::string weights_of(std::int64_t step) const;  // the file, which may be gone

  static Value read_state(const std::string& folder);

 private:
  std::string folder_;
};

}  // namespace graft::core
