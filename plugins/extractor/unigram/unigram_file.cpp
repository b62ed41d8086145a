#include "unigram_file.hpp"

#include <utility>

#include "../tokenizer/tokenizer_json.hpp"
#include "graft/error.hpp"
#include "unigram_pieces.hpp"

namespace graft::plugins {
namespace {

using namespace tokenizer_json;

UnigramModel::Tokens read_tokens(const Value& list, Ids& ids) {
  UnigramModel::Tokens tokens;
  for (const Value& entry : list.list()) {
    if (!entry.is_list() || entry.list().size() != 2 || !entry.list()[1].is_number())
      refuse(entry, "an entry of vocab must be [token, score], got " + to_json(entry));
    tokens.emplace_back(entry.list()[0].text(), entry.list()[1].number());
    ids.known[tokens.back().first] = ids.next++;
  }
  return tokens;
}

UnigramModel read_model(const Value& model, Ids& ids) {
  allow_keys(model, "model", {"type", "unk_id", "vocab", "byte_fallback"});
  const UnigramModel::Tokens tokens = read_tokens(model.at("vocab"), ids);
  const Value& unknown = model.at("unk_id");
  if (!unknown.is_integer() || unknown.integer() < 0 || unknown.integer() >= ids.next)
    refuse(unknown, "unk_id must be an id in [0, " + std::to_string(ids.next) + "), got " + to_json(unknown));
  return UnigramModel(tokens, static_cast<std::int32_t>(unknown.integer()), flag_or(model, "byte_fallback", false));
}

std::shared_ptr<const TextTokenizer> read_unigram(const Value& file, const TextTokenizer::Settings& settings) {
  check_file(file);
  const Value absent, *normalizer = file.find("normalizer"), *words = file.find("pre_tokenizer");
  TextNormalizer text(normalizer ? *normalizer : absent);
  SpaceWords space(words ? *words : absent, text.may_drop_start());
  require_type(file.at("model"), "model", "Unigram");
  Ids ids;
  UnigramModel model = read_model(file.at("model"), ids);
  auto pieces = std::make_unique<const UnigramPieces>(std::move(text), std::move(space), std::move(model));
  return std::make_shared<const TextTokenizer>(std::move(pieces), read_frame(file, std::move(ids)), settings, "graft/unigram");
}

}  // namespace

std::shared_ptr<const TextTokenizer> parse_unigram(const std::string& text, const std::string& name,
                                                   const TextTokenizer::Settings& settings) {
  try {
    return read_unigram(parse_json(text, name), settings);
  } catch (const Error& error) {
    throw Error("graft/unigram", error.text());
  }
}

}  // namespace graft::plugins
