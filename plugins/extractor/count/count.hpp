// Count: a text becomes the number of times that each term of the training rows' vocabulary occurs in it.
//
//   terms    words or characters, see text/analyzer.hpp; which are kept and in what order, see text/term_vocabulary.hpp
//   column   [B] text
//   makes    SparseRows, kSparse of width V, under the step's name: ids rising, values float; 1 for each with `binary`
//   source   scikit-learn 1.9, CountVectorizer
//   differs  as term_vocabulary.hpp says
//   threads  any, for transform
//   throws   Error when no term is left, or before fit
#pragma once

#include <string>

#include "../text/term_vocabulary.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class Count final : public Extractor {
 public:
  explicit Count(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // text "vocabulary": one term a line
  void restore(const State& state) override;

 private:
  std::string column_, output_;
  TermVocabulary vocabulary_;
  bool binary_;
};

}  // namespace graft::plugins
