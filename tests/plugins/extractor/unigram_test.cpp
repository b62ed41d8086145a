#include <functional>
#include <map>

#include "tokenizer_case.hpp"

using namespace graft;

namespace {

const std::string kUnigram = "graft/unigram";
const std::string kTrainedUnigram = GRAFT_TEST_DATA "/unigram_tokenizer.json";

Value unigram_reference() { return read_json(GRAFT_TEST_DATA "/unigram_reference.json"); }

// A tokenizer.json whose parts a test can replace.
Value tiny_unigram() {
  return parse_json(R"({"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": true},
    "post_processor": null, "decoder": null,
    "model": {"type": "Unigram", "unk_id": 0, "byte_fallback": false, "vocab": [["<unk>", 0], ["\u2581", -3], ["a", -2], ["b", -2.5],
              ["ab", -4], ["\u2581a", -4.5], ["\u2581ab", -7.25], ["xy", -9], ["<0xC3>", -9], ["<0xA9>", -9]]}})",
                    "tiny.json");
}

std::vector<Ids> tiny_rows(const Value& file, const Strings& texts) {
  const TokenizerFile written(file);
  return token_rows(*fitted_tokenizer(kUnigram, written.path()), texts);
}

}  // namespace

TEST_CASE("unigram: words are cut as worked out by hand", "[extractor][unigram]") {
  // ▁ab alone scores -7.25, ▁|ab -7, ▁a|b -7, ▁|a|b -7.5: of two as good the one whose last token begins first stays.
  CHECK(tiny_rows(tiny_unigram(), {"ab"}) == std::vector<Ids>{{1, 4}});
  CHECK(tiny_rows(tiny_unigram(), {"a", "b a", ""}) == std::vector<Ids>{{5}, {1, 3, 5}, {}});
  // é is no token: one unknown for both in a row; "xy" is a token though x and y are not.
  CHECK(tiny_rows(tiny_unigram(), {"a\u00E9\u00E9a", "axy"}) == std::vector<Ids>{{5, 0, 2}, {5, 7}});
}

TEST_CASE("unigram: an unknown character costs 10 more than the least likely token", "[extractor][unigram]") {
  Value file = tiny_unigram();
  file.find("model")->find("vocab")->list()[6] = parse_json("[\"\u2581ab\", -1]", "test");
  file.find("model")->find("vocab")->list().push_back(parse_json(R"(["abx", -9])", "test"));
  // \u2581|abx is -12 and \u2581ab|unknown -1 - 19; without the 10 it would be -10 and win.
  CHECK(tiny_rows(file, {"abx"}) == std::vector<Ids>{{1, 10}});
}

TEST_CASE("unigram: a charsmap sees the two characters of a line's end as one", "[extractor][unigram]") {
  const Value reference = unigram_reference();
  Value file = reference.at("bytes");  // a token a byte
  file.set("normalizer", reference.at("normalizers").list()[8].at("normalizer"));
  const TokenizerFile written(file);
  const std::vector<Ids> rows = token_rows(*fitted_tokenizer("graft/bpe", written.path()), {"a\r\nb", "a b", "a\n\rb", "a  b"});
  CHECK(rows[0] == rows[1]);
  CHECK(rows[2] == rows[3]);
}

TEST_CASE("unigram: with byte_fallback an unknown character is its bytes where all are tokens", "[extractor][unigram]") {
  Value file = tiny_unigram();
  file.find("model")->set("byte_fallback", true);
  CHECK(tiny_rows(file, {"a\u00E9", "a\u00E8", "a\u00E9\u00E8"}) == std::vector<Ids>{{5, 8, 9}, {5, 0}, {5, 0}});
}

TEST_CASE("unigram: hostile texts get the ids of tokenizers 0.23, row by row", "[extractor][unigram]") {
  check_rows(*fitted_tokenizer(kUnigram, kTrainedUnigram, R"(, "max_length": 0)"), unigram_reference());
}

TEST_CASE("unigram: every kind of file gives the ids and the words of tokenizers 0.23", "[extractor][unigram]") {
  check_variants(unigram_reference());
}

TEST_CASE("unigram: texts of four data sets get the ids of tokenizers 0.23", "[extractor][unigram]") {
  const auto step = fitted_tokenizer(kUnigram, kTrainedUnigram, R"(, "max_length": 0)");
  const Value reference = unigram_reference();
  for (const auto& [name, expected, place] : reference.at("corpus").object()) {
    INFO(name);
    CHECK(digest_of(token_rows(*step, ground_truth_texts(name))) == expected.text());
  }
}

