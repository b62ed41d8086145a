// Splits: which rows of a source train, which choose, which test. A pure function of the rows' contents and `seed`.
//
//   hash        a row goes where the hash of its contents falls in [0, 1): test first, then valid, the rest trains. Equal rows
//               fall on the same side, and a row stays where it is when others are added. Of rows with pictures the pictures
//               alone count, so that one that lies under two names or labels is not both learned from and tested on
//   column      a column says it: "train", "valid" or "test" (also "dev", "validation")
//   stratify    within each value of a column, rows in order of their hash: the first shares are test and valid, exactly
//   group       rows with the same value of a column share one hash
//   errors      Error("split"): a share outside [0, 1), an unknown split name (with its row), a split that got no row
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "graft/source.hpp"

namespace graft::core {

struct SplitOptions {
  double valid = 0.1, test = 0.1;  // shares of the rows
  std::uint64_t seed = 1;
  std::string column, stratify, group;  // column names; empty: not used
  std::int64_t train_rows = 0;          // at most so many training rows; 0: all
  std::uint64_t train_seed = 1;         // which
};

// Row numbers by split ("train", "valid", "test"), each in rising order; a split without rows is absent.
using Splits = std::map<std::string, std::vector<std::int64_t>>;

Splits split_rows(const Source& source, const SplitOptions& options);

// `count` of these rows, in their order: those of the smallest hashes, so that fewer rows are part of more. With `stratify`, as many
// of each value of that column as there are of the others, where it has them. All of them where count is 0 or no less.
Batch sample_rows(const Batch& rows, std::int64_t count, std::uint64_t seed, const std::string& stratify);

// A 64-bit hash of each row's contents over these columns (all when empty).
std::vector<std::uint64_t> hash_rows(const Source& source, const std::vector<std::string>& columns);

}  // namespace graft::core
