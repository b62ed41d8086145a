// TermVocabulary: the terms of the training rows that are kept, numbered by code point order.
//
//   terms    words or characters, see analyzer.hpp
//   kept     terms with min_df <= df <= max_df; of these the max_features most frequent ones. df: training rows with the term
//   state    one term a line; in a term a line end is written \n and a backslash twice
//   source   scikit-learn 1.9, CountVectorizer
//   differs  by value, not by JSON type: min_df under 1 and max_df up to 1 are shares of the rows; of equally frequent terms at
//            the edge of max_features the first in order stay (there: whatever its sort does)
//   threads  find from any number while nobody learns, each with its own Storage
//   throws   Error(where) when no term is left
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graft/config.hpp"
#include "graft/source.hpp"
#include "terms.hpp"

namespace graft::plugins {

class TermVocabulary {
 public:
  using Storage = Terms::Storage;

  TermVocabulary(const Config& config, std::string where);  // reads what the analyzer does, and min_df, max_df, max_features

  struct Documents {
    std::int64_t rows = 0;
    std::vector<std::int64_t> with;  // rows that have the term, by its number
  };
  Documents learn(const Source& training, const std::string& column);
  void find(std::string_view text, Storage& storage, std::vector<std::int32_t>& found) const;  // all there, repeats too, rising
  std::int64_t size() const { return static_cast<std::int64_t>(nodes_.size()); }
  std::string text() const;
  void restore(const std::string& text);

 private:
  struct Counts;  // of each node over the training rows
  std::vector<std::int32_t> kept(const Terms& all, const Counts& counts, const std::string& column) const;  // nodes, in order
  void number(std::int32_t node);  // gives its term the next number, where it has none

  std::string where_;
  double min_df_, max_df_;
  std::int64_t max_features_;
  Terms terms_;
  std::vector<std::int32_t> nodes_, numbers_;  // a number's node; a node's number, -1 where it is only the start of others
};

}  // namespace graft::plugins
