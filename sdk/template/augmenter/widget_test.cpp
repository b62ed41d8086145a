#include <graft/augmenter.hpp>
#include <graft/testing.hpp>

#include <sstream>

#include "catch.hpp"

using namespace graft;

namespace {

std::shared_ptr<Augmenter> made(const std::string& parameters) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  return plugin.make<Augmenter>("acme/widget", parameters);
}

Strings augmented(Strings texts, const std::string& probability, std::uint64_t seed = 1) {
  Batch batch = testing::batch({{"text", std::move(texts)}});
  made(R"({"column": "text", "probability": )" + probability + "}")->augment(batch, Rng(seed));
  return batch.strings("text");
}

std::int64_t words_in(const std::string& text) {
  std::istringstream stream(text);
  return std::distance(std::istream_iterator<std::string>(stream), {});
}

}  // namespace

TEST_CASE("widget: with chance 0 all words stay, with chance 1 one of them", "[widget]") {
  CHECK(augmented({"a  fine\nfilm", "", "dull"}, "0") == Strings{"a fine film", "", "dull"});
  const Strings one = augmented({"a fine film", "", "dull"}, "1");
  CHECK(words_in(one[0]) == 1);
  CHECK(one[1] == "");
  CHECK(one[2] == "dull");
}

TEST_CASE("widget: as many words go as the chance says", "[widget]") {
  std::string text;
  for (int i = 0; i < 10000; ++i) text += "word ";
  CHECK(static_cast<double>(words_in(augmented({text}, "0.3")[0])) == Approx(7000).epsilon(0.03));  // 6 standard deviations
}

TEST_CASE("widget: a row is changed alike whatever rows are beside it", "[widget]") {
  const auto augmenter = made(R"({"column": "text", "probability": 0.5})");
  const Batch rows = testing::batch({{"text", Strings{"a b c d e f", "g h i j k l", "m n o p q r"}}});
  Batch all = rows, last = rows.select(std::vector<std::int64_t>{2});
  augmenter->augment(all, Rng(1));
  augmenter->augment(last, Rng(1));
  CHECK(last.strings("text")[0] == all.strings("text")[2]);
}

TEST_CASE("widget: what it cannot do it refuses", "[widget]") {
  CHECK(message_of([] { made(R"({"column": "text", "probability": 2})"); }) ==
        "parameters:1:35: [acme/widget] probability must be <= 1, got 2");
  CHECK(message_of([] { made(R"({"column": "n"})")->outputs({{"n", FieldKind::kNumber, {}, {}}}); }) ==
        "[acme/widget] column n must be text, is number");
}
