// Parts: in how many parts a batch is run, so that it fits into memory; learned from the batches that did not fit.
//
//   cost   of a batch: its tokens, or its rows where it has none
//   state  the largest cost that is run at once; a resumed run goes on with it, to the same bits
#pragma once

#include <algorithm>
#include <cstdint>

namespace graft::core {

class Parts {
 public:
  int of(std::int64_t cost) const {
    return largest_ == 0 ? 1 : static_cast<int>(std::max<std::int64_t>(1, (cost + largest_ - 1) / largest_));
  }
  // A batch of this cost, run in `parts`, did not fit.
  void did_not_fit(std::int64_t cost, int parts) { largest_ = std::max<std::int64_t>(1, cost / (2 * parts)); }

  std::int64_t largest() const { return largest_; }  // 0: no limit is known
  void restore(std::int64_t largest) { largest_ = largest; }

 private:
  std::int64_t largest_ = 0;
};

}  // namespace graft::core
