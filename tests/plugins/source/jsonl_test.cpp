#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

#include "catch.hpp"
#include "graft/testing.hpp"
#include "scratch_folder.hpp"

using namespace graft;

namespace {

// A jsonl source over a file; `more` is JSON members after the path.
std::shared_ptr<Source> jsonl(const std::string& path, const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_source.so");
  return plugin.make<Source>("graft/jsonl", "{\"path\": " + to_json(Value(path)) + (more.empty() ? "" : ", " + more) + "}");
}

Batch all_rows(const Source& source) {
  std::vector<std::int64_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return source.rows(numbers);
}

std::string message(const std::string& bytes, const std::string& more = "") {
  const ScratchFolder folder;
  const std::string path = folder.write("rows.jsonl", bytes);
  std::string text = message_of([&] { jsonl(path, more); });
  for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.replace(at, path.size(), "rows.jsonl");
  return text;
}

}  // namespace

TEST_CASE("jsonl: numbers, integers, texts and classes come out as worked out by hand", "[source][jsonl]") {
  const ScratchFolder folder;
  const auto source = jsonl(folder.write("rows.jsonl",
                                         "{\"id\": 1, \"ok\": true, \"code\": \"7\", \"x\": 1}\r\n\n"
                                         "{\"x\": null, \"code\": \"\", \"id\": 2, \"star\": \"b\", \"ok\": false}\n"
                                         "{\"id\":3,\"ok\":null,\"x\":2.5,\"star\":\"a\"}"),
                            R"("types": {"star": "class"})");
  const Schema expected = {{"id", FieldKind::kInteger, {}, {}},
                           {"ok", FieldKind::kText, {}, {}},
                           {"code", FieldKind::kText, {}, {}},
                           {"x", FieldKind::kNumber, {}, {}},
                           {"star", FieldKind::kClass, {}, {"a", "b"}}};
  REQUIRE((source->schema() == expected));
  const Batch batch = all_rows(*source);
  REQUIRE(batch.tensor("id").equal(testing::integers({1, 2, 3})));
  REQUIRE(batch.tensor("star").equal(testing::integers({kMissingClass, 1, 0})));
  REQUIRE(batch.strings("ok") == Strings{"true", "false", ""});
  REQUIRE(batch.strings("code") == Strings{"7", "", ""});
  const double* x = batch.tensor("x").const_data_ptr<double>();
  REQUIRE((x[0] == 1 && std::isnan(x[1]) && x[2] == 2.5));
}

TEST_CASE("jsonl: a hostile file reads as Python's json module reads it", "[source][jsonl]") {
  const auto source = jsonl(GRAFT_TEST_DATA "/jsonl_reference.jsonl");
  const Value expected = read_json(GRAFT_TEST_DATA "/jsonl_reference.json");
  REQUIRE(source->size() == static_cast<std::int64_t>(expected.list().size()));
  const Batch batch = all_rows(*source);
  const double* scores = batch.tensor("score").const_data_ptr<double>();
  for (std::size_t row = 0; row < expected.list().size(); ++row) {
    const Value::List& cells = expected.list()[row].list();
    REQUIRE(batch.tensor("id").const_data_ptr<std::int64_t>()[row] == cells[0].integer());
    REQUIRE((cells[1].is_null() ? std::isnan(scores[row]) : scores[row] == cells[1].number()));
    REQUIRE(batch.strings("text")[row] == cells[2].text());
  }
}

TEST_CASE("jsonl: the order of keys, white space and an absent key for null change nothing", "[source][jsonl]") {
  const ScratchFolder folder;
  const auto tight = jsonl(folder.write("a.jsonl", "{\"a\":\"x\",\"b\":1}\n{\"a\":\"y\",\"b\":null}\n"));
  const auto loose =
      jsonl(folder.write("b.jsonl", "\xEF\xBB\xBF  {\"a\" : \"x\", \"b\": 1.0e0 }  \r\n\r\n{ \"a\": \"\\u0079\"}"));
  REQUIRE((tight->schema() == loose->schema()));
  REQUIRE(all_rows(*tight).strings("a") == all_rows(*loose).strings("a"));
  REQUIRE(all_rows(*tight).tensor("b")[0].item<double>() == all_rows(*loose).tensor("b")[0].item<double>());
}

