// Categories: the distinct values of some columns in the training rows, as texts.
//
//   columns  [B] text, int64 or class
//   order    texts by bytes, integers by value, classes by id
//   missing  an empty text or missing class is no category
//   throws   Error(where) when there is no column, one has another kind, or has no value in the training rows
#pragma once

#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/source.hpp"
#include "graft/state.hpp"

namespace graft::plugins {

class Categories {
 public:
  using Names = std::vector<std::string>;
  Categories(std::vector<std::string> columns, std::string where);

  const Names& columns() const { return columns_; }
  void check(const Schema& inputs) const;  // that the columns are there, and of these kinds

  void fit(const Source& training);
  bool is_fitted() const { return !categories_.empty(); }
  const std::vector<Names>& all() const { return categories_; }  // by column
  Names texts_of(const Batch& batch, std::size_t column) const;  // [B], "" where missing
  void warn_of_unknown(std::size_t column, const std::string& text) const;

  State state() const;  // texts "categories" and "input_classes": a JSON array of one array a column; empty before fit
  void restore(const State& state);

 private:
  Names columns_;
  std::string where_;
  std::vector<Names> categories_, input_classes_;  // by column; empty before fit
};

}  // namespace graft::plugins
