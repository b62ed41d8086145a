#include "core/train/blocks.hpp"

#include <sys/mman.h>

#include <bit>
#include <cstdint>
#include <new>

namespace graft::core {
namespace {

constexpr std::size_t kPage = 4096, kHugePage = std::size_t{2} << 20;

std::size_t rounded_up(std::size_t bytes, std::size_t step) { return (bytes + step - 1) / step * step; }

std::size_t size_of_block(std::size_t bytes) {
  const std::size_t step = std::max(std::bit_floor(bytes) / 8, kPage);
  return rounded_up(rounded_up(bytes, step), bytes < Blocks::kHuge ? kPage : kHugePage);
}

void* map(std::size_t bytes) {
  void* base = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) throw std::bad_alloc();
  return base;
}

// Where a huge page begins.
void* map_huge(std::size_t bytes) {
  auto* mapped = static_cast<std::byte*>(map(bytes + kHugePage));
  const std::size_t before =
      rounded_up(reinterpret_cast<std::uintptr_t>(mapped), kHugePage) - reinterpret_cast<std::uintptr_t>(mapped);
  std::byte* base = mapped + before;
  if (before > 0) ::munmap(mapped, before);
  if (before < kHugePage) ::munmap(base + bytes, kHugePage - before);
  ::madvise(base, bytes, MADV_HUGEPAGE);
  return base;
}

}  // namespace

Blocks::~Blocks() { unmap_free(); }

Blocks::Block Blocks::take(std::size_t bytes) {
  const std::size_t size = size_of_block(bytes);
  const std::lock_guard lock(mutex_);
  const auto fits = free_.lower_bound(size);
  if (fits != free_.end() && fits->first / 3 <= size / 2) {
    const Block block{fits->second.back(), fits->first};
    fits->second.pop_back();
    if (fits->second.empty()) free_.erase(fits);
    return block;
  }
  void* base = size < kHuge ? map(size) : map_huge(size);
  mapped_ += size;
  return {base, size};
}

void Blocks::give_back(Block block) noexcept {
  const std::lock_guard lock(mutex_);
  free_[block.bytes].push_back(block.base);
}

std::size_t Blocks::mapped() const {
  const std::lock_guard lock(mutex_);
  return mapped_;
}

std::size_t Blocks::unmap_free() noexcept {
  const std::lock_guard lock(mutex_);
  std::size_t unmapped = 0;
  for (const auto& [bytes, bases] : free_)
    for (void* base : bases) ::munmap(base, bytes), unmapped += bytes;
  free_.clear();
  mapped_ -= unmapped;
  return unmapped;
}

}  // namespace graft::core
