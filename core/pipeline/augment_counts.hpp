// AugmentCounts: how many rows of each class each augmenter's step was offered in training, and how many it changed.
//
//   classes  by the label that a row had before any step, in each column of labels that a head learns; C classes. Rows of a
//            stream without such a column count as rows without a label
//   offered  once for each batch that holds the row, so once an epoch
//   changed  the row came back with other content in some column; of a step that taps hidden tensors, each row of its batch
//   exact    kept with the batch that training takes: neither the number of loader threads nor a resume changes them
//   device   counts stay where the batch is: nothing waits for a GPU
#pragma once

#include <compare>
#include <map>
#include <string>

#include "graft/batch.hpp"
#include "graft/value.hpp"

namespace graft::core {

class AugmentCounts {
 public:
  struct Key {
    std::size_t stream = 0, step = 0;  // numbers of the stream and of the pipeline's step
    std::string label;                 // column; empty: rows have none
    auto operator<=>(const Key& other) const = default;
  };

  // labels [B] int64 in [0, classes), or negative where there is none; changed [B] bool.
  void add(const Key& key, const Tensor& labels, std::int64_t classes, const Tensor& changed);
  void add(const AugmentCounts& other);

  const std::map<Key, Tensor>& all() const { return counts_; }  // [2, C + 1] int64: offered, changed; the first of no label

  Value save() const;
  void restore(const Value& saved);

 private:
  void add(const Key& key, const Tensor& counts);
  std::map<Key, Tensor> counts_;
};

// [B] bool, on the device of the columns that differ, or the CPU. A column that is new, gone or of another form changes all rows.
Tensor changed_rows(const Batch& before, const Batch& after);

}  // namespace graft::core
