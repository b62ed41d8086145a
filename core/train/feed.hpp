// Feed: the training batches of one role, in order, epoch after epoch. Batch number i (from 0, over all epochs) is a pure
// function of (seed, i), so a run can start at any of them.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/data/batch_queue.hpp"
#include "core/data/order.hpp"
#include "core/data/sampling.hpp"
#include "core/pipeline/pipeline.hpp"

namespace graft::core {

struct FeedOptions {
  std::uint64_t seed = 1;
  std::vector<std::int64_t> batch_sizes;  // by stream number; 0: all rows
  std::int64_t batch_tokens = 0;          // in place of them where it is not 0; the streams' clean rows have a column of tokens
  int loader_threads = 1;
  std::vector<double> sampling = {};  // by stream number: its share of the batches relative to the others; 0: by `mixing`
  Mixing mixing = {};
};

class Feed {
 public:
  // `columns[s]`: what a batch of stream s must carry; REQUIRES: the rows and the pipeline outlive the feed.
  Feed(std::vector<std::size_t> streams, const std::vector<StreamRows>& rows, const Pipeline& pipeline,
       std::vector<std::set<std::string>> columns, FeedOptions options);

  void start(std::int64_t first, std::int64_t end);  // batches [first, end) will be taken
  void stop();                                       // ends the loader threads

  struct Taken {
    std::size_t stream;
    Batch batch;
  };
  Taken take();
  const AugmentCounts& augment_counts() const { return augment_counts_; }  // of the batches taken since the feed was made
  std::int64_t taken() const { return taken_; }                            // batches in all, the next one's number
  std::int64_t batches_per_epoch() const { return batches_per_epoch_; }
  double stall_seconds() const;

 private:
  PlannedBatch planned(std::int64_t number);
  Batch make(std::int64_t number);

  std::vector<std::size_t> streams_;
  const std::vector<StreamRows>& rows_;
  const Pipeline& pipeline_;
  std::vector<std::set<std::string>> columns_;
  FeedOptions options_;
  std::vector<StreamSize> sizes_;  // of streams_, in that order
  std::int64_t batches_per_epoch_ = 0, taken_ = 0;
  double stalled_before_ = 0;
  std::mutex mutex_;
  std::map<std::int64_t, std::vector<PlannedBatch>> epochs_;  // plans in use
  std::map<std::int64_t, AugmentCounts> made_counts_;         // by number: of batches that wait to be taken
  AugmentCounts augment_counts_;
  std::unique_ptr<BatchQueue> queue_;
};

}  // namespace graft::core
