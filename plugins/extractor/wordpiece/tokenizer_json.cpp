#include <utility>

#include "../tokenizer/tokenizer_json.hpp"
#include "graft/error.hpp"
#include "graft/value.hpp"
#include "tokenizer_file.hpp"

namespace graft::plugins {
namespace {

using Parts = WordPieces::Parts;
using tokenizer_json::allow_keys, tokenizer_json::id_from, tokenizer_json::Ids, tokenizer_json::refuse,
    tokenizer_json::require_type;

Normalizer::Options read_normalizer(const Value& value) {
  require_type(value, "normalizer", "BertNormalizer");
  allow_keys(value, "normalizer", {"type", "clean_text", "handle_chinese_chars", "strip_accents", "lowercase"});
  Normalizer::Options options;
  options.clean_text = value.at("clean_text").flag();
  options.handle_chinese_chars = value.at("handle_chinese_chars").flag();
  options.lowercase = value.at("lowercase").flag();
  const Value* strip_accents = value.find("strip_accents");
  options.strip_accents = strip_accents && !strip_accents->is_null() ? strip_accents->flag() : options.lowercase;
  return options;
}

void check_pre_tokenizer(const Value& value) {
  require_type(value, "pre_tokenizer", "BertPreTokenizer");
  allow_keys(value, "pre_tokenizer", {"type"});
}

Vocabulary::Options read_model(const Value& value) {
  if (!value.is_object() || value.find("type")) require_type(value, "model", "WordPiece");
  allow_keys(value, "model", {"type", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word", "vocab"});
  Vocabulary::Options options;
  options.unk_token = value.at("unk_token").text();
  options.continuing_subword_prefix = value.at("continuing_subword_prefix").text();
  const Value& longest = value.at("max_input_chars_per_word");
  options.max_input_chars_per_word = longest.integer();
  if (longest.integer() < 0) refuse(longest, "max_input_chars_per_word must be >= 0, got " + to_json(longest));
  return options;
}

Vocabulary::Tokens read_vocabulary(const Value& value, Ids& ids) {
  Vocabulary::Tokens tokens;
  tokens.reserve(value.object().size());
  for (const auto& member : value.object()) {
    tokens.emplace_back(member.key, id_from(member.value, member.key));
    ids.known.insert(tokens.back());
  }
  ids.next = static_cast<std::int64_t>(tokens.size());
  return tokens;
}

Parts read_tokenizer(const Value& file) {
  tokenizer_json::check_file(file);
  Parts parts;
  Ids ids;
  parts.normalizer = read_normalizer(file.at("normalizer"));
  check_pre_tokenizer(file.at("pre_tokenizer"));
  parts.model = read_model(file.at("model"));
  parts.tokens = read_vocabulary(file.at("model").at("vocab"), ids);
  parts.frame = tokenizer_json::read_frame(file, std::move(ids));
  return parts;
}

}  // namespace

Parts parse_tokenizer_json(const std::string& text, const std::string& name) {
  try {
    return read_tokenizer(parse_json(text, name));
  } catch (const Error& error) {
    throw Error("graft/wordpiece", error.text());
  }
}

}  // namespace graft::plugins
