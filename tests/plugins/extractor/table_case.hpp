// What the tests of table extractors share: their plugin file, and columns out of reference files.
#pragma once

#include <limits>
#include <thread>
#include <vector>

#include "graft/extractor.hpp"
#include "graft/testing.hpp"
#include "graft/value.hpp"

inline const graft::testing::Plugin& extractors() {
  static const graft::testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_extractor.so");
  return plugin;
}

inline graft::Value reference(const std::string& name) {
  return graft::read_json(std::string(GRAFT_TEST_DATA "/") + name + "_reference.json");
}

inline graft::Strings texts_of(const graft::Value& list) {
  graft::Strings texts;
  for (const graft::Value& item : list.list()) texts.push_back(item.text());
  return texts;
}

// [B] double; null is NaN.
inline std::vector<double> numbers_of(const graft::Value& list) {
  std::vector<double> numbers;
  for (const graft::Value& item : list.list())
    numbers.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN() : item.number());
  return numbers;
}

inline std::vector<std::int64_t> integers_of(const graft::Value& list) {
  std::vector<std::int64_t> integers;
  for (const graft::Value& item : list.list()) integers.push_back(item.integer());
  return integers;
}

// Transforms the batch on four threads at once.
inline std::vector<graft::Batch> on_four_threads(const graft::Extractor& extractor, const graft::Batch& batch) {
  std::vector<graft::Batch> batches(4, batch);
  std::vector<std::thread> threads;
  for (graft::Batch& mine : batches) threads.emplace_back([&] { extractor.transform(mine); });
  for (std::thread& thread : threads) thread.join();
  return batches;
}
