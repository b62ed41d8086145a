#include <ATen/core/Tensor.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <future>
#include <map>
#include <string>
#include <vector>

#include "catch.hpp"
#include "graft/extractor.hpp"
#include "graft/files.hpp"
#include "graft/testing.hpp"
#include "graft/value.hpp"

using namespace graft;

namespace {

using Ids = std::vector<std::int64_t>;

const testing::Plugin& plugin() {
  static const testing::Plugin loaded(GRAFT_PLUGIN_DIR "/graft_extractor.so");
  return loaded;
}

const std::string kSmall = GRAFT_TEST_DATA "/wordpiece_vocabulary.json";
const std::string kMiniLM = GRAFT_SOURCE_DIR "/.deps/model/tokenizer.json";
const std::string kCorpus = GRAFT_SOURCE_DIR "/.deps/data/";

// A file that is gone when the test ends.
class File {
 public:
  File(const std::string& name, const std::string& contents)
      : path_(std::filesystem::temp_directory_path() / ("graft-wordpiece-" + std::to_string(::getpid()) + "-" + name)) {
    write_file(path_, contents);
  }
  ~File() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::shared_ptr<Extractor> unfitted(const std::string& vocabulary, const std::string& more = "") {
  const std::string parameters = R"({"column": "text", "vocabulary": ")" + vocabulary + "\"" + more + "}";
  return plugin().make<Extractor>("graft/wordpiece", parameters, "tokens");
}

std::shared_ptr<Extractor> fitted(const std::string& vocabulary, const std::string& more = "") {
  auto extractor = unfitted(vocabulary, more);
  extractor->fit(testing::Rows({{"text", FieldKind::kText, {}, {}}}, testing::batch({{"text", Strings{}}})));
  return extractor;
}

std::vector<Ids> rows_of_ids(const Extractor& extractor, const Strings& texts) {
  Batch batch = testing::batch({{"text", texts}});
  extractor.transform(batch);
  const Ragged& tokens = batch.ragged("tokens");
  const auto* values = tokens.values.const_data_ptr<std::int64_t>();
  const auto* offsets = tokens.offsets.const_data_ptr<std::int32_t>();
  std::vector<Ids> rows;
  for (std::size_t i = 0; i < texts.size(); ++i) rows.emplace_back(values + offsets[i], values + offsets[i + 1]);
  return rows;
}

Ids ids_of(const Value& list) {
  Ids ids;
  for (const Value& id : list.list()) ids.push_back(id.integer());
  return ids;
}

std::string from_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

struct Hostile {
  Strings texts;
  std::map<std::string, std::vector<Ids>> ids;  // by "small", "cut", "minilm"
};

Hostile hostile() {
  Hostile result;
  const Value file = read_json(GRAFT_TEST_DATA "/wordpiece_hostile.json");
  for (const Value& entry : file.at("texts").list()) {
    const Value* text = entry.find("text");
    result.texts.push_back(text ? text->text() : from_hex(entry.at("bytes").text()));
    for (const char* key : {"small", "cut", "minilm"}) result.ids[key].push_back(ids_of(entry.at(key)));
  }
  return result;
}

// Number of rows that differ; the first one is shown.
std::size_t differences(const std::vector<Ids>& got, const std::vector<Ids>& expected, const Strings& texts) {
  REQUIRE(got.size() == expected.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    if (got[i] != expected[i] && count++ == 0) WARN("row " << i << ": " << texts[i]);
  }
  return count;
}

// The texts of a ground truth file: the third field of each line.
Strings corpus_texts(const std::string& path) {
  Strings texts;
  const std::string file = read_file(path);
  for (std::size_t begin = 0; begin < file.size();) {
    const std::size_t end = std::min(file.find('\n', begin), file.size());
    const std::string line = file.substr(begin, end - begin);
    const std::size_t first = line.find('\t'), second = first == line.npos ? first : line.find('\t', first + 1);
    if (second != line.npos) texts.push_back(line.substr(second + 1, line.find('\t', second + 1) - second - 1));
    begin = end + 1;
  }
  return texts;
}

// SHA-256 over int32 little-endian: the length of each row, then its ids.
std::string digest(const std::vector<Ids>& rows) {
  std::string bytes;
  const auto add = [&bytes](std::int64_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  };
  for (const Ids& ids : rows) {
    add(static_cast<std::int64_t>(ids.size()));
    for (const std::int64_t id : ids) add(id);
  }
  return sha256(bytes);
}

void require_downloads() {
  if (!std::filesystem::exists(kMiniLM)) FAIL(kMiniLM << " is absent: run `sh examples/setup.sh`, which brings it");
}

// A tokenizer.json whose parts a test can replace.
Value tiny() {
  return parse_json(R"({"version": "1.0", "truncation": null, "padding": null,
    "added_tokens": [{"id": 1, "content": "[SEP]", "single_word": false, "lstrip": false, "rstrip": false,
                      "normalized": false, "special": true}],
    "normalizer": {"type": "BertNormalizer", "clean_text": true, "handle_chinese_chars": true, "strip_accents": null,
                   "lowercase": true},
    "pre_tokenizer": {"type": "BertPreTokenizer"},
    "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 1], "cls": ["[CLS]", 2]},
    "decoder": null,
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 9,
      "vocab": {"[UNK]": 0, "[SEP]": 1, "[CLS]": 2, "un": 3, "##aff": 4, "##able": 5, "a": 6, "##a": 7, ".": 8, "e": 9,
                "una": 10, "\u03b1": 11, "##\u03b1": 12}}})",
                    "tiny.json");
}