TEST_CASE("unigram: no other row of tokens has a larger sum of scores", "[extractor][unigram]") {
  const Value file = read_json(kTrainedUnigram);
  std::map<std::string, double> scores;
  std::vector<double> by_id;
  for (const Value& entry : file.at("model").at("vocab").list()) {
    scores[entry.list()[0].text()] = entry.list()[1].number();
    by_id.push_back(entry.list()[1].number());
  }
  const std::function<double(const std::string&)> best = [&](const std::string& word) {
    double most = word.empty() ? 0 : -1e9;
    for (std::size_t end = 1; end <= word.size(); ++end)
      if (const auto found = scores.find(word.substr(0, end)); found != scores.end())
        most = std::max(most, found->second + best(word.substr(end)));
    return most;
  };
  const auto step = fitted_tokenizer(kUnigram, kTrainedUnigram, R"(, "max_length": 0, "special_tokens": false)");
  for (const std::string word : {"unaffable", "moving", "thefilm", "disappointment", "a", "cinematic", "incredibly"}) {
    double sum = 0;
    const std::vector<Ids> rows = token_rows(*step, {word});
    for (const std::int64_t id : rows.front()) sum += by_id.at(static_cast<std::size_t>(id));
    INFO(word);
    CHECK(sum == Approx(best("\u2581" + word)).epsilon(1e-12));
  }
}

TEST_CASE("unigram: every normalizer makes of every code point what tokenizers 0.23 makes of it", "[extractor][unigram][slow]") {
  Strings texts;
  int count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    if (count++ % 256 == 0) texts.emplace_back();
    std::string character;
    append_utf8(character, c);
    texts.back() += "a" + character + "b" + character + "\u0301a\u0345" + character + "\U0001d16d\u302e\u0334";
  }
  const Value reference = unigram_reference();
  Value file = reference.at("bytes");  // a token a byte
  for (const Value& one : reference.at("normalizers").list()) {
    INFO(to_json(one.at("normalizer")));
    file.set("normalizer", one.at("normalizer"));
    const TokenizerFile written(file);
    CHECK(digest_of(token_rows(*fitted_tokenizer("graft/bpe", written.path(), R"(, "max_length": 0)"), texts)) ==
          one.at("ids").text());
  }
}

TEST_CASE("unigram: parts of a tokenizer.json that it does not know are refused by name", "[extractor][unigram]") {
  const auto with = [](std::string_view key, const std::string& json) {
    Value file = tiny_unigram();
    file.set(key, parse_json(json, "test"));
    return refusal_of(kUnigram, file);
  };
  CHECK(with("version", "\"2.0\"") == "[graft/unigram] FILE:1:13: version must be \"1.0\", got \"2.0\"");
  CHECK(with("model", R"({"type": "BPE"})").ends_with("model must be of type \"Unigram\", got \"BPE\""));
  CHECK(with("normalizer", R"({"type": "ByteLevel"})").ends_with("\"Strip\" or \"StripAccents\", got \"ByteLevel\""));
  CHECK(with("normalizer", R"({"type": "Replace", "pattern": {"Regex": "a+"}, "content": "b"})")
            .ends_with("normalizer.pattern must be a String, or the Regex \" {2,}\" or \"\\s+\", got \"a+\""));
  CHECK(with("pre_tokenizer", R"({"type": "Digits"})")
            .ends_with("pre_tokenizer must be of type \"Metaspace\", \"WhitespaceSplit\" or \"Sequence\", got \"Digits\""));
  CHECK(with("pre_tokenizer", R"({"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"})")
            .ends_with("prepend_scheme must be \"always\", \"first\" or \"never\", got \"last\""));
  CHECK(with("pre_tokenizer", R"({"type": "Metaspace", "replacement": "__"})")
            .ends_with("replacement must be one character, got \"__\""));
  Value file = tiny_unigram();
  file.set("normalizer", parse_json(R"({"type": "StripAccents"})", "test"));
  file.find("pre_tokenizer")->set("prepend_scheme", "first");
  CHECK(refusal_of(kUnigram, file)
            .ends_with("prepend_scheme \"first\" must not follow a normalizer that can drop what a text starts with"));
}

TEST_CASE("unigram: values that make no sense are refused with the value", "[extractor][unigram]") {
  const auto model = [](std::string_view key, const std::string& json) {
    Value file = tiny_unigram();
    file.find("model")->set(key, parse_json(json, "test"));
    return refusal_of(kUnigram, file);
  };
  CHECK(model("unk_id", "10").ends_with("unk_id must be an id in [0, 10), got 10"));
  CHECK(model("unk_id", "null").ends_with("unk_id must be an id in [0, 10), got null"));
  CHECK(model("vocab", R"([["a"]])").ends_with("an entry of vocab must be [token, score], got [\"a\"]"));
  const auto charsmap = [](const std::string& base64) {
    Value file = tiny_unigram();
    file.set("normalizer", parse_json(R"({"type": "Precompiled", "precompiled_charsmap": ")" + base64 + "\"}", "test"));
    return refusal_of(kUnigram, file);
  };
  CHECK(charsmap("AA*A") == "[graft/unigram] precompiled_charsmap must be base64, got '*'");
  CHECK(charsmap("CAAAAAAA") ==
        "[graft/unigram] precompiled_charsmap must hold an array of the size it starts with, got 8 in 6 bytes");
}

TEST_CASE("unigram: keeps the contract of a tokenizer", "[extractor][unigram]") {
  check_tokenizer_contract(kUnigram, kTrainedUnigram, hostile_texts(unigram_reference()));
}
