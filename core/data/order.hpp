// The order of rows: a pure function of (seed, epoch), so that any batch of any epoch can be made again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/rng.hpp"

namespace graft::core {

// A permutation of 0 .. n-1 (Fisher and Yates), drawn from `rng`.
std::vector<std::int64_t> permutation(std::int64_t n, Rng rng);

// One batch of an epoch: a stream, and positions in its training rows.
struct PlannedBatch {
  std::size_t stream;
  std::vector<std::int64_t> positions;
  std::int64_t epoch = 0;  // of the stream: how often its rows were all used before
};

struct StreamSize {
  std::int64_t rows;                       // of its training split
  std::int64_t batch_size;                 // rows a batch; the last batch of an epoch may be smaller
  std::int64_t batch_tokens = 0;           // in place of batch_size where it is not 0: the most tokens in a batch
  std::vector<std::int64_t> lengths = {};  // tokens of each row, for batch_tokens
  std::int64_t turns = 0;                  // batches in an epoch of the run; 0: as many as hold each row once
};

// Batches in an epoch, the same in all. By tokens: as many as hold the stream's tokens when each leaves room for the longest row.
// throws Error("run") when batch_tokens is less than 3 times the longest row, so that no batch can be empty.
std::int64_t batches_of(const StreamSize& stream);

// The batches of one epoch: each stream's rows once, shuffled, cut into batches; the batches of all streams shuffled among
// each other, or `in_turn`: evenly spread, so that streams of as many batches come one after the other, again and again. A stream with turns goes on in its own epochs where it stopped. Rng key: (seed, "order", epoch of the stream, stream).
std::vector<PlannedBatch> plan_epoch(const std::vector<StreamSize>& streams, std::uint64_t seed, std::int64_t epoch,
                                     bool in_turn = false);

}  // namespace graft::core
