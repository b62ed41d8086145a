#include <ATen/ops/equal.h>
#include <graft/source.hpp>
#include <graft/testing.hpp>

#include <cstdio>

#include "catch.hpp"
#include "graft/files.hpp"

using namespace graft;

namespace {

std::shared_ptr<Source> made(const std::string& lines) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  write_file("rows_test.txt", lines);
  return plugin.make<Source>("acme/widget", R"({"path": "rows_test.txt"})");
}

Batch rows(const Source& source, std::vector<std::int64_t> numbers) { return source.rows(numbers); }

}  // namespace

TEST_CASE("widget: labels are classes in sorted order, texts what follows them", "[widget]") {
  const auto source = made("__label__good a fine film\r\n\n__label__bad  a dull one\n__label__good\n");
  CHECK(source->size() == 3);
  CHECK(source->schema().at(0).classes == std::vector<std::string>{"bad", "good"});
  const Batch all = rows(*source, {0, 1, 2});
  CHECK(at::equal(all.tensor("label"), testing::integers({1, 0, 1})));
  CHECK(all.strings("text") == Strings{"a fine film", "a dull one", ""});
}

TEST_CASE("widget: a row is the same in any order and grouping", "[widget]") {
  const auto source = made("__label__a one\n__label__b two\n__label__c three\n");
  const Batch some = rows(*source, {2, 0, 2});
  CHECK(some.strings("text") == Strings{"three", "one", "three"});
  CHECK(at::equal(some.tensor("label"), testing::integers({2, 0, 2})));
  CHECK(std::vector<std::int64_t>(some.row_ids().begin(), some.row_ids().end()) == std::vector<std::int64_t>{2, 0, 2});
}

TEST_CASE("widget: what it cannot read it refuses, with the line", "[widget]") {
  CHECK(message_of([] { made("__label__good a film\na film\n"); }) ==
        "[acme/widget] rows_test.txt:2: must begin with __label__<label>, begins with a");
  CHECK(message_of([] { made("__label__good __label__long a film\n"); }) ==
        "[acme/widget] rows_test.txt:1: must have one label, has a second: __label__long");
  CHECK(message_of([] { made("__label__good \xff\n"); }) == "[acme/widget] rows_test.txt:1: must be UTF-8, is not");
  CHECK(message_of([] { made("\n"); }) == "[acme/widget] rows_test.txt: has no rows");
  CHECK(message_of([] { rows(*made("__label__good a film\n"), {1}); }) == "[acme/widget] row must be in [0, 1), got 1");
}
