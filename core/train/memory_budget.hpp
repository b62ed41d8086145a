// MemoryBudget: a limit on the memory of tensors on the CPU. An allocation beyond it throws c10::OutOfMemoryError, as a GPU's
// does, where the system would end the process instead; so a batch that is too large can be run in parts.
//
//   counts   bytes of all tensors made while it stands, in any thread
//   calls    one budget at a time; tensors made under it may outlive it
#pragma once

#include <cstdint>

namespace graft::core {

class MemoryBudget {
 public:
  explicit MemoryBudget(std::uint64_t bytes);
  ~MemoryBudget();
  MemoryBudget(const MemoryBudget&) = delete;

  static std::uint64_t used();
};

// Nine tenths of what this process may still take: the system's available memory, or its control group's where that is less.
std::uint64_t default_memory_budget();

}  // namespace graft::core
