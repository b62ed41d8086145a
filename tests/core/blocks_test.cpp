#include "core/train/blocks.hpp"

#include <cstring>
#include <random>
#include <thread>

#include "catch.hpp"
#include "core/train/memory_budget.hpp"

using namespace graft;
using namespace graft::core;

namespace {

constexpr std::size_t kMb = std::size_t{1} << 20;

bool holds(const Blocks::Block& block, unsigned char value) {
  const auto* bytes = static_cast<const unsigned char*>(block.base);
  return std::all_of(bytes, bytes + block.bytes, [&](unsigned char byte) { return byte == value; });
}

}  // namespace

TEST_CASE("blocks: one that is given back serves what needs two thirds of it, and nothing smaller", "[train][memory]") {
  Blocks blocks;
  const Blocks::Block first = blocks.take(3 * kMb);
  CHECK(first.bytes == 3 * kMb);
  blocks.give_back(first);
  const Blocks::Block smaller = blocks.take(2 * kMb);
  CHECK(smaller.base == first.base);
  CHECK(smaller.bytes == first.bytes);
  CHECK(blocks.mapped() == 3 * kMb);
  blocks.give_back(smaller);
  CHECK(blocks.take(2 * kMb - 5000).base != first.base);
  CHECK(blocks.take(3 * kMb + 1).base != first.base);
}

TEST_CASE("blocks: at most an eighth is added to a size, and large ones are whole huge pages", "[train][memory]") {
  Blocks blocks;
  for (const std::size_t bytes : {Blocks::kLeast, Blocks::kLeast + 1, 3 * kMb - 7, Blocks::kHuge, 33 * kMb + 5, 100 * kMb}) {
    const Blocks::Block block = blocks.take(bytes);
    INFO(bytes << " in " << block.bytes);
    CHECK(block.bytes >= bytes);
    CHECK(block.bytes <= bytes + std::max(bytes / 8, bytes < Blocks::kHuge ? std::size_t{4096} : 2 * kMb));
    CHECK(reinterpret_cast<std::uintptr_t>(block.base) % (bytes < Blocks::kHuge ? 4096 : 2 * kMb) == 0);
    blocks.give_back(block);
  }
}

TEST_CASE("blocks: batches of changing size map no more than the largest needs, and what is free can be unmapped",
          "[train][memory]") {
  Blocks blocks;
  std::mt19937 random(7);
  const auto batch = [&](std::size_t rows) {
    std::vector<Blocks::Block> held;
    for (const std::size_t width : {1536, 4608, 3072, 6144, 1536, 1536})
      for (int layer = 0; layer < 6; ++layer) held.push_back(blocks.take(rows * width));
    for (const Blocks::Block& block : held) blocks.give_back(block);
  };
  batch(1100);
  const std::size_t largest = blocks.mapped();
  for (int step = 0; step < 500; ++step) batch(600 + random() % 501);
  CHECK(blocks.mapped() <= largest + largest / 4);
  const std::size_t mapped = blocks.mapped();
  CHECK(blocks.unmap_free() == mapped);
  CHECK(blocks.mapped() == 0);
}

TEST_CASE("blocks: threads never hold the same one", "[train][memory]") {
  Blocks blocks;
  std::atomic<int> faults = 0;
  const auto work = [&](unsigned char value) {
    for (int round = 0; round < 200; ++round) {
      const Blocks::Block block = blocks.take(Blocks::kLeast + round * std::size_t{1000});
      std::memset(block.base, value, block.bytes);
      if (!holds(block, value)) ++faults;
      blocks.give_back(block);
    }
  };
  std::thread one(work, 1), two(work, 2), three(work, 3);
  one.join(), two.join(), three.join();
  CHECK(faults == 0);
}

TEST_CASE("memory budget: tensors keep their contents in blocks that others left, and may outlive the budget",
          "[train][memory]") {
  std::vector<Tensor> kept;
  {
    const MemoryBudget budget(1'000'000'000);
    for (int i = 0; i < 20; ++i) {
      const Tensor gone = torch::full({100'000 + 7'000 * i}, -1.0f);
      kept.push_back(torch::full({100'000 + 7'000 * i}, static_cast<float>(i)));
      kept.push_back(torch::full({i}, static_cast<float>(i)));
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i) CHECK(kept[i].eq(static_cast<float>(i / 2)).all().item<bool>());
}
