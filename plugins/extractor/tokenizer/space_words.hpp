// SpaceWords: the pre-tokenizers WhitespaceSplit and Metaspace, one of them or the first and then the second.
//
//   WhitespaceSplit  white space separates and is dropped
//   Metaspace        U+0020 becomes the replacement ("▁"), which is put before the text as well; each one starts a word
//   threads          const calls from any thread at once, each with a storage of its own
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "graft/value.hpp"

namespace graft::plugins {

class SpaceWords {
 public:
  enum class Prepend { kNever, kFirst, kAlways };  // never; only where the whole text begins; before each part of it

  SpaceWords() = default;  // a text is one word
  // throws Error("tokenizer.json", "name:line:column: rule, value"), also for kFirst where the normalizer may drop the start
  SpaceWords(const Value& value, bool may_drop_start);

  // Calls use(word) for each word, until it returns false. is_start: the text begins where the whole one does.
  template <class Use>
  void each(std::string_view text, bool is_start, std::string& storage, Use use) const {
    if (!splits_at_space_) {
      each_of_part(text, is_start, storage, use);
      return;
    }
    std::size_t end = 0;
    for (std::string_view part; !(part = next_part(text, end)).empty();)
      if (!each_of_part(part, is_start && part.data() == text.data(), storage, use)) return;
  }

 private:
  static std::string_view next_part(std::string_view text, std::size_t& end);  // from end on; empty: none is left
  std::string_view with_replacement(std::string_view part, bool is_start, std::string& storage) const;

  template <class Use>
  bool each_of_part(std::string_view part, bool is_start, std::string& storage, Use& use) const {
    if (replacement_.empty()) return use(part);
    const std::string_view text = with_replacement(part, is_start, storage);
    if (!splits_at_replacement_) return use(text);
    for (std::size_t begin = 0, end; begin < text.size(); begin = end) {
      end = std::min(text.find(replacement_, begin + 1), text.size());
      if (!use(text.substr(begin, end - begin))) return false;
    }
    return true;
  }

  void read(const Value& value, bool may_drop_start);
  void read_metaspace(const Value& value, bool may_drop_start);

  bool splits_at_space_ = false, splits_at_replacement_ = true;
  std::string replacement_;  // empty: no Metaspace
  Prepend prepend_ = Prepend::kAlways;
};

}  // namespace graft::plugins
