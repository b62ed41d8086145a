// Lists of names in a config: a list of texts, or a single text, which counts as a list of one.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "graft/value.hpp"

namespace graft::core {

// Empty when the value is absent or null.
inline std::vector<std::string> texts_of(const Value* value) {
  if (!value || value->is_null()) return {};
  if (value->is_text()) return {value->text()};
  std::vector<std::string> texts;
  for (const Value& item : value->list()) texts.push_back(item.text());
  return texts;
}

// Does a list of names, such as `streams`, mean this one? No list means all.
inline bool names(const Value* value, const std::string& name) {
  const std::vector<std::string> texts = texts_of(value);
  return texts.empty() || std::find(texts.begin(), texts.end(), name) != texts.end();
}

}  // namespace graft::core
