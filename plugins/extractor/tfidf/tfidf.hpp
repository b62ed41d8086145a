// Tfidf: a text becomes one weight for each term of the training rows' vocabulary, larger the rarer the term.
//
//   terms    n words in a row, n in `ngrams` [from, to]; words as words.hpp finds them
//   tf       times the term occurs in the row; 1 + ln(times) with sublinear_tf
//   idf      ln((1 + n) / (1 + df)) + 1,  n training rows, df of them with the term
//   formula  tf idf, divided by the row's L2 norm; a row without known terms stays empty
//   column   [B] text
//   makes    SparseRows, kSparse of width V, under the step's name: ids rising, values float, computed in double
//   kept     terms with min_df <= df <= max_df; of these the max_features most frequent ones
//   order    sorted by code point
//   source   scikit-learn 1.7, TfidfVectorizer
//   differs  by value, not by JSON type: min_df under 1 and max_df up to 1 are shares of the rows; of equally frequent terms at
//            the edge of max_features the first in order stay (there: whatever its sort does)
//   threads  any, for transform
//   throws   Error when no term is left, or before fit
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"
#include "term_table.hpp"
#include "words.hpp"

namespace graft::plugins {

class Tfidf final : public Extractor {
 public:
  explicit Tfidf(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // tensor "idf" [V] double; text "vocabulary": one term a line
  void restore(const State& state) override;

 private:
  struct Counts;  // of each term over the training rows

  template <class Use>
  void each_term(const Words& words, Use use) const;
  std::vector<std::int32_t> kept(const TermTable& terms, const Counts& counts) const;  // numbers in the order of the vocabulary
  // Appends the row of the terms found to ids and values; sorts `found`.
  void weigh(std::vector<std::int32_t>& found, std::vector<std::int32_t>& ids, std::vector<float>& values) const;

  std::string column_, output_;
  bool lowercase_, sublinear_tf_;
  std::int64_t ngram_min_, ngram_max_, max_features_;
  double min_df_, max_df_;
  TermTable vocabulary_;
  std::vector<double> idf_;  // [V]
};

}  // namespace graft::plugins
