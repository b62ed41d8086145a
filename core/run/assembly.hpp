// Assembly: everything a config names, opened, fitted and built, in the order of the data's way.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/data/streams.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/train/network.hpp"

namespace graft::core {

struct Assembly {
  std::vector<Stream> streams;
  std::vector<StreamRows> rows;
  std::unique_ptr<Pipeline> pipeline;
  Network network;
  std::vector<std::pair<std::string, double>> seconds;  // by stage
};

// `rows_limit`: at most so many rows of each split (0: all), for --quick and check.
Assembly assemble(const Value& config, Loader& loader, std::int64_t rows_limit = 0);

int compute_threads(const Value& config);  // run.threads, or one a core

}  // namespace graft::core
