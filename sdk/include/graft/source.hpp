// Source: rows by number out of files.
//
//   must hold  rows(numbers) depends on the numbers alone: any order, any grouping, any thread; nothing random, nothing remembered
//   errors     throw Error(name, "file:line: rule, value") for what cannot be read; warn() for what the config allows to drop
#pragma once

#include <cstdint>
#include <span>

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/schema.hpp"

namespace graft {

class GRAFT_API Source {
 public:
  virtual ~Source();
  virtual Schema schema() const = 0;
  virtual std::int64_t size() const = 0;  // rows

  // The rows of these numbers, each in [0, size()), in the order asked for; row_ids() of the batch are the numbers.
  virtual Batch rows(std::span<const std::int64_t> numbers) const = 0;
};

// All rows in order, in pieces of at most `rows_per_batch`: how fit() walks through its training rows.
//   for (Batches each(training); each.next();) use(each.batch());
class GRAFT_API Batches {
 public:
  explicit Batches(const Source& source, std::int64_t rows_per_batch = 1024);
  bool next();                                   // false after the last row
  const Batch& batch() const { return batch_; }  // valid until the next call of next()

 private:
  const Source& source_;
  std::int64_t rows_per_batch_, begin_ = 0;
  Batch batch_;
};

}  // namespace graft
