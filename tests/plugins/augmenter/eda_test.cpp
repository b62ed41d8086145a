#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <sstream>

#include "augmenter_case.hpp"
#include "catch.hpp"

using namespace graft;

namespace {

std::shared_ptr<Augmenter> eda(const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/eda", R"({"column": "text")" + (more.empty() ? "" : ", " + more) + "}");
}

// Only one of the four edits: "sr", "ri", "rs" or "rd".
std::shared_ptr<Augmenter> only(const std::string& edit, double alpha) {
  std::string parameters;
  for (const std::string one : {"sr", "ri", "rs", "rd"})
    parameters += (parameters.empty() ? "" : ", ") + ("\"alpha_" + one) + "\": " + (one == edit ? to_json(Value(alpha)) : "0");
  return eda(parameters);
}

Strings edited(const Augmenter& step, Strings texts, std::uint64_t key) {
  return augmented(step, testing::batch({{"text", std::move(texts)}}), key).strings("text");
}

// What 200 keys make of one text.
std::set<std::string> all_edits(const Augmenter& step, const std::string& text) {
  std::set<std::string> texts;
  for (std::uint64_t key = 0; key < 200; ++key) texts.insert(edited(step, {text}, key)[0]);
  return texts;
}

std::vector<std::string> words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::string repeated(const std::string& word, std::size_t times) {
  std::string text = word;
  for (std::size_t i = 1; i < times; ++i) text += " " + word;
  return text;
}

}  // namespace

TEST_CASE("eda: each edit of a short sentence gives just the texts worked out by hand", "[augmenter][eda]") {
  using Texts = std::set<std::string>;
  CHECK(all_edits(*only("sr", 0.1), "A hilarious, moving plot!") ==
        Texts{"A uproarious, moving plot!", "A hilarious, touching plot!", "A hilarious, emotional plot!",
              "A hilarious, moving storyline!"});
  CHECK(all_edits(*only("rs", 0.1), "Great fun.") == Texts{"Fun great."});
  CHECK(all_edits(*only("ri", 0.1), "Plot, anyone?") == Texts{"Storyline plot, anyone?", "Plot, storyline anyone?"});
  CHECK(all_edits(*only("rd", 0.5), "The fun, plot.") ==
        Texts{"The fun, plot.", "Fun, plot.", "The, plot.", "The fun,", "The,", "Fun,", "Plot."});
}

TEST_CASE("eda: the number of edits is that of the authors' rule", "[augmenter][eda]") {
  const Value expected = read_json(GRAFT_TEST_DATA "/eda_reference.json");
  for (const Value::Member& alpha : expected.object()) {
    const auto replace = only("sr", std::stod(alpha.key)), insert = only("ri", std::stod(alpha.key));
    for (std::size_t length = 1; length <= 60; ++length) {
      const std::int64_t wanted = alpha.value.list()[length - 1].integer();
      const auto replaced = words(edited(*replace, {repeated("storyline", length)}, length)[0]);
      REQUIRE(std::count(replaced.begin(), replaced.end(), "plot") == wanted);
      REQUIRE(static_cast<std::int64_t>(words(edited(*insert, {repeated("storyline", length)}, length)[0]).size() - length) ==
              wanted);
    }
  }
}

TEST_CASE("eda: the four edits come equally often", "[augmenter][eda]") {
  // Told apart by what they make of this text: a synonym in place, a word more, other order, fewer words (deletion may also
  // keep all; its alpha of 1 leaves one).
  const auto step = eda(R"("alpha_rd": 1)");
  int replaced = 0, inserted = 0, swapped = 0, deleted = 0;
  const int rows = 4000;
  const Strings texts = edited(*step, Strings(rows, "storyline about which"), 5);
  for (const std::string& text : texts) {
    const std::size_t count = words(text).size();
    if (count == 1)
      ++deleted;
    else if (count == 4)
      ++inserted;
    else if (text == "plot about which")
      ++replaced;
    else
      ++swapped;
  }
  for (int count : {replaced, inserted, swapped, deleted}) REQUIRE(std::abs(count - rows / 4) < 4 * std::sqrt(rows * 3 / 16.0));
}

