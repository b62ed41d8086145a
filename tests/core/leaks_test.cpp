// Rows that valid and test share with train.
#include "catch.hpp"
#include "core/data/leaks.hpp"
#include "graft/testing.hpp"

using namespace graft;
using namespace graft::core;

namespace {

using Lines = std::vector<std::string>;

Stream stream_of(Strings train, Strings test) {
  Stream stream{"films", {{"text", FieldKind::kText, {}, {}}}, {}, {}};
  stream.splits["train"] = testing::batch({{"text", std::move(train)}});
  stream.splits["test"] = testing::batch({{"text", std::move(test)}});
  return stream;
}

// Two numbers and a third that a head predicts.
Stream table_of(std::initializer_list<double> x, std::initializer_list<double> y, std::initializer_list<double> target,
                std::initializer_list<double> test_x, std::initializer_list<double> test_y,
                std::initializer_list<double> test_target) {
  Stream stream{
      "films", {{"x", FieldKind::kNumber, {}, {}}, {"y", FieldKind::kNumber, {}, {}}, {"t", FieldKind::kNumber, {}, {}}}, {}, {}};
  stream.splits["train"] =
      testing::batch({{"x", testing::numbers(x)}, {"y", testing::numbers(y)}, {"t", testing::numbers(target)}});
  stream.splits["test"] =
      testing::batch({{"x", testing::numbers(test_x)}, {"y", testing::numbers(test_y)}, {"t", testing::numbers(test_target)}});
  return stream;
}

Lines warned(const Stream& stream, const std::set<std::string>& targets = {}) {
  testing::Warnings warnings;
  warn_of_leaks(stream, targets);
  return warnings.lines();
}

}  // namespace

TEST_CASE("leaks: a text is the same in lower case, without punctuation and with single spaces", "[data][leaks]") {
  CHECK(squeezed("  A fine\t\r\n Film ") == "a fine film");
  CHECK(squeezed("\xC3\x89T\xC3\x89 \xC3\x97 \xCE\xA3\xC2\xA0\xD0\x96") == "\xC3\xA9t\xC3\xA9 \xC3\x97 \xCF\x83 \xD0\xB6");
  CHECK(squeezed(" \n") == "");
  CHECK(squeezed("don't") == "don't");
  CHECK(squeezed("\"So - it (really) works!!\"") == "so it really works");
}

TEST_CASE("leaks: texts that training has seen are counted, and said how nearly", "[data][leaks]") {
  CHECK(warned(stream_of({"a b", "c", "d"}, {"c", "e", "a b"})) ==
        Lines{"[data] films: 2 texts of column text occur in both train and test"});
  CHECK(warned(stream_of({"A  b", "c", "d"}, {"c", "e", "a b!"})) ==
        Lines{"[data] films: 2 texts of column text occur in both train and test, 1 with other case, punctuation or spaces"});
  CHECK(warned(stream_of({"a b", "c", ""}, {"ab", "", " ", "e"})).empty());
}

TEST_CASE("leaks: columns of a few values that repeat hold categories, and those that split do not count", "[data][leaks]") {
  CHECK(warned(stream_of({"red", "red", "red", "blue", "blue"}, {"red", "blue"})).empty());
  Stream stream = stream_of({"a", "b"}, {"a"});
  stream.not_features.insert("text");
  CHECK(warned(stream).empty());
}

TEST_CASE("leaks: rows with all their numbers from a training row are counted, whatever their target", "[data][leaks]") {
  const Stream stream =
      table_of({1, 2, NAN, 0.0}, {5, 6, 7, 8}, {1, 1, 1, 1}, {1, 2, NAN, -0.0, NAN}, {5, 7, 7, 8, NAN}, {9, 9, 9, 1, 1});
  CHECK(warned(stream, {"t"}) == Lines{"[data] films: 3 rows of test have all their numbers from a row of train"});
  CHECK(warned(stream) == Lines{"[data] films: 1 row of test has all its numbers from a row of train"});
  CHECK(warned(table_of({1, 1, 1}, {2, 2, 2}, {3, 3, 3}, {1}, {2}, {3})).empty());
}
