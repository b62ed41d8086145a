// WordVectors: a text becomes the mean of its words' vectors, which come out of a file and are never trained.
//
//   words    as text/words.hpp finds them; a word without a vector is left out
//   formula  sum of weight v / sum of weight over the words of the text, repeats included
//            weight  1; with weights "idf" ln((1 + n) / (1 + df)) + 1,  n training rows, df of them with the word, so that the sum is
//            weighted by tf idf
//   kept     the vectors of the words of the training rows, so that the state is small; with keep "all" of every word of the file
//            that a text can hold
//   column   [B] text
//   makes    kVector [D] float under the step's name, computed in double; 0 for a text without a known word
//   warns    "text without a word that has a vector", once a text
//   source   Pennington et al. 2014 (GloVe), Mikolov et al. 2013, arXiv:1301.3781 (word2vec)
//   differs  a file's word that has capitals is never found where `lowercase` is on; of a word listed twice the first vector counts
//   threads  any, for transform
//   throws   Error for a file that vector_file.hpp refuses, when no word of the training rows has a vector, or before fit
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../text/term_table.hpp"
#include "../text/words.hpp"
#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class WordVectors final : public Extractor {
 public:
  explicit WordVectors(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;  // reads the file
  State state() const override;               // tensors "vectors" [V, D] float, "weights" [V] double; text "words": one a line
  void restore(const State& state) override;

 private:
  struct Counts;  // of the words of the training rows
  Counts count(const Source& training) const;
  void keep(const Counts& counts);
  bool is_kept(std::string_view word, std::int32_t in_training, Words& storage) const;
  void append_mean(std::string_view text, Words& storage, std::vector<double>& sum, float* out) const;

  std::string column_, output_, path_;
  bool lowercase_, has_idf_, keeps_all_;
  TermTable words_;
  std::vector<float> vectors_;   // [V, D]
  std::vector<double> weights_;  // [V]
  std::int64_t width_ = 0;       // D; 0: before fit
};

}  // namespace graft::plugins