TEST_CASE("eda: numbers, names, mentions, tags, URLs and other scripts stay as they are, in order", "[augmenter][eda]") {
  const std::string text =
      "The great Spielberg made 3 good movies in 1993, see https://a.b/good @great #fun café 日本 NASA iPhone a_b :) &amp; x2.";
  const std::vector<std::string> kept = {"Spielberg", "3",    "1993,", "https://a.b/good", "@great", "#fun",
                                         "café",      "日本", "NASA",  "iPhone",           "a_b",    ":)",
                                         "&amp;",     "x2."};
  for (const std::string edit : {"sr", "ri", "rs", "rd"}) {
    for (const std::string& result : all_edits(*only(edit, 0.5), text)) {
      INFO(edit << ": " << result);
      std::size_t at = 0;
      for (const std::string& word : kept) REQUIRE((at = result.find(word, at)) != std::string::npos);
      REQUIRE((result[0] >= 'A' && result[0] <= 'Z'));
    }
  }
}

TEST_CASE("eda: no text becomes empty, and texts without ordinary words stay", "[augmenter][eda]") {
  for (const std::string edit : {"sr", "ri", "rs", "rd"}) {
    const auto step = only(edit, 1);
    for (std::uint64_t key = 0; key < 50; ++key) {
      for (const std::string& text : edited(*step, {"fun", "a", "(great)", "\"so\" good", "It is."}, key))
        REQUIRE(!words(text).empty());
      const Strings untouched = {"", "  ", "1984", "!?", "Paris Berlin", "日本", "@a #b"};
      REQUIRE(edited(*step, untouched, key) == untouched);
    }
  }
}

TEST_CASE("eda: probability is the share of rows that are edited", "[augmenter][eda]") {
  const Strings texts(4000, "storyline");
  const Strings some = edited(*eda(R"("probability": 0.25, "alpha_ri": 0, "alpha_rs": 0, "alpha_rd": 0)"), texts, 11);
  REQUIRE(std::abs(std::count(some.begin(), some.end(), "plot") - 1000.0) < 4 * std::sqrt(4000 * 0.25 * 0.75));
  REQUIRE(edited(*eda(R"("probability": 0)"), texts, 11) == texts);
}

TEST_CASE("eda: refusals name the rule and the value", "[augmenter][eda]") {
  CHECK(message_of([] { only("none", 0); }) ==
        "[graft/eda] one of alpha_sr, alpha_ri, alpha_rs, alpha_rd must be > 0, all are 0");
  CHECK(message_of([] { eda(R"("alpha_sr": -1)"); }).ends_with("[graft/eda] alpha_sr must be >= 0, got -1"));
  CHECK(message_of([] { eda()->outputs({{"text", FieldKind::kNumber, {}, {}}}); }) ==
        "[graft/eda] column text must be text, is number");
}

TEST_CASE("eda: a row's fate hangs on its id and the key alone, and the given batch stays", "[augmenter][eda]") {
  const auto step = eda();
  const Strings texts = {"A great film with a good plot.", "The story was boring and slow, really.", "I love this funny movie!",
                         "ok"};
  const Batch batch = testing::batch({{"text", texts}});
  const Strings expected = augmented(*step, batch, 1).strings("text");
  REQUIRE(batch.strings("text") == texts);
  REQUIRE(expected != augmented(*step, batch, 2).strings("text"));
  for (const Batch& mine : augmented_on_four_threads(*step, batch, 1)) REQUIRE(mine.strings("text") == expected);
  const std::vector<std::int64_t> backward = {3, 2, 1, 0};
  REQUIRE(augmented(*step, batch.select(backward), 1).select(backward).strings("text") == expected);
  REQUIRE(augmented(*step, batch.select(std::vector<std::int64_t>{2}), 1).strings("text")[0] == expected[2]);
}
