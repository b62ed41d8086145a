// BatchQueue: batches made ahead of time by loader threads, handed out in order.
//
//   make(i) is a pure function of i and runs on any thread; what take() gives does not depend on the number of threads.
//   threads 0: made when asked for. An error in make(i) is thrown by take(i).
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "graft/batch.hpp"

namespace graft::core {

class BatchQueue {
 public:
  // Batches first, first + 1, ... up to end - 1.
  BatchQueue(std::function<Batch(std::int64_t)> make, std::int64_t first, std::int64_t end, int threads);
  ~BatchQueue();  // waits for the threads

  Batch take();                                            // the next one; REQUIRES: not past the end
  double stall_seconds() const { return stall_seconds_; }  // spent waiting in take()

 private:
  struct Made {
    Batch batch;
    std::exception_ptr error;
  };
  void work();

  std::function<Batch(std::int64_t)> make_;
  std::int64_t next_taken_, next_made_, end_, ahead_;
  std::map<std::int64_t, Made> ready_;
  bool stop_ = false;
  double stall_seconds_ = 0;
  std::mutex mutex_;
  std::condition_variable made_, taken_;
  std::vector<std::thread> threads_;
};

}  // namespace graft::core
