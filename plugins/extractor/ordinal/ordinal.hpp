// Ordinal: each value of some columns becomes its place among the values of that column.
//
//   columns     [B] text, int64 or class; in the order of the config
//   makes       [B, columns] double, kVector, under the step's name: 0, 1, 2, ...
//   places      in the order of the training rows' categories (table/categories.hpp), or in that of `categories` for the columns it
//               names: {"size": ["small", "medium", "large"]}
//   missing     an empty text or missing class is NaN, or `missing` where that is a number
//   unknown     a value that has no place counts as missing, with a counted warning; or is `unknown` where that is a number
//   source      scikit-learn 1.9, preprocessing.OrdinalEncoder
//   differs     there an unknown value is an error unless told otherwise
//   threads     any, for transform
//   throws      Error when `categories` names another column or lacks a value of a training row; as Categories does; or before fit
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../table/categories.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Ordinal final : public Extractor {
 public:
  explicit Ordinal(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // that of table/categories.hpp
  void restore(const State& state) override;

 private:
  using Names = std::vector<std::string>;
  void index();
  const Names* given(std::size_t column) const;  // null: none in `categories`
  double place_of(std::size_t column, const std::string& text) const;

  Categories categories_;
  std::map<std::string, Names> given_;  // by column
  std::string output_;
  double missing_, unknown_;                                              // NaN where null
  std::vector<std::map<std::string, std::int64_t, std::less<>>> places_;  // by column; empty before fit
};

}  // namespace graft::plugins
