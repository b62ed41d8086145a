#include "text_normalizer.hpp"

#include <memory>
#include <utility>

#include "graft/utf8.hpp"
#include "precompiled.hpp"
#include "tokenizer_json.hpp"
#include "unicode.hpp"
#include "unicode_forms.hpp"

namespace graft::plugins {
namespace {

using namespace tokenizer_json;

bool is_white(std::string_view text, std::size_t at) { return unicode::flags()[next_code_point(text, at)] & unicode::kSpace; }

std::size_t before(std::string_view text, std::size_t end) {
  do --end;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80);
  return end;
}

template <class Write>
void each_code_point(std::string_view text, Write write) {
  for (std::size_t at = 0; at < text.size();) write(next_code_point(text, at));
}

void append_lowercase(std::string_view text, std::string& result) {
  each_code_point(text, [&](char32_t c) {
    append_utf8(result, unicode::flags()[c] & unicode::kUppercase ? unicode::lowercase(c) : c);
    if (c == 0x130) append_utf8(result, 0x307);
  });
}

void append_without_marks(std::string_view text, std::string& result) {
  each_code_point(text, [&](char32_t c) {
    if (!is_mark(c)) append_utf8(result, c);
  });
}

// What nmt_nfkc of SentencePiece does before NFKC.
void append_nmt(std::string_view text, std::string& result) {
  each_code_point(text, [&](char32_t c) {
    if ((c >= 1 && c <= 8) || c == 0xB || (c >= 0xE && c <= 0x1F) || c == 0x7F || c == 0x8F || c == 0x9F) return;
    const bool is_space = c == 9 || c == 0xA || c == 0xC || c == 0xD || c == 0x1680 || (c >= 0x200B && c <= 0x200F) ||
                          c == 0x2028 || c == 0x2029 || c == 0x2581 || c == 0xFEFF || c == 0xFFFD;
    append_utf8(result, is_space ? U' ' : c);
  });
}

void append_stripped(std::string_view text, bool left, bool right, std::string& result) {
  std::size_t begin = 0, end = text.size();
  while (left && begin < end && is_white(text, begin)) next_code_point(text, begin);
  while (right && end > begin && is_white(text, before(text, end))) end = before(text, end);
  result += text.substr(begin, end - begin);
}

void append_replaced(std::string_view text, const std::string& pattern, const std::string& content, std::string& result) {
  std::size_t begin = 0;
  for (std::size_t found; (found = text.find(pattern, begin)) != text.npos; begin = found + pattern.size())
    result.append(text.substr(begin, found - begin)).append(content);
  result += text.substr(begin);
}

// Runs of at least `least` spaces: U+0020 only, or any white space.
void append_runs_replaced(std::string_view text, bool any_space, std::size_t least, const std::string& content,
                          std::string& result) {
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = begin, count = 0;
    for (; end < text.size() && (any_space ? is_white(text, end) : text[end] == ' '); ++count) next_code_point(text, end);
    if (count == 0) next_code_point(text, end);
    if (count >= least)
      result += content;
    else
      result += text.substr(begin, end - begin);
    begin = end;
  }
}

}  // namespace

TextNormalizer::TextNormalizer(const Value& value) {
  if (!value.is_null()) add(value);
}

void TextNormalizer::append(std::string_view text, std::string& result) const {
  if (steps_.empty()) {
    result += text;
    return;
  }
  std::string now, next;
  for (std::size_t i = 0; i + 1 < steps_.size(); ++i) {
    next.clear();
    steps_[i](i == 0 ? text : std::string_view(now), next);
    std::swap(now, next);
  }
  steps_.back()(steps_.size() == 1 ? text : std::string_view(now), result);
}

void TextNormalizer::add(const Value& value) {
  static const std::vector<std::pair<std::string, Step>> kPlain = {
      {"\"Lowercase\"", append_lowercase},
      {"\"NFC\"", [](std::string_view text, std::string& result) { append_in_form(text, {false, true}, result); }},
      {"\"NFD\"", [](std::string_view text, std::string& result) { append_in_form(text, {false, false}, result); }},
      {"\"NFKC\"", [](std::string_view text, std::string& result) { append_in_form(text, {true, true}, result); }},
      {"\"NFKD\"", [](std::string_view text, std::string& result) { append_in_form(text, {true, false}, result); }},
      {"\"Nmt\"", append_nmt},
      {"\"StripAccents\"", append_without_marks}};
  const std::string type = type_of(value);
  for (const auto& [name, step] : kPlain) {
    if (name != type) continue;
    allow_keys(value, "normalizer", {"type"});
    may_drop_start_ = may_drop_start_ || name == "\"Nmt\"" || name == "\"StripAccents\"";
    return steps_.push_back(step);
  }
  if (type == "\"Replace\"") return add_replace(value);
  if (type == "\"Strip\"") return add_strip(value);
  if (type == "\"Sequence\"") {
    allow_keys(value, "normalizer", {"type", "normalizers"});
    for (const Value& each : value.at("normalizers").list()) add(each);
  } else if (type == "\"Prepend\"") {
    allow_keys(value, "normalizer", {"type", "prepend"});
    steps_.push_back([start = value.at("prepend").text()](std::string_view text, std::string& result) {
      if (!text.empty()) result.append(start).append(text);
    });
  } else if (type == "\"Precompiled\"") {
    allow_keys(value, "normalizer", {"type", "precompiled_charsmap"});
    if (!value.at("precompiled_charsmap").is_null())
      steps_.push_back([map = std::make_shared<const Precompiled>(value.at("precompiled_charsmap").text())](
                           std::string_view text, std::string& result) { map->append(text, result); });
  } else {
    refuse_type(value, "normalizer",
                {"Lowercase", "NFC", "NFD", "NFKC", "NFKD", "Nmt", "Precompiled", "Prepend", "Replace", "Sequence", "Strip",
                 "StripAccents"});
  }
}

void TextNormalizer::add_replace(const Value& value) {
  allow_keys(value, "normalizer", {"type", "pattern", "content"});
  const Value& pattern = value.at("pattern");
  allow_keys(pattern, "normalizer.pattern", {"String", "Regex"});
  const std::string content = value.at("content").text();
  may_drop_start_ = may_drop_start_ || content.empty();
  if (const Value* wanted = pattern.find("String")) {
    if (wanted->text().empty()) refuse(*wanted, "normalizer.pattern must not be empty");
    return steps_.push_back([text = wanted->text(), content](std::string_view from, std::string& result) {
      append_replaced(from, text, content, result);
    });
  }
  const Value& expression = pattern.at("Regex");
  const bool any_space = expression.text() == "\\s+";
  if (!any_space && expression.text() != " {2,}")
    refuse(expression, "normalizer.pattern must be a String, or the Regex \" {2,}\" or \"\\s+\", got " + to_json(expression));
  steps_.push_back([any_space, content](std::string_view from, std::string& result) {
    append_runs_replaced(from, any_space, any_space ? 1 : 2, content, result);
  });
}

void TextNormalizer::add_strip(const Value& value) {
  allow_keys(value, "normalizer", {"type", "strip_left", "strip_right"});
  const bool left = value.at("strip_left").flag(), right = value.at("strip_right").flag();
  may_drop_start_ = may_drop_start_ || left;
  steps_.push_back([left, right](std::string_view text, std::string& result) { append_stripped(text, left, right, result); });
}

}  // namespace graft::plugins
