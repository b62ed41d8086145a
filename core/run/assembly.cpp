#include "core/run/assembly.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/data/leaks.hpp"
#include "core/data/order.hpp"
#include "core/data/resample.hpp"

namespace graft::core {
namespace {

class Stopwatch {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - start_).count();
    start_ = now;
    return seconds;
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// A sample of each split, for files are often sorted by what is to be learned.
void keep_some(std::vector<Stream>& streams, std::int64_t limit) {
  for (Stream& stream : streams)
    for (auto& [split, rows] : stream.splits) {
      if (rows.size() <= limit) continue;
      std::vector<std::int64_t> kept = permutation(rows.size(), Rng(0).fork("sample"));
      kept.resize(limit);
      std::sort(kept.begin(), kept.end());
      rows = rows.select(kept);
    }
}

void resample_streams(const Value& data, std::uint64_t seed, std::vector<StreamRows>& rows) {
  for (StreamRows& stream : rows) {
    const Value* how = data.at(stream.name).find("resample");
    if (!how || how->is_null()) continue;
    const Rng draws = Rng(seed).fork("resample").fork(stream.name);
    stream.training = resample(stream.training, stream.schema, resampling_of(*how), stream.name, draws);
  }
}

}  // namespace

int compute_threads(const Value& config) {
  const auto threads = static_cast<int>(config.at("run").at("threads").integer());
  return threads > 0 ? threads : static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
}

Assembly assemble(const Value& config, Loader& loader, std::int64_t rows_limit) {
  const int threads = compute_threads(config);
  at::set_num_threads(threads);
  const auto seed = static_cast<std::uint64_t>(config.at("run").at("seed").integer());
  Compute compute = choose_compute(config.at("run"));  // CUDA is opened before plugins are
  Assembly assembly;
  Stopwatch watch;
  assembly.streams = open_streams(config.at("data"), loader);
  if (rows_limit > 0) keep_some(assembly.streams, rows_limit);
  const std::set<std::string> targets = target_columns(config, loader);
  for (const Stream& stream : assembly.streams) warn_of_leaks(stream, targets);
  assembly.seconds.emplace_back("read data", watch.lap());
  assembly.pipeline = std::make_unique<Pipeline>(config, assembly.streams, targets, loader, threads, assembly.rows);
  resample_streams(config.at("data"), seed, assembly.rows);
  assembly.seconds.emplace_back("pipeline", watch.lap());
  assembly.network = build_network(config, assembly.rows, seed, loader);
  assembly.network.move_to(std::move(compute));
  assembly.seconds.emplace_back("build model", watch.lap());
  return assembly;
}

}  // namespace graft::core
