// Every code point against tokenizers 0.23: more than ids can tell, so the plugin's own sources are compiled in here.
#include <string>

#include "../../../plugins/extractor/wordpiece/normalizer.cpp"
#include "../../../plugins/extractor/tokenizer/unicode.cpp"
#include "../../../plugins/extractor/wordpiece/word_walk.cpp"
#include "catch.hpp"
#include "graft/files.hpp"
#include "graft/value.hpp"

namespace {

using graft::plugins::Normalizer;
using graft::plugins::WordWalk;

void add_result(const Normalizer& normalizer, const std::string& text, std::string& bytes) {
  std::string normalized;
  normalizer.append(text, normalized);
  bytes += normalized + '\xFF';
  for (WordWalk words(normalized); words.next();) bytes.append(words.word()) += '\xFE';
  bytes += '\xFF';
}

// Each code point between letters, and among marks that canonical ordering moves.
std::string digest_of_all(const Normalizer& normalizer) {
  std::string bytes;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string character;
    graft::append_utf8(character, c);
    add_result(normalizer, "a" + character + "b", bytes);
    add_result(normalizer, "a\u0345" + character + "\U0001d16d\u302e\u0334", bytes);
  }
  return graft::sha256(bytes);
}

}  // namespace

TEST_CASE("wordpiece: every code point is normalised and split as in tokenizers", "[extractor][wordpiece][slow]") {
  const graft::Value reference = graft::read_json(GRAFT_TEST_DATA "/wordpiece_unicode.json");
  for (const graft::Value& entry : reference.at("digests").list()) {
    Normalizer::Options options;
    options.clean_text = entry.at("clean_text").flag();
    options.handle_chinese_chars = entry.at("handle_chinese_chars").flag();
    options.strip_accents = entry.at("strip_accents").flag();
    options.lowercase = entry.at("lowercase").flag();
    INFO(graft::to_json(entry));
    CHECK(digest_of_all(Normalizer(options)) == entry.at("sha256").text());
  }
}
