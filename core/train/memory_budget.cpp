#include "core/train/memory_budget.hpp"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <limits>
#include <string>

namespace graft::core {
namespace {

std::atomic<std::uint64_t> bytes_used = 0, bytes_allowed = 0;

// A block's size is asked of malloc, whose memory it is: nothing need be kept beside it.
void give_back(void* data) {
  bytes_used -= ::malloc_usable_size(data);
  c10::GetDefaultCPUAllocator()->raw_deleter()(data);
}

class Counted final : public c10::Allocator {
 public:
  at::DataPtr allocate(std::size_t bytes) override {
    if (bytes_used + bytes > bytes_allowed) {
      TORCH_CHECK_WITH(OutOfMemoryError, false, "out of memory: ", bytes / 1000000, " MB more than the ", bytes_allowed / 1000000,
                       " MB that tensors may take");
    }
    void* data = c10::GetDefaultCPUAllocator()->raw_allocate(bytes);
    bytes_used += ::malloc_usable_size(data);
    return {data, data, &give_back, at::kCPU};
  }
  at::DeleterFnPtr raw_deleter() const override { return &give_back; }
  void copy_data(void* to, const void* from, std::size_t bytes) const override { default_copy_data(to, from, bytes); }
};

Counted counted;

std::uint64_t number_in(const char* path, const std::string& key) {
  std::ifstream file(path);
  std::string word;
  while (file >> word)
    if (key.empty() || word == key) {
      if (!key.empty()) file >> word;
      try {
        return std::stoull(word);
      } catch (const std::exception&) {
        break;  // "max"
      }
    }
  return std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

MemoryBudget::MemoryBudget(std::uint64_t bytes) {
  bytes_allowed = bytes;
  c10::SetCPUAllocator(&counted, 1);
}

MemoryBudget::~MemoryBudget() { c10::SetCPUAllocator(c10::GetDefaultCPUAllocator(), 1); }

std::uint64_t MemoryBudget::used() { return bytes_used; }

std::uint64_t default_memory_budget() {
  const std::uint64_t kilobytes = number_in("/proc/meminfo", "MemAvailable:");
  std::uint64_t bytes = kilobytes > std::numeric_limits<std::uint64_t>::max() / 1024 ? kilobytes : kilobytes * 1024;
  const std::uint64_t most = number_in("/sys/fs/cgroup/memory.max", ""), now = number_in("/sys/fs/cgroup/memory.current", "");
  if (most > now) bytes = std::min(bytes, most - now);
  return bytes / 10 * 9;
}

}  // namespace graft::core
