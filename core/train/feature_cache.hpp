// FeatureCache: what frozen models gave, on disk, for later runs with other heads, seeds or rates.
//
//   key      SHA-256 over all that the features depend on: the model's component, parameters, weights and plugin file, libgraft,
//            the adapters, the rows' columns that it reads, how they are cut into batches, the instruction set and the threads
//   folder   $GRAFT_CACHE ("off": nothing is kept), else $XDG_CACHE_HOME/graft, else ~/.cache/graft; features/<key>.safetensors
//   bounded  files used least recently go once there are more than kMost bytes
//   safe     a file that is not whole or does not fit is made anew; a folder that cannot be written costs a warning
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/train/network.hpp"

namespace graft::core {

class FeatureCache {
 public:
  static constexpr std::uint64_t kMost = std::uint64_t{4} << 30;

  FeatureCache();                                                            // in the folder above
  explicit FeatureCache(std::string folder) : folder_(std::move(folder)) {}  // "": keeps nothing

  const std::string& folder() const { return folder_; }

  static std::string key(const Network& network, const Batch& rows, std::int64_t batch_size);

  // Columns of the model's output for `rows`, in their order; none when they are not kept.
  std::optional<Batch> read(const std::string& key, const Batch& rows) const;
  void write(const std::string& key, const Batch& features) const;

 private:
  std::string file(const std::string& key) const { return folder_ + "/" + key + ".safetensors"; }
  void remove_oldest() const;

  std::string folder_;
};

}  // namespace graft::core