std::string refusal(const Value& file) {
  const File written("tiny.json", to_json(file));
  const std::string message = message_of([&] { fitted(written.path()); });
  const std::size_t at = message.find(written.path());
  return at == message.npos ? message : message.substr(0, at) + "FILE" + message.substr(at + written.path().size());
}

}  // namespace

TEST_CASE("wordpiece: words fall into the pieces worked out by hand", "[extractor][wordpiece]") {
  const File file("tiny.json", to_json(tiny()));
  const auto extractor = fitted(file.path());
  // "unaffable" begins with "una", but "ffable" is no token: the greedy choice makes the word unknown, as BERT does.
  CHECK(rows_of_ids(*extractor, {"unaffable"}) == std::vector<Ids>{{2, 0, 1}});
  CHECK(rows_of_ids(*extractor, {"unable", "A\u00C9.", "", "aaa a"}) ==
        std::vector<Ids>{{2, 0, 1}, {2, 0, 8, 1}, {2, 1}, {2, 6, 7, 7, 6, 1}});
  CHECK(rows_of_ids(*extractor, {"\u00C9 e\u0301."}) == std::vector<Ids>{{2, 9, 9, 8, 1}});
  CHECK(rows_of_ids(*extractor, {"aaaaaaaaa", "aaaaaaaaaa"}) == std::vector<Ids>{{2, 6, 7, 7, 7, 7, 7, 7, 7, 7, 1}, {2, 0, 1}});
  CHECK(rows_of_ids(*extractor, {"ααααααααα", "αααααααααα"}) ==  // the limit counts characters, not bytes
        std::vector<Ids>{{2, 11, 12, 12, 12, 12, 12, 12, 12, 12, 1}, {2, 0, 1}});
  CHECK(rows_of_ids(*extractor, {"a[SEP]a", "a[SEPa"}) == std::vector<Ids>{{2, 6, 1, 6, 1}, {2, 6, 0, 0, 1}});
}

TEST_CASE("wordpiece: the longest token that fits is taken, not the first", "[extractor][wordpiece]") {
  Value file = tiny();
  file.find("model")->find("vocab")->erase("una");
  const File written("tiny.json", to_json(file));
  CHECK(rows_of_ids(*fitted(written.path()), {"unaffable"}) == std::vector<Ids>{{2, 3, 4, 5, 1}});
}

