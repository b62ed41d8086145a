// LabelSet: the classes that a row has, any number of them, for heads that say yes or no to each.
//
//   columns  one [B] text: names with `delimiter` between them; or K columns [B] double or int64 in [0, 1], one a class
//   makes    [B, C] float, kLabelSet, under the step's name: 1 for each class of the row, 0 for the others
//   classes  those of the config, in its order; else of a text the distinct names in the training rows, sorted by bytes, and of
//            columns their names
//   missing  an empty text: all C entries of the row are NaN; a text of delimiters alone is a row without classes. A NaN in one
//            of K columns: that entry is NaN. A name that is no class is left out, with a counted warning
//   source   scikit-learn, preprocessing.MultiLabelBinarizer
//   threads  any, for transform
//   throws   Error when the columns are no text alone and no numbers together, a number is not in [0, 1], `classes` names one
//            twice or not one a column, training rows hold no name, or transform comes before fit
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class LabelSet final : public Extractor {
 public:
  explicit LabelSet(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // text "classes": a JSON array
  void restore(const State& state) override;

 private:
  bool is_text(const Schema& inputs) const;  // throws unless one text column, or numbers
  void set_classes(std::vector<std::string> classes);
  std::vector<std::string_view> names_in(std::string_view text) const;
  void write_names(const std::string& text, float* row) const;  // row [C]
  Tensor of_texts(const Strings& texts) const;                  // [B, C]
  Tensor of_columns(const Batch& batch) const;                  // [B, C]

  std::vector<std::string> columns_;
  std::string output_, delimiter_;
  bool fixed_;  // the config names the classes
  std::vector<std::string> classes_;
  std::map<std::string, std::size_t, std::less<>> ids_;
};

}  // namespace graft::plugins
