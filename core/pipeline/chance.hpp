// Chance: which rows an augmenter's step changes, by the host's keys that stand among the augmenter's own.
//
//   p            chance of each row; or an object of chances by the class of column `by`, in which * is that of all other
//                classes and of rows without a label. Such rows are left alone where there is no *
//   until_epoch  the step acts in the first so many epochs; null: in all
//   one_of       of the steps that share this name each row goes through one, all equally likely; p counts after that
//   draws        keyed by (seed, epoch or step, step or shared name, row), apart from the augmenter's own
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/rng.hpp"
#include "graft/value.hpp"

namespace graft::core {

class Chance {
 public:
  Chance() = default;  // every row, always
  Chance(const Value& parameters,
         const Schema& rows);  // of a step. throws Error("pipeline"): a class that `by` lacks or p leaves out

  bool acts(std::int64_t epoch) const;  // epoch from 0
  bool is_certain() const;              // p is 1 for every row
  const std::string& group() const { return group_; }
  const std::string& by() const { return by_; }  // empty where p is one number

  // [B] bool, on the device of the column `by`, or the CPU.
  Tensor chosen(const Batch& rows, Rng rng) const;

 private:
  std::vector<double> by_class_ = {1};  // [C + 1], the first of rows without a label; one entry where p is one number
  std::string by_, group_;
  std::optional<std::int64_t> until_;
};

// [B] bool on the CPU: the rows that fall to alternative number `place` of `count`.
Tensor rows_of_alternative(const Batch& rows, Rng rng, std::int64_t place, std::int64_t count);

}  // namespace graft::core