TEST_CASE("wordpiece: hostile texts get the ids of tokenizers 0.23", "[extractor][wordpiece]") {
  const Hostile all = hostile();
  REQUIRE(all.texts.size() >= 300);
  const testing::Warnings warnings;
  CHECK(differences(rows_of_ids(*fitted(kSmall, R"(, "max_length": 0)"), all.texts), all.ids.at("small"), all.texts) == 0);
  CHECK(differences(rows_of_ids(*fitted(kSmall, R"(, "max_length": 8)"), all.texts), all.ids.at("cut"), all.texts) == 0);
}

TEST_CASE("wordpiece: hostile texts get the ids of tokenizers 0.23 with MiniLM's vocabulary", "[extractor][wordpiece]") {
  require_downloads();
  const Hostile all = hostile();
  CHECK(differences(rows_of_ids(*fitted(kMiniLM, R"(, "max_length": 0)"), all.texts), all.ids.at("minilm"), all.texts) == 0);
}

TEST_CASE("wordpiece: texts of four data sets get the ids of tokenizers 0.23, from two threads too", "[extractor][wordpiece]") {
  require_downloads();
  const auto extractor = fitted(kMiniLM, R"(, "max_length": 0)");
  const Value reference = read_json(GRAFT_TEST_DATA "/wordpiece_corpus.json");
  for (const auto& [name, expected, place] : reference.at("files").object()) {
    const Strings texts = corpus_texts(kCorpus + name);
    CHECK(static_cast<std::int64_t>(texts.size()) == expected.at("texts").integer());
    const auto job = [&] { return digest(rows_of_ids(*extractor, texts)); };
    auto other = std::async(std::launch::async, job);
    CHECK(job() == expected.at("sha256").text());
    CHECK(other.get() == expected.at("sha256").text());
  }
}

TEST_CASE("wordpiece: a row's ids do not depend on the rows beside it", "[extractor][wordpiece]") {
  const auto extractor = fitted(kSmall, R"(, "max_length": 0)");
  const Strings texts = hostile().texts;
  const auto together = rows_of_ids(*extractor, texts);
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(rows_of_ids(*extractor, {texts[i]}).front() == together[i]);
}

TEST_CASE("wordpiece: without special tokens the ids are those between them", "[extractor][wordpiece]") {
  const Strings texts = hostile().texts;
  const auto with = rows_of_ids(*fitted(kSmall, R"(, "max_length": 0)"), texts);
  const auto without = rows_of_ids(*fitted(kSmall, R"(, "max_length": 0, "special_tokens": false)"), texts);
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(Ids(with[i].begin() + 1, with[i].end() - 1) == without[i]);
}

TEST_CASE("wordpiece: each text that is cut is counted, one of just max_length is not", "[extractor][wordpiece]") {
  const File file("tiny.json", to_json(tiny()));
  const auto extractor = fitted(file.path(), R"(, "max_length": 4)");
  const testing::Warnings warnings;
  CHECK(rows_of_ids(*extractor, {"a a", "a a a", "a aaa"}) == std::vector<Ids>{{2, 6, 6, 1}, {2, 6, 6, 1}, {2, 6, 6, 1}});
  CHECK(warnings.lines() == Strings{"[graft/wordpiece] text cut at 4 tokens", "[graft/wordpiece] text cut at 4 tokens"});
}

TEST_CASE("wordpiece: vocab.txt is read with BERT's defaults", "[extractor][wordpiece]") {
  const File file("vocab.txt", "[PAD]\n[UNK]\n[CLS]\n[SEP]\r\ncafe\n##s\n");
  const auto extractor = fitted(file.path());
  CHECK(rows_of_ids(*extractor, {"Caf\u00E9s [SEP] x"}) == std::vector<Ids>{{2, 4, 5, 3, 1, 3}});
  const File twice("vocab.txt2.txt", "[UNK]\n[CLS]\n[SEP]\na\na\n");
  CHECK(message_of([&] { fitted(twice.path()); }) ==
        "[graft/wordpiece] " + twice.path() + ":5: a token must be listed once, got \"a\" again");
  const File without("none.txt", "[UNK]\na\n");
  CHECK(message_of([&] { fitted(without.path()); }) ==
        "[graft/wordpiece] " + without.path() + ": must list [CLS], got 2 tokens without it");
}

