// OneHot: each distinct value of some columns becomes a feature of 0 and 1.
//
//   columns     [B] text, int64 or class; in the order of the config
//   makes       [B, D] float, kVector, under the step's name: for each column one feature a category, in order
//   categories  the sorted distinct values of the training rows: texts by bytes, integers by value, classes by id
//   missing     an empty text or missing class has all features of its column 0; so has a value that no training row has, with a
//               counted warning
//   drop        "first" leaves the first category of each column out, "if_binary" that of columns with two: it follows from the others
//   source      scikit-learn 1.9, preprocessing.OneHotEncoder with handle_unknown="ignore"
//   differs     there a missing value is a category of its own
//   threads     any, for transform
//   throws      Error when a column has another kind or no value in the training rows, or before fit
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../table/categories.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class OneHot final : public Extractor {
 public:
  explicit OneHot(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // that of table/categories.hpp
  void restore(const State& state) override;

 private:
  void index();
  std::int64_t width() const;

  Categories categories_;
  std::string output_, drop_;
  std::vector<std::map<std::string, std::int64_t, std::less<>>>
      features_;  // by column: category -> feature, -1 for the one dropped; empty before fit
};

}  // namespace graft::plugins
