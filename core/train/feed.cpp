#include "core/train/feed.hpp"

#include <algorithm>
#include <utility>

#include "graft/error.hpp"

namespace graft::core {
namespace {

// Tokens of each row, in all columns of tokens that a batch carries; those made after an augmenter as they are without it.
std::vector<std::int64_t> lengths_of(const StreamRows& rows, const std::set<std::string>& columns) {
  std::vector<std::int64_t> lengths(static_cast<std::size_t>(rows.training.size()));
  bool has_tokens = false;
  for (const std::string& name : columns) {
    const Field* field = find(rows.schema, name);
    if (!field || field->kind != FieldKind::kTokens) continue;
    has_tokens = true;
    const Batch& from = rows.training.has(name) ? rows.training : rows.clean.at("train");
    if (from.size() != rows.training.size())
      throw Error("run", "batch_tokens needs the tokens " + name + " of the resampled stream " + rows.name +
                             " before the first augmenter: set run.batch_size");
    const Tensor offsets = from.ragged(name).offsets.contiguous();
    const std::int32_t* at = offsets.const_data_ptr<std::int32_t>();
    for (std::size_t i = 0; i < lengths.size(); ++i) lengths[i] += at[i + 1] - at[i];
  }
  if (!has_tokens)
    throw Error("run", "batch_tokens needs rows of tokens, and the stream " + rows.name + " has none: set run.batch_size");
  return lengths;
}

}  // namespace

Feed::Feed(std::vector<std::size_t> streams, const std::vector<StreamRows>& rows, const Pipeline& pipeline,
           std::vector<std::set<std::string>> columns, FeedOptions options)
    : streams_(std::move(streams)), rows_(rows), pipeline_(pipeline), columns_(std::move(columns)), options_(std::move(options)) {
  std::vector<double> own;
  for (std::size_t s : streams_) {
    const std::int64_t count = rows_[s].training.size();
    const std::int64_t size = options_.batch_sizes[s] > 0 ? options_.batch_sizes[s] : count;
    StreamSize stream{count, size};
    if (options_.batch_tokens > 0) {
      stream.batch_tokens = options_.batch_tokens;
      stream.lengths = lengths_of(rows_[s], columns_[s]);
    }
    own.push_back(options_.sampling.empty() ? 0 : options_.sampling[s]);
    sizes_.push_back(std::move(stream));
  }
  share_turns(sizes_, own, options_.mixing);
  for (const StreamSize& stream : sizes_) batches_per_epoch_ += stream.turns > 0 ? stream.turns : batches_of(stream);
}

void Feed::start(std::int64_t first, std::int64_t end) {
  stop();
  taken_ = first;
  queue_ =
      std::make_unique<BatchQueue>([this](std::int64_t number) { return make(number); }, first, end, options_.loader_threads);
}

void Feed::stop() {
  if (queue_) stalled_before_ += queue_->stall_seconds();
  queue_.reset();
  made_counts_.clear();
}

double Feed::stall_seconds() const { return stalled_before_ + (queue_ ? queue_->stall_seconds() : 0); }

PlannedBatch Feed::planned(std::int64_t number) {
  std::lock_guard lock(mutex_);
  const std::int64_t epoch = number / batches_per_epoch_;
  if (!epochs_.contains(epoch)) {
    epochs_[epoch] = plan_epoch(sizes_, options_.seed, epoch, options_.mixing.in_turn);
    epochs_.erase(epochs_.begin(), epochs_.lower_bound(epoch - 1));
  }
  return epochs_[epoch][number % batches_per_epoch_];
}

Batch Feed::make(std::int64_t number) {
  const PlannedBatch plan = planned(number);
  const std::size_t stream = streams_[plan.stream];
  const std::vector<std::string> columns(columns_[stream].begin(), columns_[stream].end());
  Batch batch = rows_[stream].training;
  if (!pipeline_.augments(stream)) return batch.only(columns).select(plan.positions);
  batch = batch.select(plan.positions);
  AugmentCounts counts;
  pipeline_.augment_rows(stream, batch, options_.seed, plan.epoch, counts);
  {
    const std::lock_guard lock(mutex_);
    made_counts_[number] = std::move(counts);
  }
  return batch.only(columns);
}

Feed::Taken Feed::take() {
  const std::size_t stream = streams_[planned(taken_).stream];
  Batch batch = queue_->take();
  {
    const std::lock_guard lock(mutex_);
    if (const auto counts = made_counts_.extract(taken_)) augment_counts_.add(counts.mapped());
  }
  ++taken_;
  return {stream, std::move(batch)};
}

}  // namespace graft::core
