// What the tests of augmenters of texts share: edits of one text under many keys, and rules that all of them keep.
#pragma once

#include <iterator>
#include <set>
#include <sstream>

#include "augmenter_case.hpp"
#include "catch.hpp"

inline const graft::Value& text_edits() {  // tests/data/text_edits.py
  static const graft::Value reference = graft::read_json(GRAFT_TEST_DATA "/text_edits.json");
  return reference;
}

// An augmenter of the column text, with more parameters as JSON members.
inline std::shared_ptr<graft::Augmenter> text_augmenter(const std::string& name, const std::string& more = "") {
  return augmenters().make<graft::Augmenter>("graft/" + name, R"({"column": "text")" + (more.empty() ? "" : ", " + more) + "}");
}

inline graft::Strings edited(const graft::Augmenter& step, graft::Strings texts, std::uint64_t key) {
  return augmented(step, graft::testing::batch({{"text", std::move(texts)}}), key).strings("text");
}

inline std::set<std::string> all_edits(const graft::Augmenter& step, const std::string& text, int keys = 400) {
  std::set<std::string> texts;
  for (int key = 0; key < keys; ++key) texts.insert(edited(step, {text}, static_cast<std::uint64_t>(key))[0]);
  return texts;
}

inline std::vector<std::string> split_words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

inline std::vector<std::string> texts_of(const graft::Value& list) {
  std::vector<std::string> texts;
  for (const graft::Value& text : list.list()) texts.push_back(text.text());
  return texts;
}

// Numbers, names, mentions, tags, URLs, mark-up and other scripts stay as they are, in order; so do texts of nothing else.
inline void keeps_what_is_no_word(const graft::Augmenter& step) {
  const std::string text =
      "The great Spielberg made 3 good movies in 1993, see https://a.b/good @great #fun café 日本 NASA iPhone a_b :) &amp; x2.";
  for (const std::string& result : all_edits(step, text, 100)) {
    INFO(result);
    std::size_t at = 0;
    for (const char* kept : {"Spielberg", "3", "1993,", "https://a.b/good", "@great", "#fun", "café", "日本", "NASA", "iPhone",
                             "a_b", ":)", "&amp;", "x2."})
      REQUIRE((at = result.find(kept, at)) != std::string::npos);
  }
  const graft::Strings untouched = {"", "  ", "1984", "!?", "日本", "@a #b"};
  for (std::uint64_t key = 0; key < 20; ++key) REQUIRE(edited(step, untouched, key) == untouched);
}

// The contract: a row's fate hangs on its id and the key alone; the given batch stays; a column that is no text is refused.
inline void keeps_the_contract(const graft::Augmenter& step, const std::string& name) {
  const graft::Strings texts = {"A great film with a good plot and a very long story.", "The story was boring and slow, really.",
                                "I love this funny movie about friends!", "ok"};
  const graft::Batch batch = graft::testing::batch({{"text", texts}});
  const graft::Strings expected = augmented(step, batch, 1).strings("text");
  REQUIRE(batch.strings("text") == texts);
  REQUIRE(expected != augmented(step, batch, 2).strings("text"));
  for (const graft::Batch& mine : augmented_on_four_threads(step, batch, 1)) REQUIRE(mine.strings("text") == expected);
  const std::vector<std::int64_t> backward = {3, 2, 1, 0};
  REQUIRE(augmented(step, batch.select(backward), 1).select(backward).strings("text") == expected);
  REQUIRE(augmented(step, batch.select(std::vector<std::int64_t>{2}), 1).strings("text")[0] == expected[2]);
  REQUIRE(step.scope() == graft::Augmenter::Scope::kRow);
  CHECK(message_of([&] { step.outputs({{"text", graft::FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/" + name + "] column text must be text, is number");
}
