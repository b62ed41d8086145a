#include "tokenizer_case.hpp"

using namespace graft;

namespace {

const std::string kBpe = "graft/bpe";
const std::string kTrained = GRAFT_TEST_DATA "/bpe_tokenizer.json";

Value bpe_reference() { return read_json(GRAFT_TEST_DATA "/bpe_reference.json"); }

// A tokenizer.json whose parts a test can replace. Ġ is a space.
Value tiny_bpe() {
  return parse_json(R"({"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
    "post_processor": {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": true,
                       "add_prefix_space": false},
    "decoder": {"type": "ByteLevel"},
    "model": {"type": "BPE", "dropout": null, "unk_token": null, "fuse_unk": false, "byte_fallback": false,
      "vocab": {"<s>": 0, "</s>": 1, "a": 2, "b": 3, "c": 4, "\u0120": 5, "ab": 6, "bc": 7, "abc": 8, "\u0120a": 9, "\u00c3": 10,
                "'": 11, "s": 12, "'s": 13},
      "merges": ["b c", "a b", ["\u0120", "a"], "' s"]}})",
                    "tiny.json");
}

std::vector<Ids> tiny_rows(const Value& file, const Strings& texts) {
  const TokenizerFile written(file);
  return token_rows(*fitted_tokenizer(kBpe, written.path()), texts);
}

}  // namespace

TEST_CASE("bpe: words are merged as worked out by hand", "[extractor][bpe]") {
  // "b c" stands before "a b": a|b|c becomes a|bc, and "a bc" is no merge though "abc" is a token.
  CHECK(tiny_rows(tiny_bpe(), {"abc", "ab", " abc a", "", "aab"}) ==
        std::vector<Ids>{{0, 2, 7, 1}, {0, 6, 1}, {0, 9, 7, 9, 1}, {0, 1}, {0, 2, 6, 1}});
  CHECK(tiny_rows(tiny_bpe(), {"a's '"}) == std::vector<Ids>{{0, 2, 13, 5, 11, 1}});
  CHECK(tiny_rows(tiny_bpe(), {"a\u00E9"}) == std::vector<Ids>{{0, 2, 10, 1}});  // C3 A9: no token for A9, and no unk_token
}

TEST_CASE("bpe: with ignore_merges a word that is a token is that token", "[extractor][bpe]") {
  Value file = tiny_bpe();
  file.find("model")->set("ignore_merges", true);
  CHECK(tiny_rows(file, {"abc", "abca"}) == std::vector<Ids>{{0, 8, 1}, {0, 2, 7, 2, 1}});
}

TEST_CASE("bpe: hostile texts get the ids of tokenizers 0.23, row by row", "[extractor][bpe]") {
  check_rows(*fitted_tokenizer(kBpe, kTrained, R"(, "max_length": 0)"), bpe_reference());
}

TEST_CASE("bpe: every switch of a file gives the ids and the words of tokenizers 0.23", "[extractor][bpe]") {
  check_variants(bpe_reference());
}

TEST_CASE("bpe: texts of four data sets get the ids of tokenizers 0.23", "[extractor][bpe]") {
  const auto step = fitted_tokenizer(kBpe, kTrained, R"(, "max_length": 0)");
  const Value reference = bpe_reference();
  for (const auto& [name, expected, place] : reference.at("corpus").object()) {
    INFO(name);
    CHECK(digest_of(token_rows(*step, ground_truth_texts(name))) == expected.text());
  }
}

TEST_CASE("bpe: every byte of a text is in its tokens, whatever the text", "[extractor][bpe]") {
  const Value file = read_json(kTrained);
  std::vector<std::string> tokens(2000);
  for (const auto& [token, id, place] : file.at("model").at("vocab").object()) tokens.at(id.integer()) = token;
  Value plain = file;
  plain.set("added_tokens", Value::List{});
  const TokenizerFile written(plain);
  const auto step = fitted_tokenizer(kBpe, written.path(), R"(, "max_length": 0, "special_tokens": false)");
  const Strings texts = hostile_texts(bpe_reference());
  const std::vector<Ids> rows = token_rows(*step, texts);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    std::size_t characters = 0;  // each stands for a byte
    for (const std::int64_t id : rows[row])
      for (std::size_t at = 0; at < tokens[id].size(); ++characters) next_code_point(tokens[id], at);
    INFO(texts[row]);
    CHECK(characters == replace_ill_formed(texts[row]).size());
  }
}

