// TextNormalizer: the normalizers of a tokenizer.json, one after the other.
//
//   known    Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace (a text, or the regular expressions " {2,}" and
//            "\s+"), Sequence, Strip, StripAccents; null
//   threads  const calls from any thread at once
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/value.hpp"

namespace graft::plugins {

class TextNormalizer {
 public:
  TextNormalizer() = default;                   // changes nothing
  explicit TextNormalizer(const Value& value);  // throws Error("tokenizer.json", "name:line:column: rule, value")

  void append(std::string_view text, std::string& result) const;  // text: well-formed UTF-8

  // Whether what a text starts with may be dropped: then nobody can tell from the result where the text began.
  bool may_drop_start() const { return may_drop_start_; }

 private:
  using Step = std::function<void(std::string_view, std::string&)>;
  void add(const Value& value);
  void add_replace(const Value& value);
  void add_strip(const Value& value);

  std::vector<Step> steps_;
  bool may_drop_start_ = false;
};

}  // namespace graft::plugins