TEST_CASE("wordpiece: a text of 100,000 letters, marks or signs is taken", "[extractor][wordpiece]") {
  const File file("tiny.json", to_json(tiny()));
  const auto extractor = fitted(file.path(), R"(, "max_length": 0)");
  std::string marks = "a";
  for (int i = 0; i < 50000; ++i) marks += "\u0345\u0334";
  const std::string letters(100000, 'a'), signs(100000, '.'), nothing(100000, '\0');
  const auto rows = rows_of_ids(*extractor, {letters, marks, signs, nothing});
  CHECK(rows[0] == Ids{2, 0, 1});
  CHECK(rows[1] == Ids{2, 6, 1});
  CHECK(rows[2].size() == 100002);
  CHECK(rows[3] == Ids{2, 1});
}

TEST_CASE("wordpiece: parts of a tokenizer.json that it does not know are refused by name", "[extractor][wordpiece]") {
  const auto with = [](std::string_view key, const std::string& json) {
    Value file = tiny();
    file.set(key, parse_json(json, "test"));
    return refusal(file);
  };
  CHECK(with("version", "\"2.0\"") == "[graft/wordpiece] FILE:1:13: version must be \"1.0\", got \"2.0\"");
  CHECK(with("normalizer", R"({"type": "Lowercase"})")
            .ends_with("normalizer must be of type \"BertNormalizer\", got \"Lowercase\""));
  CHECK(with("normalizer", "null").ends_with("normalizer must be of type \"BertNormalizer\", got null"));
  CHECK(with("pre_tokenizer", R"({"type": "Whitespace"})")
            .ends_with("pre_tokenizer must be of type \"BertPreTokenizer\", got \"Whitespace\""));
  CHECK(with("post_processor", R"({"type": "Trim"})")
            .ends_with("post_processor must be of type \"TemplateProcessing\", \"BertProcessing\", \"RobertaProcessing\", "
                       "\"ByteLevel\" or \"Sequence\", got \"Trim\""));
  CHECK(with("model", R"({"type": "BPE"})").ends_with("model must be of type \"WordPiece\", got \"BPE\""));
  CHECK(with("post_processor", R"({"type": "TemplateProcessing", "special_tokens": {},
                                   "single": [{"Sequence": {"id": "B", "type_id": 0}}]})")
            .find("post_processor.single must have the sequence A once and no other, got ") != std::string::npos);
  CHECK(with("vocabs", "1").ends_with("the file has an unknown key \"vocabs\""));
}

TEST_CASE("wordpiece: values that make no sense are refused with the value", "[extractor][wordpiece]") {
  const auto model = [](std::string_view key, const std::string& json) {
    Value file = tiny();
    file.find("model")->set(key, parse_json(json, "test"));
    return refusal(file);
  };
  CHECK(model("unk_token", "\"[unk]\"") == "[graft/wordpiece] unk_token must be in the vocabulary, got \"[unk]\"");
  CHECK(model("max_input_chars_per_word", "-1").ends_with("max_input_chars_per_word must be >= 0, got -1"));
  CHECK(model("vocab", R"({"[UNK]": -1})").ends_with("the id of \"[UNK]\" must be an integer in [0, 2147483647], got -1"));
  CHECK(model("dropout", "0.1").ends_with("model has an unknown key \"dropout\""));
  Value file = tiny();
  file.find("added_tokens")->list()[0].set("id", 7);
  CHECK(refusal(file).ends_with("the added token \"[SEP]\" must have the id 1, got 7"));
  file = tiny();
  file.find("added_tokens")->list().push_back(file.at("added_tokens").list()[0]);
  CHECK(refusal(file).ends_with("an added token must be listed once, got \"[SEP]\" again"));
  CHECK(message_of([] { fitted("/nowhere/tokenizer.json"); }).find("/nowhere/tokenizer.json") != std::string::npos);
  const File tiny_file("tiny.json", to_json(tiny()));
  CHECK(message_of([&] { fitted(tiny_file.path(), R"(, "max_length": 2)"); }) ==
        "[graft/wordpiece] max_length must be above the number of special tokens, which is 2, got 2");
}

