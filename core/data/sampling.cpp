#include "core/data/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace graft::core {

Mixing mixing_of(const Value& sampling) {
  if (!sampling.is_text()) return {sampling.number(), false};
  if (sampling.text() == "proportional") return {};
  return {std::numeric_limits<double>::infinity(), sampling.text() == "round_robin"};
}

void share_turns(std::vector<StreamSize>& streams, const std::vector<double>& own, const Mixing& mixing) {
  if (mixing.temperature == 1 && std::all_of(own.begin(), own.end(), [](double share) { return share == 0; })) return;
  std::vector<double> shares;
  double sizes = 0, batches = 0;
  for (const StreamSize& stream : streams) {
    shares.push_back(std::pow(static_cast<double>(stream.rows), 1 / mixing.temperature));
    sizes += shares.back();
    batches += static_cast<double>(batches_of(stream));
  }
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = own[i] > 0 ? own[i] : shares[i] / sizes;
  const double all = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (std::size_t i = 0; i < shares.size(); ++i)
    streams[i].turns = std::max<std::int64_t>(1, std::llround(batches * shares[i] / all));
}

}  // namespace graft::core
