// Blocks: the memory of large tensors. A block that a tensor leaves is kept for the next one of about its size.
//
//   why      the tensors of a step differ in size from batch to batch. A heap cuts what one leaves into what others need, and grows
//            by the pieces that fit nobody; the system, asked each time, zeroes every page anew. Blocks are never cut: a few steps
//            map as many as the largest batch needs, and from then on none
//   sizes    of eight steps to a doubling; a free block serves what needs at least two thirds of it
//   pages    of 2 MB from kHuge on, where the system has them
//   calls    thread-safe
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <vector>

namespace graft::core {

class Blocks {
 public:
  static constexpr std::size_t kLeast = std::size_t{256} << 10, kHuge = std::size_t{4} << 20;

  struct Block {
    void* base = nullptr;
    std::size_t bytes = 0;
  };

  Blocks() = default;
  ~Blocks();
  Blocks(const Blocks&) = delete;

  // At least `bytes`. throws std::bad_alloc when the system has no more.
  Block take(std::size_t bytes);
  void give_back(Block block) noexcept;

  std::size_t mapped() const;         // bytes, in use or free
  std::size_t unmap_free() noexcept;  // bytes

 private:
  mutable std::mutex mutex_;
  std::map<std::size_t, std::vector<void*>> free_;  // by bytes
  std::size_t mapped_ = 0;
};

}  // namespace graft::core
