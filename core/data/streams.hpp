// Streams: each entry of the config's section `data`, opened and split.
//
//   row ids   unique over all streams: stream << 48 | part << 40 | number of the row in its source
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/registry/loader.hpp"
#include "graft/source.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Stream {
  std::string name;
  Schema schema;                        // of its source
  std::map<std::string, Batch> splits;  // rows of "train", "valid", "test"; absent when empty
  std::set<std::string> not_features;   // columns that say split, group or stratum
};

// Opens all sources and splits them. throws Error when a split has no training rows, or sources of one stream differ.
std::vector<Stream> open_streams(const Value& data, Loader& loader);

// One source, all rows, for `predict` and `eval` on other files.
Batch read_all(const Source& source, std::size_t stream, std::size_t part);

}  // namespace graft::core
