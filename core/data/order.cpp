#include "core/data/order.hpp"

#include <algorithm>
#include <numeric>

#include "graft/error.hpp"

namespace graft::core {

std::vector<std::int64_t> permutation(std::int64_t n, Rng rng) {
  std::vector<std::int64_t> order(n);
  std::iota(order.begin(), order.end(), 0);
  for (std::int64_t i = n - 1; i > 0; --i) std::swap(order[i], order[rng.below(i + 1)]);
  return order;
}

namespace {

std::int64_t sum(const std::vector<std::int64_t>& numbers) {
  return std::accumulate(numbers.begin(), numbers.end(), std::int64_t(0));
}

void cut_by_rows(std::vector<PlannedBatch>& batches, std::size_t stream, const StreamSize& size,
                 const std::vector<std::int64_t>& order) {
  for (std::size_t begin = 0; begin < order.size(); begin += size.batch_size) {
    const std::size_t end = std::min<std::size_t>(begin + size.batch_size, order.size());
    batches.push_back({stream, {order.begin() + begin, order.begin() + end}, 0});
  }
}

// Batch k takes the rows whose last token lies in the k-th of equal shares of all tokens.
void cut_by_tokens(std::vector<PlannedBatch>& batches, std::size_t stream, const StreamSize& size,
                   const std::vector<std::int64_t>& order) {
  const std::int64_t count = batches_of(size), all = sum(size.lengths);
  const std::size_t first = batches.size();
  batches.resize(first + count, {stream, {}, 0});
  std::int64_t tokens = 0;
  for (std::int64_t row : order) {
    tokens += size.lengths[row];
    const std::int64_t share = std::max<std::int64_t>(tokens - 1, 0) * count / all;
    batches[first + share].positions.push_back(row);
  }
}

}  // namespace

std::int64_t batches_of(const StreamSize& stream) {
  if (stream.batch_tokens == 0) return (stream.rows + stream.batch_size - 1) / stream.batch_size;
  const std::int64_t all = sum(stream.lengths), longest = *std::max_element(stream.lengths.begin(), stream.lengths.end());
  if (stream.batch_tokens < 3 * longest)
    throw Error("run", "batch_tokens must be at least 3 times the longest row, which has " + std::to_string(longest) +
                           " tokens; got " + std::to_string(stream.batch_tokens));
  const std::int64_t room = stream.batch_tokens - longest;
  return std::max<std::int64_t>(1, (all + room - 1) / room);
}

namespace {

Rng rng_of(std::uint64_t seed, std::int64_t epoch) { return Rng(seed).fork("order").fork(static_cast<std::uint64_t>(epoch)); }

std::vector<PlannedBatch> own_epoch(std::size_t number, const StreamSize& stream, std::uint64_t seed, std::int64_t epoch) {
  const auto order = permutation(stream.rows, rng_of(seed, epoch).fork(number));
  std::vector<PlannedBatch> batches;
  stream.batch_tokens > 0 ? cut_by_tokens(batches, number, stream, order) : cut_by_rows(batches, number, stream, order);
  for (PlannedBatch& batch : batches) batch.epoch = epoch;
  return batches;
}

}  // namespace

std::vector<PlannedBatch> plan_epoch(const std::vector<StreamSize>& streams, std::uint64_t seed, std::int64_t epoch,
                                     bool in_turn) {
  std::vector<PlannedBatch> batches;
  std::vector<double> places;  // in the epoch, where streams take turns
  for (std::size_t stream = 0; stream < streams.size(); ++stream) {
    const std::int64_t all = batches_of(streams[stream]), turns = streams[stream].turns > 0 ? streams[stream].turns : all;
    std::vector<PlannedBatch> own;
    for (std::int64_t k = epoch * turns; k < (epoch + 1) * turns; ++k) {
      if (own.empty() || k % all == 0) own = own_epoch(stream, streams[stream], seed, k / all);
      batches.push_back(std::move(own[k % all]));
      places.push_back((static_cast<double>(k - epoch * turns) + 0.5) / static_cast<double>(turns));
    }
  }
  if (streams.size() < 2) return batches;
  std::vector<std::int64_t> order = permutation(static_cast<std::int64_t>(batches.size()), rng_of(seed, epoch).fork("mix"));
  if (in_turn)
    std::sort(order.begin(), order.end(), [&](auto a, auto b) { return std::pair(places[a], a) < std::pair(places[b], b); });
  std::vector<PlannedBatch> mixed;
  for (const std::int64_t i : order) mixed.push_back(std::move(batches[i]));
  return mixed;
}

}  // namespace graft::core
