#include "core/data/batch_queue.hpp"

#include <chrono>

namespace graft::core {

BatchQueue::BatchQueue(std::function<Batch(std::int64_t)> make, std::int64_t first, std::int64_t end, int threads)
    : make_(std::move(make)), next_taken_(first), next_made_(first), end_(end), ahead_(4 + 2 * threads) {
  for (int t = 0; t < threads; ++t) threads_.emplace_back([this] { work(); });
}

BatchQueue::~BatchQueue() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  taken_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void BatchQueue::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    taken_.wait(lock, [this] { return stop_ || next_made_ >= end_ || next_made_ < next_taken_ + ahead_; });
    if (stop_ || next_made_ >= end_) return;
    const std::int64_t index = next_made_++;
    lock.unlock();
    Made made;
    try {
      made.batch = make_(index);
    } catch (...) {
      made.error = std::current_exception();
    }
    lock.lock();
    ready_[index] = std::move(made);
    made_.notify_all();
  }
}

Batch BatchQueue::take() {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t index = next_taken_;
  Made made;
  if (threads_.empty()) {
    made.batch = make_(index);
  } else {
    std::unique_lock lock(mutex_);
    made_.wait(lock, [&] { return ready_.contains(index); });
    made = std::move(ready_.extract(index).mapped());
    ++next_taken_;
    taken_.notify_all();
  }
  if (threads_.empty()) ++next_taken_;
  stall_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (made.error) std::rethrow_exception(made.error);
  return std::move(made.batch);
}

}  // namespace graft::core
