#include "bpe_file.hpp"

#include <utility>

#include "../tokenizer/tokenizer_json.hpp"
#include "bpe_pieces.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

using namespace tokenizer_json;

BpePieces::Options read_pre_tokenizer(const Value& value) {
  BpePieces::Options options;
  if (type_of(value) != "\"ByteLevel\"") return options;
  allow_keys(value, "pre_tokenizer", {"type", "add_prefix_space", "trim_offsets", "use_regex"});
  options.is_byte_level = true;
  options.add_prefix_space = value.at("add_prefix_space").flag();
  options.use_regex = flag_or(value, "use_regex", true);
  return options;
}

SpaceWords read_words(const BpePieces::Options& options, const Value& value, const TextNormalizer& text) {
  if (options.is_byte_level) return {};
  const std::string type = type_of(value);
  if (!value.is_null() && type != "\"Metaspace\"" && type != "\"WhitespaceSplit\"" && type != "\"Sequence\"")
    refuse_type(value, "pre_tokenizer", {"ByteLevel", "Metaspace", "WhitespaceSplit", "Sequence"});
  return SpaceWords(value, text.may_drop_start());
}

void check_dropout(const Value& model) {
  const Value* dropout = model.find("dropout");
  if (dropout && !dropout->is_null() && dropout->number() != 0)
    refuse(*dropout, "model.dropout must be null or 0: the same text always gives the same ids, got " + to_json(*dropout));
}

BpeModel::Options read_options(const Value& model) {
  allow_keys(model, "model",
             {"type", "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
              "ignore_merges", "vocab", "merges"});
  check_dropout(model);
  BpeModel::Options options;
  if (const Value* unknown = model.find("unk_token"); unknown && !unknown->is_null()) options.unk_token = unknown->text();
  options.continuing_subword_prefix = text_or(model, "continuing_subword_prefix", "");
  options.end_of_word_suffix = text_or(model, "end_of_word_suffix", "");
  options.fuse_unk = flag_or(model, "fuse_unk", false);
  options.byte_fallback = flag_or(model, "byte_fallback", false);
  options.ignore_merges = flag_or(model, "ignore_merges", false);
  return options;
}

BpeModel::Tokens read_tokens(const Value& vocabulary, Ids& ids) {
  BpeModel::Tokens tokens;
  for (const auto& member : vocabulary.object()) {
    tokens.emplace_back(member.key, id_from(member.value, member.key));
    ids.known.insert(tokens.back());
  }
  ids.next = static_cast<std::int64_t>(tokens.size());
  return tokens;
}

std::pair<std::string, std::string> read_merge(const Value& value) {
  if (value.is_list() && value.list().size() == 2) return {value.list()[0].text(), value.list()[1].text()};
  if (value.is_text()) {
    const std::string& text = value.text();
    const std::size_t space = text.find(' ');
    if (space != text.npos && text.find(' ', space + 1) == text.npos) return {text.substr(0, space), text.substr(space + 1)};
  }
  refuse(value, "a merge must be \"a b\" or [\"a\", \"b\"], got " + to_json(value));
}

BpeModel::Merges read_merges(const Value& list) {
  BpeModel::Merges merges;
  for (const Value& value : list.list())
    if (!value.is_text() || !value.text().starts_with("#version")) merges.push_back(read_merge(value));
  return merges;
}

std::shared_ptr<const TextTokenizer> read_bpe(const Value& file, const TextTokenizer::Settings& settings) {
  check_file(file);
  const Value absent, *normalizer = file.find("normalizer"), *pre_tokenizer = file.find("pre_tokenizer");
  TextNormalizer text(normalizer ? *normalizer : absent);
  const BpePieces::Options options = read_pre_tokenizer(pre_tokenizer ? *pre_tokenizer : absent);
  SpaceWords words = read_words(options, pre_tokenizer ? *pre_tokenizer : absent, text);
  const Value& model = file.at("model");
  if (!model.is_object() || model.find("type")) require_type(model, "model", "BPE");
  Ids ids;
  const BpeModel::Tokens tokens = read_tokens(model.at("vocab"), ids);
  BpeModel bpe(tokens, read_merges(model.at("merges")), read_options(model));
  return std::make_shared<const TextTokenizer>(
      std::make_unique<const BpePieces>(std::move(text), options, std::move(words), std::move(bpe)),
      read_frame(file, std::move(ids)), settings, "graft/bpe");
}

}  // namespace

std::shared_ptr<const TextTokenizer> parse_bpe(const std::string& text, const std::string& name,
                                               const TextTokenizer::Settings& settings) {
  try {
    return read_bpe(parse_json(text, name), settings);
  } catch (const Error& error) {
    throw Error("graft/bpe", error.text());
  }
}

}  // namespace graft::plugins