TEST_CASE("wordpiece: parameters out of range are refused before there is a component", "[extractor][wordpiece]") {
  CHECK(message_of([] { unfitted("x", R"(, "max_length": -1)"); }) ==
        "parameters:1:53: [graft/wordpiece] max_length must be >= 0, got -1");
}

TEST_CASE("wordpiece: the schema gains a column of tokens, and a column that is no text is refused", "[extractor][wordpiece]") {
  const auto extractor = unfitted(kSmall);
  const Field text{"text", FieldKind::kText, {}, {}}, number{"text", FieldKind::kNumber, {}, {}};
  CHECK((extractor->outputs({text}) == Schema{text, {"tokens", FieldKind::kTokens, {-1}, {}}}));
  CHECK(message_of([&] { extractor->outputs({number}); }) == "[graft/wordpiece] column text must be text, is number");
}

TEST_CASE("wordpiece: a restored extractor gives the same ids without the file", "[extractor][wordpiece]") {
  State state;
  Strings texts = hostile().texts;
  std::vector<Ids> before;
  {
    const File file("gone.json", read_file(kSmall));
    const auto extractor = fitted(file.path(), R"(, "max_length": 0)");
    before = rows_of_ids(*extractor, texts);
    state = extractor->state();
  }
  const auto restored = unfitted("/nowhere/gone.json", R"(, "max_length": 0)");
  CHECK(restored->state().empty());
  CHECK(message_of([&] { rows_of_ids(*restored, {"a"}); }) ==
        "[graft/wordpiece] fit or restore must come before transform, got neither");
  CHECK(message_of([&] { restored->restore(State{}); }) ==
        "[graft/wordpiece] a state must hold the text of tokenizer.json or vocab.txt, got neither");
  restored->restore(state);
  CHECK(rows_of_ids(*restored, texts) == before);
}

TEST_CASE("wordpiece: words asked for by themselves get ids and first places of tokenizers 0.23", "[extractor][wordpiece]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/wordpiece_words.json");
  for (const Value& one : cases.list()) {
    const std::string length = std::to_string(one.at("max_length").integer());
    const testing::Warnings silenced;
    const auto extractor = fitted(kSmall, R"(, "words": "words", "max_length": )" + length);
    Batch batch = testing::batch({{"text", Strings{"", one.at("text").text()}}});  // the second row counts from its own start
    extractor->transform(batch);
    const Batch second = batch.select(std::vector<std::int64_t>{1});
    INFO(one.at("text").text() << " at " << length);
    CHECK(ids_of(one.at("ids")) == rows_of_ids(*extractor, {one.at("text").text()}).front());
    const Tensor first = second.ragged("words").values;
    const Ids ours(first.const_data_ptr<std::int64_t>(), first.const_data_ptr<std::int64_t>() + first.numel());
    CHECK(ours == ids_of(one.at("first")));
  }
}

TEST_CASE("wordpiece: words are a column of integers beside the tokens, under a name of its own", "[extractor][wordpiece]") {
  const Schema schema = fitted(kSmall, R"(, "words": "words")")->outputs({{"text", FieldKind::kText, {}, {}}});
  CHECK(schema.back() == Field{"words", FieldKind::kInteger, {-1}, {}});
  CHECK(schema.at(1) == Field{"tokens", FieldKind::kTokens, {-1}, {}});
  CHECK(message_of([] { unfitted(kSmall, R"(, "words": "text")"); }) == "[graft/wordpiece] words must be a new column, got text");
}
