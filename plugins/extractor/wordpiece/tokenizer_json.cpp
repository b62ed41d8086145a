#include <algorithm>
#include <limits>
#include <unordered_map>
#include <unordered_set>

#include "graft/error.hpp"
#include "graft/value.hpp"
#include "tokenizer_file.hpp"

namespace graft::plugins {
namespace {

using Parts = WordPieceTokenizer::Parts;

// Tokens of the vocabulary, then the added ones too.
struct Ids {
  std::unordered_map<std::string, std::int64_t> known;
  std::int64_t next = 0;  // of an added token that is not known
};

[[noreturn]] void refuse(const Value& value, const std::string& rule) {
  throw Error("graft/wordpiece", value.place.text() + ": " + rule);
}

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

void allow_keys(const Value& object, const std::string& name, const std::vector<std::string>& known) {
  for (const auto& member : object.object()) {
    if (std::find(known.begin(), known.end(), member.key) != known.end()) continue;
    const std::string near = nearest(member.key, known);
    const std::string hint = near.empty() ? "" : ", nearest is " + quoted(near);
    refuse(member.value, name + " has an unknown key " + quoted(member.key) + hint);
  }
}

std::string type_of(const Value& component) {
  const Value* type = component.is_object() ? component.find("type") : nullptr;
  return type ? to_json(*type) : to_json(component);
}

void require_type(const Value& component, const std::string& name, const std::string& type) {
  const std::string got = type_of(component);
  if (got != quoted(type)) refuse(component, name + " must be of type " + quoted(type) + ", got " + got);
}

std::int64_t id_from(const Value& value, const std::string& token) {
  constexpr std::int64_t kLargest = std::numeric_limits<std::int32_t>::max();
  if (value.is_integer() && value.integer() >= 0 && value.integer() <= kLargest) return value.integer();
  refuse(value, "the id of " + quoted(token) + " must be an integer in [0, 2147483647], got " + to_json(value));
}

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

// The reference gives an added token the id it has in the vocabulary, else the next free one, whatever the file says.
void check_added_id(const Value& value, const AddedToken& token, Ids& ids) {
  const std::int64_t expected = ids.known.emplace(token.content, ids.next).first->second;
  ids.next = std::max(ids.next, expected + 1);
  if (token.id == expected) return;
  refuse(value.at("id"), "the added token " + quoted(token.content) + " must have the id " + std::to_string(expected) + ", got " +
                             std::to_string(token.id));
}

AddedToken read_added_token(const Value& value, Ids& ids) {
  allow_keys(value, "an added token", {"id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"});
  AddedToken token;
  token.content = value.at("content").text();
  if (token.content.empty()) refuse(value.at("content"), "the content of an added token must not be empty");
  token.id = id_from(value.at("id"), token.content);
  token.single_word = value.at("single_word").flag();
  token.lstrip = value.at("lstrip").flag();
  token.rstrip = value.at("rstrip").flag();
  token.normalized = value.at("normalized").flag();
  check_added_id(value, token, ids);
  return token;
}

// Special ones come first: where two tokens normalise to the same text, the first one is found.
std::vector<AddedToken> read_added_tokens(const Value& value, Ids& ids) {
  std::vector<AddedToken> special, others;
  std::unordered_set<std::string> seen;
  for (const Value& entry : value.list()) {
    AddedToken token = read_added_token(entry, ids);
    const bool is_new = seen.insert(token.content).second;
    if (!is_new) refuse(entry, "an added token must be listed once, got " + quoted(token.content) + " again");
    (entry.at("special").flag() ? special : others).push_back(std::move(token));
  }
  special.insert(special.end(), others.begin(), others.end());
  return special;
}

std::vector<std::int64_t> template_ids(const Value& piece, const Value& special_tokens) {
  const std::string& name = piece.at("id").text();
  std::vector<std::int64_t> ids;
  for (const Value& id : special_tokens.at(name).at("ids").list()) ids.push_back(id_from(id, name));
  return ids;
}

void read_template(const Value& value, Parts& parts) {
  allow_keys(value, "post_processor", {"type", "single", "pair", "special_tokens"});
  bool has_text = false;
  for (const Value& piece : value.at("single").list()) {
    allow_keys(piece, "a piece of the template", {"Sequence", "SpecialToken"});
    if (const Value* special = piece.find("SpecialToken")) {
      auto& side = has_text ? parts.after : parts.before;
      const auto ids = template_ids(*special, value.at("special_tokens"));
      side.insert(side.end(), ids.begin(), ids.end());
    } else if (has_text || piece.at("Sequence").at("id").text() != "A") {
      refuse(piece, "post_processor.single must have the sequence A once and no other, got " + to_json(piece) + " too");
    } else {
      has_text = true;
    }
  }
  if (!has_text) refuse(value.at("single"), "post_processor.single must have the sequence A, got none");
}

std::int64_t pair_id(const Value& pair, const std::string& name) {
  if (pair.list().size() != 2) refuse(pair, "post_processor." + name + " must be [token, id], got " + to_json(pair));
  return id_from(pair.list()[1], pair.list()[0].text());
}

void read_post_processor(const Value& value, Parts& parts) {
  if (value.is_null()) return;
  const std::string type = type_of(value);
  if (type == "\"TemplateProcessing\"") return read_template(value, parts);
  if (type != "\"BertProcessing\"") {
    refuse(value, "post_processor must be of type \"TemplateProcessing\" or \"BertProcessing\", got " + type);
  }
  allow_keys(value, "post_processor", {"type", "sep", "cls"});
  parts.before = {pair_id(value.at("cls"), "cls")};
  parts.after = {pair_id(value.at("sep"), "sep")};
}

Parts read_tokenizer(const Value& file) {
  allow_keys(
      file, "the file",
      {"version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model"});
  const Value& version = file.at("version");
  if (version != Value("1.0")) refuse(version, "version must be \"1.0\", got " + to_json(version));
  Parts parts;
  Ids ids;
  parts.normalizer = read_normalizer(file.at("normalizer"));
  check_pre_tokenizer(file.at("pre_tokenizer"));
  parts.model = read_model(file.at("model"));
  parts.tokens = read_vocabulary(file.at("model").at("vocab"), ids);
  if (const Value* added = file.find("added_tokens")) parts.added_tokens = read_added_tokens(*added, ids);
  if (const Value* post_processor = file.find("post_processor")) read_post_processor(*post_processor, parts);
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
