#include "core/data/order.hpp"

#include <algorithm>
#include <numeric>

namespace graft::core {

std::vector<std::int64_t> permutation(std::int64_t n, Rng rng) {
  std::vector<std::int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t i = n - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
  return order;
}

std::vector<PlannedBatch> plan_epoch(const std::vector<StreamSize>& streams, std::uint64_t seed, std::int64_t epoch) {
  const Rng rng = Rng(seed).fork("order").fork(static_cast<std::uint64_t>(epoch));
  std::vector<PlannedBatch> batches;
  for (std::size_t stream = 0; stream < streams.size(); ++stream) {
    const auto order = permutation(streams[stream].rows, rng.fork(stream));
    for (std::size_t begin = 0; begin < order.size(); begin += streams[stream].batch_size) {
      const std::size_t end = std::min<std::size_t>(begin + streams[stream].batch_size, order.size());
      batches.push_back({stream, {order.begin() + begin, order.begin() + end}});
    }
  }
  if (streams.size() < 2) return batches;
  std::vector<PlannedBatch> mixed;
  for (std::int64_t i : permutation(static_cast<std::int64_t>(batches.size()), rng.fork("mix")))
    mixed.push_back(std::move(batches[i]));
  return mixed;
}

}  // namespace graft::core
