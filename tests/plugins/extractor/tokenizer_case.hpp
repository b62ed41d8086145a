// What the tests of tokenizers share: a tokenizer.json in parts, rows of ids, and digests to compare with references.
#pragma once

#include <ATen/core/Tensor.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "catch.hpp"
#include "graft/files.hpp"
#include "graft/utf8.hpp"
#include "table_case.hpp"

using Ids = std::vector<std::int64_t>;

// A file that is gone when the test ends.
class TokenizerFile {
 public:
  explicit TokenizerFile(const std::string& contents)
      : path_(std::filesystem::temp_directory_path() / ("graft-tokenizer-" + std::to_string(::getpid()) + ".json")) {
    graft::write_file(path_, contents);
  }
  explicit TokenizerFile(const graft::Value& file) : TokenizerFile(graft::to_json(file)) {}
  ~TokenizerFile() { std::filesystem::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline std::shared_ptr<graft::Extractor> tokenizer_of(const std::string& use, const std::string& vocabulary,
                                                      const std::string& more = "") {
  const std::string parameters = R"({"column": "text", "vocabulary": ")" + vocabulary + "\"" + more + "}";
  return extractors().make<graft::Extractor>(use, parameters, "tokens");
}

inline std::shared_ptr<graft::Extractor> fitted_tokenizer(const std::string& use, const std::string& vocabulary,
                                                          const std::string& more = "") {
  auto step = tokenizer_of(use, vocabulary, more);
  step->fit(
      graft::testing::Rows({{"text", graft::FieldKind::kText, {}, {}}}, graft::testing::batch({{"text", graft::Strings{}}})));
  return step;
}

inline std::vector<Ids> rows_of_column(const graft::Extractor& step, const graft::Strings& texts, const std::string& column) {
  graft::Batch batch = graft::testing::batch({{"text", texts}});
  step.transform(batch);
  const graft::Ragged& made = batch.ragged(column);
  const auto* values = made.values.const_data_ptr<std::int64_t>();
  const auto* offsets = made.offsets.const_data_ptr<std::int32_t>();
  std::vector<Ids> rows;
  for (std::size_t i = 0; i < texts.size(); ++i) rows.emplace_back(values + offsets[i], values + offsets[i + 1]);
  return rows;
}

inline std::vector<Ids> token_rows(const graft::Extractor& step, const graft::Strings& texts) {
  return rows_of_column(step, texts, "tokens");
}

inline std::vector<Ids> rows_of_list(const graft::Value& list) {
  std::vector<Ids> rows;
  for (const graft::Value& row : list.list()) rows.push_back(integers_of(row));
  return rows;
}

// SHA-256 over int32 little-endian: the length of each row, then its ids.
inline std::string digest_of(const std::vector<Ids>& rows) {
  std::string bytes;
  const auto add = [&bytes](std::int64_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(value >> shift & 0xFF);
  };
  for (const Ids& ids : rows) {
    add(static_cast<std::int64_t>(ids.size()));
    for (const std::int64_t id : ids) add(id);
  }
  return graft::sha256(bytes);
}

inline std::string bytes_of_hex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2) bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  return bytes;
}

// Those of wordpiece_hostile.json, ill-formed UTF-8 among them, and what the reference adds.
inline graft::Strings hostile_texts(const graft::Value& reference) {
  graft::Strings texts;
  const graft::Value file = graft::read_json(GRAFT_TEST_DATA "/wordpiece_hostile.json");
  for (const graft::Value& entry : file.at("texts").list()) {
    const graft::Value* text = entry.find("text");
    texts.push_back(text ? text->text() : bytes_of_hex(entry.at("bytes").text()));
  }
  for (std::string& text : texts_of(reference.at("more"))) texts.push_back(std::move(text));
  return texts;
}

// The texts of a ground truth file: the third field of each line.
inline graft::Strings ground_truth_texts(const std::string& name) {
  const std::string path = GRAFT_SOURCE_DIR "/.deps/data/" + name;
  if (!std::filesystem::exists(path)) FAIL(path << " is absent: run `sh examples/setup.sh`, which brings it");
  graft::Strings texts;
  const std::string file = graft::read_file(path);
  for (std::size_t begin = 0; begin < file.size();) {
    const std::size_t end = std::min(file.find('\n', begin), file.size());
    const std::string line = file.substr(begin, end - begin);
    const std::size_t first = line.find('\t'), second = first == line.npos ? first : line.find('\t', first + 1);
    if (second != line.npos) texts.push_back(line.substr(second + 1, line.find('\t', second + 1) - second - 1));
    begin = end + 1;
  }
  return texts;
}

