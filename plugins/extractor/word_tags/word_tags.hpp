// WordTags: a class for each word of a row, of a text of tags beside the text of words.
//
//   column   [B] text: tags; `words` [B] text: as many words, both with white space between them (spaced_words.hpp)
//   makes    Ragged of int64 [N], N words, kTags, under the step's name
//   classes  those of the config, in its order; else the distinct tags of the training rows, sorted by bytes
//   missing  kMissingClass for each word of a row whose text of tags is empty, for the tag `missing`, and for a tag that is no class,
//            the last with a counted warning
//   threads  any, for transform
//   throws   Error when a row has another number of tags than words, `classes` names one twice, training rows hold no tag, or
//            transform comes before fit
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/config.hpp"
#include "graft/extractor.hpp"

namespace graft::plugins {

class WordTags final : public Extractor {
 public:
  explicit WordTags(const Config& config);

  Schema outputs(const Schema& inputs) const override;
  void transform(Batch& batch) const override;
  void fit(const Source& training) override;
  State state() const override;  // text "classes": a JSON array
  void restore(const State& state) override;

 private:
  void set_classes(std::vector<std::string> classes);
  std::int64_t id_of(std::string_view tag) const;  // kMissingClass, with a warning, when it is no class

  std::string column_, words_, output_;
  std::optional<std::string> missing_;
  bool fixed_;  // the config names the classes
  std::vector<std::string> classes_;
  std::map<std::string, std::int64_t, std::less<>> ids_;
};

}  // namespace graft::plugins
