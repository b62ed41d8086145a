#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <thread>

#include "catch.hpp"
#include "graft/files.hpp"
#include "graft/testing.hpp"
#include "scratch_folder.hpp"

using namespace graft;

namespace {

const testing::Plugin& plugin() {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_source.so");
  return plugin;
}

// A csv source over a file; `more` is JSON members after the path.
std::shared_ptr<Source> csv(const std::string& path, const std::string& more = "") {
  return plugin().make<Source>("graft/csv", "{\"path\": " + to_json(Value(path)) + (more.empty() ? "" : ", " + more) + "}");
}

Batch all_rows(const Source& source) {
  std::vector<std::int64_t> numbers(source.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return source.rows(numbers);
}

std::string message(const std::string& bytes, const std::string& more = "") {
  const ScratchFolder folder;
  const std::string path = folder.write("rows.csv", bytes);
  std::string text = message_of([&] { csv(path, more); });
  for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.replace(at, path.size(), "rows.csv");
  return text;
}

std::string gzipped(const std::string& bytes) {
  const ScratchFolder folder;
  const std::string path = folder.write("a", bytes);
  REQUIRE(std::system(("gzip -n " + path).c_str()) == 0);
  return read_file(path + ".gz");
}

}  // namespace

TEST_CASE("csv: numbers, integers, texts and classes come out as worked out by hand", "[source][csv]") {
  const ScratchFolder folder;
  const auto source =
      csv(folder.write("rows.csv", "id,rating,text,kind\r\n1,2.5,\"a, \"\"b\"\"\",y\r\n-2,,,x\n3, +1e2 ,\"two\r\nlines\",y"),
          R"("types": {"kind": "class"})");
  const Schema expected = {{"id", FieldKind::kInteger, {}, {}},
                           {"rating", FieldKind::kNumber, {}, {}},
                           {"text", FieldKind::kText, {}, {}},
                           {"kind", FieldKind::kClass, {}, {"x", "y"}}};
  REQUIRE((source->schema() == expected));
  REQUIRE(source->size() == 3);
  const Batch batch = all_rows(*source);
  REQUIRE(batch.tensor("id").equal(testing::integers({1, -2, 3})));
  REQUIRE(batch.tensor("kind").equal(testing::integers({1, 0, 1})));
  REQUIRE(batch.strings("text") == Strings{"a, \"b\"", "", "two\r\nlines"});
  const double* rating = batch.tensor("rating").const_data_ptr<double>();
  REQUIRE(rating[0] == 2.5);
  REQUIRE(std::isnan(rating[1]));
  REQUIRE(rating[2] == 100.0);
}

TEST_CASE("csv: a hostile table reads as Python's csv module reads it", "[source][csv]") {
  const auto source = csv(GRAFT_TEST_DATA "/csv_reference.csv");
  const Value expected = read_json(GRAFT_TEST_DATA "/csv_reference.json");
  REQUIRE(source->size() == static_cast<std::int64_t>(expected.list().size()));
  const Batch batch = all_rows(*source);
  const Strings names = {"a", "b", "c", "d"};
  for (std::size_t column = 0; column < names.size(); ++column)
    for (std::size_t row = 0; row < expected.list().size(); ++row)
      REQUIRE(batch.strings(names[column])[row] == expected.list()[row].list()[column].text());
}

TEST_CASE("csv: quoting every cell, ending lines with CRLF and packing change nothing", "[source][csv]") {
  const ScratchFolder folder;
  const auto plain = csv(folder.write("plain.csv", "a,b\n1,x\n2,y z\n"));
  const auto quoted = csv(folder.write("quoted.csv", "\xEF\xBB\xBF\"a\",\"b\"\r\n\"1\",\"x\"\r\n\r\n\"2\",\"y z\""));
  const auto packed = csv(folder.write("packed.csv", gzipped("a;b\n1;x\n2;y z\n") + gzipped("\n")), R"("delimiter": ";")");
  for (const auto& other : {quoted, packed}) {
    REQUIRE((other->schema() == plain->schema()));
    REQUIRE(all_rows(*other).tensor("a").equal(all_rows(*plain).tensor("a")));
    REQUIRE(all_rows(*other).strings("b") == all_rows(*plain).strings("b"));
  }
}

TEST_CASE("csv: with quoting off a tab-separated file keeps its quotes and takes its names from the config", "[source][csv]") {
  const ScratchFolder folder;
  const auto source = csv(folder.write("movie.tsv", "1\t2.5\t\"Great,\" he said\n2\t-1\tit's 5\" \"wide\n"),
                          R"("delimiter": "\t", "quote": "", "columns": ["id", "rating", "text"])");
  REQUIRE(all_rows(*source).strings("text") == Strings{"\"Great,\" he said", "it's 5\" \"wide"});
  REQUIRE(source->schema()[1].kind == FieldKind::kNumber);
}

TEST_CASE("csv: with header true the names of the config replace the header's", "[source][csv]") {
  const ScratchFolder folder;
  const auto source = csv(folder.write("rows.csv", "p,q\n1,2\n"), R"("header": true, "columns": ["a", "b"])");
  REQUIRE(source->size() == 1);
  REQUIRE(source->schema()[1].name == "b");
}

TEST_CASE("csv: types are inferred over the whole file", "[source][csv]") {
  const ScratchFolder folder;
  const auto kind_of = [&](const std::string& cells, const std::string& more = "") {
    return csv(folder.write("rows.csv", "a,b\n" + cells), more)->schema()[0].kind;
  };
  CHECK(kind_of("1,\n-20,\n") == FieldKind::kInteger);
  CHECK(kind_of("1,\n,\n") == FieldKind::kNumber);  // integers have no missing value
  CHECK(kind_of("1,\n2.5,\n3,\n") == FieldKind::kNumber);
  CHECK(kind_of("1,\n99999999999999999999,\n") == FieldKind::kNumber);
  CHECK(kind_of("1,\n2,\nthree,\n") == FieldKind::kText);
  CHECK(kind_of("nan,\n1,\n") == FieldKind::kText);
  CHECK(kind_of("nan,\n1.5,\n", R"("missing": ["nan"])") == FieldKind::kNumber);
  CHECK(kind_of("1e999,\n") == FieldKind::kText);
  CHECK(kind_of("0x10,\n") == FieldKind::kText);
  CHECK(kind_of(",1\n,2\n") == FieldKind::kText);
}

TEST_CASE("csv: refusals name the line, the rule and the value", "[source][csv]") {
  CHECK(message("") == "[graft/csv] rows.csv: is empty");
  CHECK(message("a,b\n") == "[graft/csv] rows.csv: must have at least one row, has none");
  CHECK(message("a,b,c\n1,2,3\n\"x\ny\",2,3\n4,5\n") == "[graft/csv] rows.csv:5: 3 columns expected, got 2");
  CHECK(message("a,b\n1,2,3\n") == "[graft/csv] rows.csv:2: 2 columns expected, got 3");
  CHECK(message(std::string("a,b\n1,2\n1,\0\n", 13)) == "[graft/csv] rows.csv:3: must be text, holds a NUL byte");
  CHECK(message("a,b\n1,2\n\"x,\ny,z\n") ==
        "[graft/csv] rows.csv:3: the quote opened in line 3 must be closed, is not (quote: \"\" reads quotes as text)");
  CHECK(message("a,b\n1,\"2\"x\n") == "[graft/csv] rows.csv:2: a closing quote must end its cell, text follows");
  CHECK(message("a,b\n1,\xFF\n") ==
        "[graft/csv] rows.csv:2: must be UTF-8, is not (encoding_errors: \"replace\" reads it with U+FFFD)");
  CHECK(message("\xFF\xFE"
                "a") == "[graft/csv] rows.csv: must be UTF-8, is UTF-16");
  CHECK(message("a,a\n1,2\n") == "[graft/csv] rows.csv:1: column names must differ, a occurs twice");
  CHECK(message("a,\n1,2\n") == "[graft/csv] rows.csv:1: every column must have a name, column 2 has none");
  CHECK(message("a,b\n1,x\n", R"("types": {"b": "number"})") == "[graft/csv] rows.csv:2: b must be a finite number, got x");
  CHECK(message("a,b\n1,\n", R"("types": {"b": "integer"})") ==
        "[graft/csv] rows.csv:2: b must be an integer, is missing (the type number allows missing values)");
  CHECK(message("a,b\n1,2\n", R"("types": {"b": "numbr"})")
            .ends_with("[graft/csv] types.b must be \"number\", \"integer\", \"text\" or \"class\", got \"numbr\", did you mean "
                       "\"number\"?"));
  CHECK(message("text,b\n1,2\n", R"("types": {"texd": "text"})") ==
        "[graft/csv] there is no column texd, did you mean text? (columns: text, b)");
  CHECK(message("1,2\n", R"("header": false)") == "[graft/csv] columns must name the columns of a file without header, got none");
  CHECK(message("1,2\n", R"("delimiter": ",,")") == "[graft/csv] delimiter must be one ASCII character, got \",,\"");
  CHECK(message("1,2\n", R"("quote": ",")") == "[graft/csv] quote and delimiter must differ, both are \",\"");
  CHECK(message(gzipped("a\nbcdefgh\n").substr(0, 22)) == "[graft/csv] rows.csv: is gzip that ends too early");
  CHECK(message(gzipped("a\n" + std::string(3 << 20, 'x')), R"("max_unpacked_mb": 1)") ==
        "[graft/csv] rows.csv: must unpack to at most 1 MB (max_unpacked_mb), is larger");
  CHECK(message_of([] { csv("/nowhere/rows.csv"); }) == "[graft/csv] /nowhere/rows.csv: No such file or directory");
  CHECK(message_of([] { csv("/tmp"); }) == "[graft/csv] /tmp: is a folder");
}

TEST_CASE("csv: bad rows are dropped with one counted warning when the config allows it", "[source][csv]") {
  const ScratchFolder folder;
  const std::string path = folder.write("rows.csv", std::string("a,b\n1,x\n2\n3,\"q\"r\n4,\xC3\nv,w\n6,\0\n7,y\n", 33));
  const testing::Warnings warnings;
  const auto source = csv(path, R"("bad_rows": "drop", "types": {"a": "integer"})");
  REQUIRE(all_rows(*source).tensor("a").equal(testing::integers({1, 7})));
  REQUIRE(all_rows(*source).strings("b") == Strings{"x", "y"});
  REQUIRE(warnings.lines() ==
          std::vector<std::string>{"[graft/csv] " + path +
                                   ": dropped 5 rows that cannot be read; the first: line 3: 2 columns expected, got 1"});
}

TEST_CASE("csv: ill-formed UTF-8 becomes U+FFFD with a counted warning when the config allows it", "[source][csv]") {
  const ScratchFolder folder;
  const std::string path = folder.write("rows.csv", "a,b\n\xE9t\xE9,1\nfine,2\n");
  const testing::Warnings warnings;
  const auto source = csv(path, R"("encoding_errors": "replace")");
  REQUIRE(all_rows(*source).strings("a") == Strings{"\uFFFDt\uFFFD", "fine"});
  REQUIRE(warnings.lines() ==
          std::vector<std::string>{"[graft/csv] " + path + ": 1 row with bytes that are not UTF-8, replaced by U+FFFD"});
}

TEST_CASE("csv: a line of 10 MB is a row like any other", "[source][csv]") {
  const ScratchFolder folder;
  const std::string large(10 << 20, 'x');
  const auto source = csv(folder.write("rows.csv", "a,b\n1," + large + "\n2,\"" + large + "\"\n3,y\n"));
  REQUIRE(all_rows(*source).strings("b") == Strings{large, large, "y"});
}

TEST_CASE("csv: rows come by number in any order and grouping, and match the schema", "[source][csv]") {
  const auto source = csv(GRAFT_TEST_DATA "/csv_reference.csv");
  const Batch all = all_rows(*source);
  const std::vector<std::int64_t> numbers = {399, 0, 7, 7, 200};
  const Batch some = source->rows(numbers);
  REQUIRE(std::equal(numbers.begin(), numbers.end(), some.row_ids().begin(), some.row_ids().end()));
  for (const Field& field : source->schema()) {
    REQUIRE(field.kind == FieldKind::kText);
    for (std::size_t i = 0; i < numbers.size(); ++i) REQUIRE(some.strings(field.name)[i] == all.strings(field.name)[numbers[i]]);
  }
  REQUIRE(source->rows(std::vector<std::int64_t>{}).size() == 0);
  const std::vector<std::int64_t> outside = {400};
  REQUIRE(message_of([&] { source->rows(outside); }) == "[graft/csv] row must be in [0, 400), got 400");
}

TEST_CASE("csv: four threads read the same rows as one", "[source][csv]") {
  const auto source = csv(GRAFT_TEST_DATA "/csv_reference.csv");
  const Strings expected = all_rows(*source).strings("c");
  std::vector<Strings> got(4);
  std::vector<std::thread> threads;
  for (Strings& mine : got) threads.emplace_back([&] { mine = all_rows(*source).strings("c"); });
  for (std::thread& thread : threads) thread.join();
  for (const Strings& mine : got) REQUIRE(mine == expected);
}
