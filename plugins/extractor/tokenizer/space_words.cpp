#include "space_words.hpp"

#include "graft/utf8.hpp"
#include "tokenizer_json.hpp"
#include "unicode.hpp"

namespace graft::plugins {
namespace {

using namespace tokenizer_json;

bool separates(std::string_view text, std::size_t at) { return unicode::flags()[next_code_point(text, at)] & unicode::kSpace; }

SpaceWords::Prepend prepend_of(const Value& value) {
  const std::string scheme = text_or(value, "prepend_scheme", flag_or(value, "add_prefix_space", true) ? "always" : "never");
  if (scheme != "always" && scheme != "first" && scheme != "never")
    refuse(value.at("prepend_scheme"), "prepend_scheme must be \"always\", \"first\" or \"never\", got " + quoted(scheme));
  if (scheme != "never" && !flag_or(value, "add_prefix_space", true))
    refuse(value, "add_prefix_space false must have the prepend_scheme \"never\", got " + quoted(scheme));
  return scheme == "always"  ? SpaceWords::Prepend::kAlways
         : scheme == "first" ? SpaceWords::Prepend::kFirst
                             : SpaceWords::Prepend::kNever;
}

}  // namespace

SpaceWords::SpaceWords(const Value& value, bool may_drop_start) {
  if (value.is_null()) return;
  if (type_of(value) != "\"Sequence\"") {
    read(value, may_drop_start);
    return;
  }
  allow_keys(value, "pre_tokenizer", {"type", "pretokenizers"});
  for (const Value& each : value.at("pretokenizers").list()) read(each, may_drop_start);
}

void SpaceWords::read(const Value& value, bool may_drop_start) {
  if (!replacement_.empty()) refuse(value, "nothing must follow the pre_tokenizer Metaspace, got " + type_of(value));
  if (type_of(value) == "\"WhitespaceSplit\"") {
    allow_keys(value, "pre_tokenizer", {"type"});
    splits_at_space_ = true;
  } else if (type_of(value) == "\"Metaspace\"") {
    read_metaspace(value, may_drop_start);
  } else {
    refuse_type(value, "pre_tokenizer", {"Metaspace", "WhitespaceSplit", "Sequence"});
  }
}

void SpaceWords::read_metaspace(const Value& value, bool may_drop_start) {
  allow_keys(value, "pre_tokenizer", {"type", "replacement", "add_prefix_space", "prepend_scheme", "split", "str_rep"});
  replacement_ = value.at("replacement").text();
  std::size_t end = 0;
  if (!replacement_.empty()) next_code_point(replacement_, end);
  if (end == 0 || end != replacement_.size())
    refuse(value.at("replacement"), "replacement must be one character, got " + quoted(replacement_));
  splits_at_replacement_ = flag_or(value, "split", true);
  prepend_ = prepend_of(value);
  if (prepend_ == Prepend::kFirst && may_drop_start)
    refuse(value, "prepend_scheme \"first\" must not follow a normalizer that can drop what a text starts with");
}

std::string_view SpaceWords::next_part(std::string_view text, std::size_t& end) {
  while (end < text.size() && separates(text, end)) next_code_point(text, end);
  const std::size_t begin = end;
  while (end < text.size() && !separates(text, end)) next_code_point(text, end);
  return text.substr(begin, end - begin);
}

std::string_view SpaceWords::with_replacement(std::string_view part, bool is_start, std::string& storage) const {
  storage.clear();
  const bool has_one = part.starts_with(' ') || part.starts_with(replacement_);
  if (!has_one && (prepend_ == Prepend::kAlways || (prepend_ == Prepend::kFirst && is_start))) storage += replacement_;
  for (std::size_t begin = 0; begin < part.size();) {
    const std::size_t end = std::min(part.find(' ', begin), part.size());
    storage += part.substr(begin, end - begin);
    if (end < part.size()) storage += replacement_;
    begin = end + 1;
  }
  return storage;
}

}  // namespace graft::plugins
