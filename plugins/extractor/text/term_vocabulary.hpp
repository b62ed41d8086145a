// TermVocabulary: the terms of the training rows that are kept, numbered by code point order.
//
//   kept     terms with min_df <= df <= max_df; of these the max_features most frequent ones. df: training rows with the term
//   state    one term a line; in a term a line end is written \n and a backslash \\
//   source   scikit-learn 1.9, CountVectorizer
//   differs  by value, not by JSON type: min_df under 1 and max_df up to 1 are shares of the rows; of equally frequent terms at
//            the edge of max_features the first in order stay (there: whatever its sort does)
//   threads  find from any number while nobody learns
//   throws   Error(where) when no term is left
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer.hpp"
#include "graft/config.hpp"
#include "graft/source.hpp"
#include "term_table.hpp"

namespace graft::plugins {

class TermVocabulary {
 public:
  TermVocabulary(const Config& config, std::string where);  // reads min_df, max_df, max_features

  struct Documents {
    std::int64_t rows = 0;
    std::vector<std::int64_t> with;  // rows that have the term, by its number
  };
  Documents learn(const Source& training, const std::string& column, const Analyzer& analyzer);
  std::int32_t find(std::string_view term) const { return terms_.find(term); }  // -1: not kept
  std::int64_t size() const { return terms_.size(); }
  std::string text() const;
  void restore(const std::string& text);

 private:
  struct Counts;  // of each term over the training rows
  std::vector<std::int32_t> kept(const TermTable& terms, const Counts& counts, const std::string& column) const;

  std::string where_;
  double min_df_, max_df_;
  std::int64_t max_features_;
  TermTable terms_;
};

}  // namespace graft::plugins
