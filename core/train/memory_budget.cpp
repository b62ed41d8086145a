#include "core/train/memory_budget.hpp"

#include <c10/core/CPUAllocator.h>
#include <c10/util/Exception.h>
#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <limits>
#include <new>
#include <string>

#include "core/train/blocks.hpp"

namespace graft::core {
namespace {

std::atomic<std::uint64_t> bytes_used = 0, bytes_allowed = 0;

// Never destroyed: tensors outlive all that is.
Blocks& blocks() {
  static auto* const all = new Blocks;
  return *all;
}

constexpr std::size_t kLine = 64, kColours = 56;  // lines of cache

// In the line before a tensor's data: whose memory it is.
struct Header {
  Blocks::Block block;  // base and bytes, of Blocks where there are at least Blocks::kLeast, else of malloc
};

// What is left of a page's lines differs from block to block, or the same places of all would compete for the same lines.
std::size_t next_colour() {
  static std::atomic<std::size_t> count = 0;
  return kLine * (1 + count++ * 11 % kColours);
}

void* placed(Blocks::Block block, std::size_t offset) {
  auto* data = static_cast<std::byte*>(block.base) + offset;
  new (data - kLine) Header{block};
  bytes_used += block.bytes;
  return data;
}

void* small(std::size_t bytes) { return placed({c10::alloc_cpu(bytes + kLine), bytes}, kLine); }

void* large(std::size_t bytes) {
  if (blocks().mapped() + bytes > bytes_allowed) blocks().unmap_free();
  return placed(blocks().take(bytes + kLine * (1 + kColours)), next_colour());
}

void give_back(void* data) {
  if (!data) return;
  const Blocks::Block block = reinterpret_cast<Header*>(static_cast<std::byte*>(data) - kLine)->block;
  bytes_used -= block.bytes;
  if (block.bytes < Blocks::kLeast)
    c10::free_cpu(block.base);
  else
    blocks().give_back(block);
}

class Counted final : public c10::Allocator {
 public:
  at::DataPtr allocate(std::size_t bytes) override {
    if (bytes_used + bytes > bytes_allowed) {
      TORCH_CHECK_WITH(OutOfMemoryError, false, "out of memory: ", bytes / 1000000, " MB more than the ", bytes_allowed / 1000000,
                       " MB that tensors may take");
    }
    void* data = bytes == 0 ? nullptr : bytes < Blocks::kLeast ? small(bytes) : large(bytes);
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

MemoryBudget::~MemoryBudget() {
  c10::SetCPUAllocator(c10::GetDefaultCPUAllocator(), 1);
  blocks().unmap_free();
}

std::uint64_t MemoryBudget::used() { return bytes_used; }

std::uint64_t default_memory_budget() {
  const std::uint64_t kilobytes = number_in("/proc/meminfo", "MemAvailable:");
  std::uint64_t bytes = kilobytes > std::numeric_limits<std::uint64_t>::max() / 1024 ? kilobytes : kilobytes * 1024;
  const std::uint64_t most = number_in("/sys/fs/cgroup/memory.max", ""), now = number_in("/sys/fs/cgroup/memory.current", "");
  if (most > now) bytes = std::min(bytes, most - now);
  return bytes / 10 * 9;
}

}  // namespace graft::core
