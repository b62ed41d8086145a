#include <graft/augmenter.hpp>
#include <graft/testing.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "catch.hpp"  // last: LibTorch has a CHECK too

using namespace graft;

namespace {

std::shared_ptr<Augmenter> made(const std::string& parameters) {
  static const testing::Plugin plugin(ACME_TEXT_PLUGIN);
  return plugin.make<Augmenter>("acme/aeda", parameters);
}

std::string augmented(const std::string& text, const std::string& more = "", std::uint64_t seed = 1) {
  Batch batch = testing::batch({{"text", Strings{text}}});
  made(R"({"column": "text")" + more + "}")->augment(batch, Rng(seed));
  return batch.strings("text")[0];
}

bool is_mark(const std::string& word) { return word.size() == 1 && std::string(".;?:!,").find(word) != std::string::npos; }

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

}  // namespace

TEST_CASE("aeda: one word gets one mark before it", "[aeda]") {
  const std::string text = augmented("fine");
  CHECK(text.size() == 6);
  CHECK(is_mark(text.substr(0, 1)));
  CHECK(text.substr(1) == " fine");
}

TEST_CASE("aeda: words stay, in their order; from one mark to as many as the share says, no two side by side", "[aeda]") {
  const std::string text = "the film was not bad at all to my mind";  // 10 words: 1 to 4 marks
  std::vector<int> seen(11);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    std::vector<std::string> words = words_of(augmented(text, "", seed));
    CHECK(std::adjacent_find(words.begin(), words.end(), [](auto& a, auto& b) { return is_mark(a) && is_mark(b); }) ==
          words.end());
    const auto marks = static_cast<std::size_t>(std::erase_if(words, is_mark));
    ++seen.at(marks);
    CHECK(words == words_of(text));
  }
  for (int marks = 0; marks <= 10; ++marks) {
    INFO(marks);
    const bool is_allowed = marks >= 1 && marks <= 4;
    CHECK((seen[static_cast<std::size_t>(marks)] > 0) == is_allowed);
    if (is_allowed) CHECK(seen[static_cast<std::size_t>(marks)] == Approx(100).margin(45));  // 5 standard deviations
  }
}

TEST_CASE("aeda: as many marks as the authors' code puts in, as often", "[aeda]") {
  std::ifstream table(std::filesystem::path(__FILE__).parent_path() / "aeda_reference.csv");
  std::string line;
  std::getline(table, line);
  std::map<std::int64_t, std::map<std::int64_t, double>> wanted;  // words, marks, share
  char comma;
  std::int64_t words, marks;
  for (double share; table >> words >> comma >> marks >> comma >> share;) wanted[words][marks] = share;
  REQUIRE(wanted.size() == 6);
  const auto augmenter = made(R"({"column": "text"})");
  constexpr std::int64_t kTries = 20000;
  for (const auto& [count, shares] : wanted) {
    std::string text;
    for (std::int64_t i = 0; i < count; ++i) text += i ? " w" : "w";
    Batch batch = testing::batch({{"text", Strings(kTries, text)}});
    augmenter->augment(batch, Rng(1));
    std::map<std::int64_t, double> seen;
    for (const std::string& changed : batch.strings("text"))
      seen[static_cast<std::int64_t>(words_of(changed).size()) - count] += 1.0 / kTries;
    CHECK(seen.size() == shares.size());
    for (const auto& [some, share] : shares) {
      INFO(count << " words, " << some << " marks");
      CHECK(seen[some] == Approx(share).margin(0.019));  // 5 standard deviations of both
    }
  }
}

TEST_CASE("aeda: some rows are left alone, to the byte; an empty text always", "[aeda]") {
  CHECK(augmented("a  fine\tfilm", R"(, "probability": 0)") == "a  fine\tfilm");
  CHECK(augmented("") == "");
  CHECK(augmented(" ") == " ");
}

TEST_CASE("aeda: a row is changed alike whatever rows are beside it", "[aeda]") {
  const auto augmenter = made(R"({"column": "text"})");
  Batch all = testing::batch({{"text", Strings{"a b c d e f", "g h i j k l", "m n o p q r"}}});
  Batch last = all.select(std::vector<std::int64_t>{2});
  augmenter->augment(all, Rng(1));
  augmenter->augment(last, Rng(1));
  CHECK(last.strings("text")[0] == all.strings("text")[2]);
}

TEST_CASE("aeda: what it cannot do it refuses", "[aeda]") {
  CHECK(message_of([] { made(R"({"column": "text", "share": 2})"); }) ==
        "parameters:1:29: [acme/aeda] share must be <= 1, got 2");
  CHECK(message_of([] { made(R"({"column": "n"})")->outputs({{"n", FieldKind::kNumber, {}, {}}}); }) ==
        "[acme/aeda] column n must be text, is number");
}
