// What the tests of augmenters share: their plugin file, and that rows do not depend on their neighbours or the thread.
#pragma once

#include <thread>
#include <vector>

#include "graft/augmenter.hpp"
#include "graft/testing.hpp"
#include "graft/value.hpp"

inline const graft::testing::Plugin& augmenters() {
  static const graft::testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_augmenter.so");
  return plugin;
}

inline graft::Batch augmented(const graft::Augmenter& augmenter, graft::Batch batch, std::uint64_t key) {
  augmenter.augment(batch, graft::Rng(key));
  return batch;
}

// The batch augmented on four threads at once, with the same key.
inline std::vector<graft::Batch> augmented_on_four_threads(const graft::Augmenter& augmenter, const graft::Batch& batch,
                                                           std::uint64_t key) {
  std::vector<graft::Batch> batches(4);
  std::vector<std::thread> threads;
  for (graft::Batch& mine : batches) threads.emplace_back([&] { mine = augmented(augmenter, batch, key); });
  for (std::thread& thread : threads) thread.join();
  return batches;
}