TEST_CASE("jsonl: refusals name the line, the column, the rule and the value", "[source][jsonl]") {
  CHECK(message("") == "[graft/jsonl] rows.jsonl: is empty");
  CHECK(message("\n \n") == "[graft/jsonl] rows.jsonl: must have at least one row, has none");
  CHECK(message("{\"a\": 1}\n[1]\n") == "[graft/jsonl] rows.jsonl:2:1: must be an object, is array");
  CHECK(message("{\"a\": 1}\n\n{\"a\": [1]}\n") ==
        "[graft/jsonl] rows.jsonl:3:7: a must be a number, a string, true, false or null, is array");
  CHECK(message("{\"a\": 1}\n{\"a\": 1,}\n").starts_with("[graft/jsonl] rows.jsonl:2:9: "));
  CHECK(message("{\"a\": 1, \"a\": 2}\n") == "[graft/jsonl] rows.jsonl:1:10: the key a is written twice");
  CHECK(message("{\"a\": \"\\u0000\"}\n") == "[graft/jsonl] rows.jsonl:1:7: a must be text, holds a NUL character");
  CHECK(message("{\"a\": \"\xFF\"}\n").starts_with("[graft/jsonl] rows.jsonl:1:8: "));
  CHECK(message("{\"a\": 1}\n{\"a\": \"x\"}\n", R"("types": {"a": "number"})") ==
        "[graft/jsonl] rows.jsonl:2: a must be a finite number, got x");
  CHECK(message("{\"b\": 1}\n{\"a\": 2}\n", R"("types": {"a": "integer"})") ==
        "[graft/jsonl] rows.jsonl:2: a must be an integer, is missing (the type number allows missing values)");
  CHECK(message("{\"a\": 1}\n", R"("types": {"b": "text"})") == "[graft/jsonl] there is no column b (columns: a)");
}

TEST_CASE("jsonl: bad rows are dropped, ill-formed UTF-8 replaced, each with one counted warning", "[source][jsonl]") {
  const ScratchFolder folder;
  const std::string path = folder.write("rows.jsonl", "{\"a\": \"x\"}\n{\"a\": \nnull\n{\"a\": \"\xE9\"}\n");
  const testing::Warnings warnings;
  const auto source = jsonl(path, R"("bad_rows": "drop", "encoding_errors": "replace")");
  REQUIRE(all_rows(*source).strings("a") == Strings{"x", "\uFFFD"});
  REQUIRE(warnings.lines().size() == 2);
  CHECK(warnings.lines()[0].starts_with("[graft/jsonl] " + path + ": dropped 2 rows that cannot be read; the first: line 2:7: "));
  CHECK(warnings.lines()[1] == "[graft/jsonl] " + path + ": 1 row with bytes that are not UTF-8, replaced by U+FFFD");
}

TEST_CASE("jsonl: rows come by number in any order and grouping, also from four threads", "[source][jsonl]") {
  const auto source = jsonl(GRAFT_TEST_DATA "/jsonl_reference.jsonl");
  const Batch all = all_rows(*source);
  const std::vector<std::int64_t> numbers = {299, 0, 7, 7, 150}, outside = {-1};
  std::vector<Batch> got(4);
  std::vector<std::thread> threads;
  for (Batch& mine : got) threads.emplace_back([&] { mine = source->rows(numbers); });
  for (std::thread& thread : threads) thread.join();
  for (const Batch& mine : got) {
    REQUIRE(std::equal(numbers.begin(), numbers.end(), mine.row_ids().begin(), mine.row_ids().end()));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      REQUIRE(mine.strings("text")[i] == all.strings("text")[numbers[i]]);
      REQUIRE(mine.tensor("id")[i].item<std::int64_t>() == all.tensor("id")[numbers[i]].item<std::int64_t>());
    }
  }
  REQUIRE(message_of([&] { source->rows(outside); }) == "[graft/jsonl] row must be in [0, 300), got -1");
}
