// Resample: more training rows of rare classes, or fewer of common ones, chosen before the first epoch.
//
//   over     rows of a class are drawn again, until it has `ratio` of the largest class's rows
//   under    rows of a class are left out, until the smallest has `ratio` of its rows
//   smote    as over, but each added row lies between a row x of its class and one of x's nearest rows x' of that class, by the
//            numbers and vectors of `columns`:  x + u (x' - x), u uniform in [0, 1). Its other columns are those of x
//   order    the rows as they were, then the added ones, class by class. Rows without a class stay and do not count
//   ids      a row drawn again keeps its id; a new row has one of its own, so that its draws in augmenters are its own
//   draws    of a class: rng.fork(class); for an added row of smote a number in [0, rows x neighbours), then u
//   source   Chawla et al. 2002, arXiv:1106.1813; imbalanced-learn 0.14, RandomOverSampler, RandomUnderSampler, SMOTE
//   differs  a class of fewer rows than neighbours + 1 takes those it has, with a warning; there it is an error
//   errors   Error("resample") when a column is no class, or neither number nor vector; when a number is missing
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/rng.hpp"
#include "graft/schema.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Resampling {
  std::string method;                // over, under, smote
  std::string by;                    // the class column
  std::vector<std::string> columns;  // of smote
  double ratio = 1;                  // in (0, 1]
  std::int64_t neighbours = 5;       // of smote
};

// From the config's data.<stream>.resample. throws Error("resample") when smote has no columns.
Resampling resampling_of(const Value& config);

// Training rows of the stream `name`, as they are before the first augmenter.
Batch resample(const Batch& rows, const Schema& schema, const Resampling& how, const std::string& name, const Rng& rng);

// For each row of [n, D] double the positions of its `count` < n nearest other rows, nearest first: [n, count] int64.
Tensor nearest_rows(const Tensor& rows, std::int64_t count);

}  // namespace graft::core
