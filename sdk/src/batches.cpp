#include <algorithm>
#include <numeric>

#include "graft/source.hpp"

namespace graft {

Batches::Batches(const Source& source, std::int64_t rows_per_batch) : source_(source), rows_per_batch_(rows_per_batch) {}

bool Batches::next() {
  const std::int64_t end = std::min(begin_ + rows_per_batch_, source_.size());
  if (begin_ >= end) return false;
  std::vector<std::int64_t> numbers(end - begin_);
  std::iota(numbers.begin(), numbers.end(), begin_);
  batch_ = source_.rows(numbers);
  begin_ = end;
  return true;
}

}  // namespace graft