TEST_CASE("bpe: one row of 200,000 letters is cut without reading it all, and whole it is taken", "[extractor][bpe]") {
  const std::string letters(200000, 'a'), words = [] {
    std::string text;
    for (int i = 0; i < 60000; ++i) text += " ab" + std::to_string(i);
    return text;
  }();
  const testing::Warnings silenced;
  CHECK(token_rows(*fitted_tokenizer(kBpe, kTrained), {letters, words}).at(1).size() == 128);
  const auto whole = fitted_tokenizer(kBpe, kTrained, R"(, "max_length": 0)");
  CHECK(token_rows(*whole, {words, "ab", words}).at(0) == token_rows(*whole, {words}).at(0));  // more words than are kept
}

TEST_CASE("bpe: parts of a tokenizer.json that it does not know are refused by name", "[extractor][bpe]") {
  const auto with = [](std::string_view key, const std::string& json) {
    Value file = tiny_bpe();
    file.set(key, parse_json(json, "test"));
    return refusal_of(kBpe, file);
  };
  CHECK(with("version", "\"2.0\"") == "[graft/bpe] FILE:1:13: version must be \"1.0\", got \"2.0\"");
  CHECK(with("model", R"({"type": "WordPiece"})").ends_with("model must be of type \"BPE\", got \"WordPiece\""));
  CHECK(with("pre_tokenizer", R"({"type": "Whitespace"})").find("pre_tokenizer must be of type ") != std::string::npos);
  CHECK(with("post_processor", R"({"type": "Trim"})").ends_with("or \"Sequence\", got \"Trim\""));
  CHECK(with("pre_tokenizer", R"({"type": "ByteLevel", "add_prefix_space": true, "use_regexp": true})")
            .ends_with("pre_tokenizer has an unknown key \"use_regexp\", nearest is \"use_regex\""));
}

TEST_CASE("bpe: values that make no sense are refused with the value", "[extractor][bpe]") {
  const auto model = [](std::string_view key, const std::string& json) {
    Value file = tiny_bpe();
    file.find("model")->set(key, parse_json(json, "test"));
    return refusal_of(kBpe, file);
  };
  CHECK(model("dropout", "0.1").ends_with("model.dropout must be null or 0: the same text always gives the same ids, got 0.1"));
  CHECK(model("merges", R"(["a b c"])").ends_with("a merge must be \"a b\" or [\"a\", \"b\"], got \"a b c\""));
  CHECK(model("merges", R"(["a x"])") == "[graft/bpe] a merge must be in the vocabulary, got \"x\"");
  CHECK(model("merges", R"(["a c"])") == "[graft/bpe] what a merge makes must be in the vocabulary, got \"ac\"");
  CHECK(model("unk_token", "\"?\"") == "[graft/bpe] unk_token must be in the vocabulary, got \"?\"");
  CHECK(model("vocab", R"({"a": -1})").ends_with("the id of \"a\" must be an integer in [0, 2147483647], got -1"));
  CHECK(model("cache", "1").ends_with("model has an unknown key \"cache\""));
  const TokenizerFile file(tiny_bpe());
  CHECK(message_of([&] { fitted_tokenizer(kBpe, file.path(), R"(, "max_length": 2)"); }) ==
        "[graft/bpe] max_length must be above the number of special tokens, which is 2, got 2");
}

TEST_CASE("bpe: keeps the contract of a tokenizer", "[extractor][bpe]") {
  check_tokenizer_contract(kBpe, kTrained, hostile_texts(bpe_reference()));
}