// The file with parts of it replaced; in "model" key by key.
inline graft::Value patched(graft::Value file, const graft::Value& patch) {
  for (const auto& [key, value, place] : patch.object()) {
    if (key != "model") {
      file.set(key, value);
      continue;
    }
    for (const auto& [name, part, where] : value.object()) file.find("model")->set(name, part);
  }
  return file;
}

// All variants of a reference: ids of whole texts, of texts cut at 8, of the words of texts, and where each word's first token stands.
inline void check_variants(const graft::Value& reference) {
  const graft::Strings texts = hostile_texts(reference);
  REQUIRE(texts.size() >= 300);
  for (const graft::Value& variant : reference.at("variants").list()) {
    INFO(variant.at("name").text());
    const std::string name = variant.at("file").text(), path = GRAFT_TEST_DATA "/" + name + ".json";
    const std::string use = "graft/" + name.substr(0, name.find('_'));
    const TokenizerFile file(patched(graft::read_json(path), variant.at("patch")));
    const graft::testing::Warnings silenced;
    const auto whole = fitted_tokenizer(use, file.path(), R"(, "max_length": 0)");
    CHECK(digest_of(token_rows(*whole, texts)) == variant.at("ids").text());
    CHECK(digest_of(token_rows(*whole, texts)) == variant.at("ids").text());  // again, now that words are known
    const auto cut = fitted_tokenizer(use, file.path(), R"(, "max_length": 8)");
    CHECK(digest_of(token_rows(*cut, texts)) == variant.at("cut").text());
    const auto words = fitted_tokenizer(use, file.path(), R"(, "max_length": 0, "words": "words")");
    CHECK(digest_of(token_rows(*words, texts)) == variant.at("words").text());
    CHECK(digest_of(rows_of_column(*words, texts, "words")) == variant.at("first").text());
  }
}

// The ids of the first variant row by row: which text differs is shown.
inline void check_rows(const graft::Extractor& step, const graft::Value& reference) {
  const graft::Strings texts = hostile_texts(reference);
  const std::vector<Ids> got = token_rows(step, texts), expected = rows_of_list(reference.at("ids"));
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    INFO("row " << i << ": " << texts[i]);
    CHECK(got[i] == expected[i]);
  }
}

// The message without the tag's path: "FILE:1:13: version must be ...".
inline std::string refusal_of(const std::string& use, const graft::Value& tokenizer) {
  const TokenizerFile file(tokenizer);
  const std::string message = message_of([&] { fitted_tokenizer(use, file.path()); });
  const std::size_t at = message.find(file.path());
  return at == message.npos ? message : message.substr(0, at) + "FILE" + message.substr(at + file.path().size());
}

// The contract of a tokenizer: schema, state that needs no file, no fit no transform, the same from four threads and row by row.
inline void check_tokenizer_contract(const std::string& use, const std::string& vocabulary, const graft::Strings& texts) {
  const auto fitted = fitted_tokenizer(use, vocabulary, R"(, "max_length": 0)");
  const auto restored = tokenizer_of(use, "/nowhere/gone.json", R"(, "max_length": 0)");
  const graft::Field text{"text", graft::FieldKind::kText, {}, {}}, number{"text", graft::FieldKind::kNumber, {}, {}};
  CHECK((restored->outputs({text}) == graft::Schema{text, {"tokens", graft::FieldKind::kTokens, {-1}, {}}}));
  CHECK(message_of([&] { restored->outputs({number}); }) == "[" + use + "] column text must be text, is number");
  CHECK(restored->state().empty());
  CHECK(message_of([&] { token_rows(*restored, {"a"}); }) ==
        "[" + use + "] fit or restore must come before transform, got neither");
  CHECK(message_of([&] { restored->restore({}); }) == "[" + use + "] a state must hold the text of tokenizer.json, got none");
  restored->restore(fitted->state());
  const std::vector<Ids> together = token_rows(*fitted, texts);
  for (const graft::Batch& mine : on_four_threads(*restored, graft::testing::batch({{"text", texts}})))
    CHECK(mine.ragged("tokens").values.equal([&] {
      graft::Batch batch = graft::testing::batch({{"text", texts}});
      fitted->transform(batch);
      return batch.ragged("tokens").values;
    }()));
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(token_rows(*restored, {texts[i]}).front() == together[i]);
}
