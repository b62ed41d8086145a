// What every tokenizer.json has, whatever its model: version, added tokens, post-processor. And the words of its refusals.
//
//   post-processor  none, TemplateProcessing (single), BertProcessing, RobertaProcessing, ByteLevel, or a Sequence of them
//   not read        truncation, padding, decoder, template for pairs: the config says how long, rows are never padded
//   throws          Error("tokenizer.json", "name:line:column: rule, value"); the reader of a model puts its own name there
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <unordered_map>
#include <vector>

#include "graft/value.hpp"
#include "text_tokenizer.hpp"

namespace graft::plugins::tokenizer_json {

// Tokens of the vocabulary, then the added ones too.
struct Ids {
  std::unordered_map<std::string, std::int64_t> known;
  std::int64_t next = 0;  // of an added token that is not known
};

[[noreturn]] void refuse(const Value& value, const std::string& rule);
std::string quoted(const std::string& text);
void allow_keys(const Value& object, const std::string& name, const std::vector<std::string>& known);
std::string type_of(const Value& component);  // as JSON: "\"ByteLevel\"", "null"
void require_type(const Value& component, const std::string& name, const std::string& type);
[[noreturn]] void refuse_type(const Value& component, const std::string& name, std::initializer_list<const char*> known);
std::int64_t id_from(const Value& value, const std::string& token);
bool flag_or(const Value& object, std::string_view key, bool absent);  // absent or null
std::string text_or(const Value& object, std::string_view key, const std::string& absent);

void check_file(const Value& file);  // its keys and its version
TextTokenizer::Frame read_frame(const Value& file, Ids ids);

}  // namespace graft::plugins::tokenizer_json
