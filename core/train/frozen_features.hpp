// FrozenFeatures: what a frozen model gives for each row, computed once and kept, so that epochs cost no more than the heads.
//
//   exact    a frozen model runs without dropout, and pieces are cut by the rows' order: the same bits in every epoch and after
//            a resume
//   kept     only where it is exact and small: no augmenter on the rows, every column the heads read is a vector of fixed width,
//            all heads have the same adapters, at most kMost bytes in all; other rows are computed each time
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/train/feature_cache.hpp"
#include "core/train/network.hpp"

namespace graft::core {

class FrozenFeatures {
 public:
  static constexpr std::int64_t kMost = std::int64_t{1} << 30;

  // Runs the model over the training and validation rows of the streams that no augmenter changes, or takes from `cache` what
  // an earlier run left there.
  FrozenFeatures(Network& network, const std::vector<StreamRows>& rows, const Pipeline& pipeline, std::int64_t batch_size,
                 const FeatureCache& cache);

  // The model's output for these rows, or none when one of them was not kept.
  std::optional<Batch> find(const Batch& batch) const;

  std::int64_t rows() const { return static_cast<std::int64_t>(positions_.size()); }
  std::int64_t bytes() const { return bytes_; }
  std::int64_t rows_from_cache() const { return rows_from_cache_; }

 private:
  Batch features_;  // on the CPU
  at::Device device_{at::kCPU};
  std::unordered_map<std::int64_t, std::int64_t> positions_;  // by row id
  std::int64_t bytes_ = 0, rows_from_cache_ = 0;
};

// Does no parameter of the model train (and has it any)?
bool is_frozen(const Network& network, const Parameters& parameters);

}  // namespace graft::core
