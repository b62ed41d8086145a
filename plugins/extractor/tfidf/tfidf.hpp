// Tfidf: a text becomes one weight for each term of the training rows' vocabulary, larger the rarer the term.
//
//   terms    words or characters, see text/analyzer.hpp; which are kept and in what order, see text/term_vocabulary.hpp
//   tf       times the term occurs in the row; 1 + ln(times) with sublinear_tf
//   idf      ln((1 + n) / (1 + df)) + 1,  n training rows, df of them with the term
//   formula  tf idf, divided by the row's L2 norm; a row without known terms stays empty
//   column   [B] text
//   makes    SparseRows, kSparse of width V, under the step's name: ids rising, values float, computed in double
//   source   scikit-learn 1.9, TfidfVectorizer
//   differs  as term_vocabulary.hpp says
//   threads  any, for transform
//   throws   Error when no term is left, or before fit
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../text/term_vocabulary.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

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
  struct Weight {
    std::int32_t id;
    double weight;
  };
  void weigh(const std::vector<std::int32_t>& found, std::vector<Weight>& weights) const;  // one row; the terms found rise

  std::string column_, output_;
  TermVocabulary vocabulary_;
  bool sublinear_tf_;
  std::vector<double> idf_;  // [V]
};

}  // namespace graft::plugins
