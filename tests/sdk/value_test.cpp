#include "graft/value.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>

#include "catch.hpp"

using namespace graft;

namespace {
std::string fault(const std::string& text, bool relaxed = false) {
  return message_of([&] { parse_json(text, "a.json", relaxed); });
}

// Random text made of the pieces of JSON, about half of it well formed.
std::string random_document(std::mt19937& random, int depth) {
  static const std::vector<std::string> kLeaves = {
      "0",  "-12", "3.25",        "1e3", "-0.5E-2", "true", "null", "\"\"", "\"a\\n\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"",
      "01", "tru", "\"\\ud800\"", "+1",  "1.",      ""};
  const auto below = [&](std::size_t n) { return static_cast<std::size_t>(random() % n); };
  if (depth == 0 || below(3) == 0) return kLeaves[below(20) < 19 ? below(11) : below(kLeaves.size())];
  const bool is_object = below(2) == 0;
  std::string text = is_object ? "{" : "[";
  for (std::size_t i = 0, n = below(4); i < n; ++i) {
    if (i > 0) text += below(40) == 0 ? " " : ", ";
    if (is_object) text += "\"key" + std::to_string(i) + (below(40) == 0 ? "\"" : "\": ");
    text += random_document(random, depth - 1);
  }
  return text + (below(60) == 0 ? "" : is_object ? "}" : "]");
}
}  // namespace

TEST_CASE("value: keys, values and list items know their line and column", "[value]") {
  const Value value = parse_json("\xEF\xBB\xBF{\n  \"a\": 1,\n  \"\xC3\xA9\": [true,\n\"x\"]}", "a.json");
  const Value::Object& members = value.object();
  REQUIRE(value.place.text() == "a.json:1:1");
  REQUIRE(members[0].place.text() == "a.json:2:3");
  REQUIRE(members[0].value.place.text() == "a.json:2:8");
  REQUIRE(members[1].key == "\xC3\xA9");
  REQUIRE(members[1].value.place.text() == "a.json:3:8");  // columns count characters, not bytes
  REQUIRE(members[1].value.list()[0].place.text() == "a.json:3:9");
  REQUIRE(members[1].value.list()[1].place.text() == "a.json:4:1");
}

TEST_CASE("value: numbers come back bit for bit", "[value]") {
  for (const double number : {0.1, 1.0 / 3, -0.0, 1.0, 5e-324, 1.7976931348623157e308, 123456789.125, 5e-5}) {
    const Value back = parse_json(to_json(number), "a.json");
    REQUIRE(back.kind() == Value::Kind::kNumber);
    REQUIRE(std::signbit(back.number()) == std::signbit(number));
    REQUIRE(back.number() == number);
  }
  for (const std::int64_t number : {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
    REQUIRE(parse_json(to_json(number), "a.json").integer() == number);
  REQUIRE(to_json(5e-5) == "5e-05");
  REQUIRE(to_json(1.0) == "1.0");
}

TEST_CASE("value: an integer past 64 bits becomes the nearest double", "[value]") {
  const Value value = parse_json("1000000000000000019884624838656", "a.json");
  REQUIRE(value.kind() == Value::Kind::kNumber);
  REQUIRE(value.number() == 1e30);
}

TEST_CASE("value: not a number and infinity are written as texts that number() reads", "[value]") {
  REQUIRE(to_json(std::nan("")) == "\"nan\"");
  REQUIRE(std::isnan(parse_json("\"nan\"", "a.json").number()));
  REQUIRE(parse_json(to_json(-std::numeric_limits<double>::infinity()), "a").number() ==
          -std::numeric_limits<double>::infinity());
}

TEST_CASE("value: texts survive writing and reading", "[value]") {
  const std::string text = std::string("a\"\\\n\r\t\x01\x1f\0 \xF0\x9F\x98\x80", 14) + "/";
  REQUIRE(parse_json(to_json(text), "a.json").text() == text);
  REQUIRE(parse_json(R"("\ud83d\ude00\u0041\/")", "a.json").text() ==
          "\xF0\x9F\x98\x80"
          "A/");
}

TEST_CASE("value: pretty printing keeps the order of keys and reads back equal", "[value]") {
  const std::string pretty = "{\n  \"b\": [\n    1,\n    2.5\n  ],\n  \"a\": {},\n  \"c\": null\n}";
  const Value value = parse_json(R"({"b":[1,2.5],"a":{},"c":null})", "a.json");
  REQUIRE(to_json(value, 2) == pretty);
  REQUIRE(to_json(value) == R"({"b": [1, 2.5], "a": {}, "c": null})");
  REQUIRE(parse_json(pretty, "b.json") == value);
}

TEST_CASE("value: comments and trailing commas are read only when relaxed", "[value]") {
  const std::string text = "{ // one\n \"a\": [1, 2,], /* two\n */ \"b\": 2, }";
  REQUIRE(to_json(parse_json(text, "a.json", true)) == R"({"a": [1, 2], "b": 2})");
  REQUIRE(parse_json(text, "a.json", true).find("b")->place.text() == "a.json:3:10");
  REQUIRE(fault(text) == "[json] a.json:1:3: a key in quotes is missing");
  REQUIRE(fault("[1,]") == "[json] a.json:1:4: a comma before ']' is not JSON");
  REQUIRE(fault("[,]", true) == "[json] a.json:1:2: is not a value (true, false, null, a number, or a text in quotes)");
  REQUIRE(fault("1 /* x", true) == "[json] a.json:1:3: this comment does not end");
}

TEST_CASE("value: broken JSON is refused at its place", "[value]") {
  REQUIRE(fault("{\"a\": 1,\n \"a\": 2}") == "[json] a.json:2:2: the key a is written twice");
  REQUIRE(fault("") == "[json] a.json:1:1: a value is missing");
  REQUIRE(fault("{\"a\" 1}") == "[json] a.json:1:6: expected ':' after the key a");
  REQUIRE(fault("[1 2]") == "[json] a.json:1:4: expected ',' or ']'");
  REQUIRE(fault("[1,") == "[json] a.json:1:4: a value is missing");
  REQUIRE(fault("[1") == "[json] a.json:1:3: ends before its ']'");
  REQUIRE(fault("1 2") == "[json] a.json:1:3: nothing may follow the value");
  REQUIRE(fault("\"abc") == "[json] a.json:1:1: this text has no closing quote");
  REQUIRE(fault("\"a\tb\"") == "[json] a.json:1:3: a control character in a text must be written \\u00XX");
  REQUIRE(fault("\"\\x\"") == "[json] a.json:1:3: no such escape in a text");
  REQUIRE(fault("\"\\u12\"") == "[json] a.json:1:4: \\u needs four hexadecimal digits");
  REQUIRE(fault("\"\\ud800\"") == "[json] a.json:1:2: half a surrogate pair is not a character");
  REQUIRE(fault("[\"a\xFF\"]") == "[json] a.json:1:4: is not UTF-8");
  REQUIRE(fault("tru") == "[json] a.json:1:1: is not a value (true, false, null, a number, or a text in quotes)");
  REQUIRE(fault("01") == "[json] a.json:1:1: a number does not start with 0");
  REQUIRE(fault("1.") == "[json] a.json:1:1: a digit is missing after the point");
  REQUIRE(fault("1e+") == "[json] a.json:1:1: a digit is missing in the exponent");
  REQUIRE(fault("-") == "[json] a.json:1:1: is not a value (true, false, null, a number, or a text in quotes)");
  REQUIRE(fault("1e400") == "[json] a.json:1:1: is too large or too small for a 64-bit number");
}

TEST_CASE("value: reads what Boost.JSON reads, refuses what it refuses, and writes what it reads back", "[value]") {
  std::mt19937 random(7);
  int read = 0, refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = random_document(random, 4);
    CAPTURE(text);
    boost::json::error_code error;
    const boost::json::value theirs = boost::json::parse(text, error);
    const std::string ours = fault(text);
    if (error) {
      REQUIRE(ours.starts_with("[json] a.json:1:"));
      ++refused;
      continue;
    }
    REQUIRE(boost::json::parse(to_json(parse_json(text, "a.json"))) == theirs);
    ++read;
  }
  REQUIRE(read > 5'000);
  REQUIRE(refused > 2'000);
}

TEST_CASE("value: 64 levels are read and 65 are refused", "[value]") {
  REQUIRE_NOTHROW(parse_json(std::string(64, '[') + std::string(64, ']'), "a.json"));
  REQUIRE(fault(std::string(65, '[')) == "[json] a.json:1:65: nested deeper than 64 levels");
  REQUIRE(fault(std::string(1'000'000, '[')) == "[json] a.json:1:65: nested deeper than 64 levels");
}

TEST_CASE("value: every proper prefix of a document is refused", "[value]") {
  const std::string text = R"({"a": [1.5e3, true, null, "x\u00e9"], "b": {"c": -2}})";
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    REQUIRE(fault(text.substr(0, length)) != "(nothing was thrown)");
  }
}

TEST_CASE("value: a getter of another kind says place, rule and value", "[value]") {
  const Value value = parse_json("{\"a\": 12,\n\"list\": [1]}", "a.json");
  REQUIRE(message_of([&] { value.at("a").text(); }) == "[json] a.json:1:7: must be a string, got 12");
  REQUIRE(message_of([&] { value.at("list").integer(); }) == "[json] a.json:2:9: must be an integer, got an array");
  REQUIRE(message_of([&] { value.at("lst"); }) == "[json] a.json:1:1: has no key lst, did you mean list?");
  REQUIRE(message_of([] { Value(1.5).integer(); }) == "[json] must be an integer, got 1.5");
}

TEST_CASE("value: set replaces in place or appends, erase keeps the order", "[value]") {
  Value value;
  value.set("a", 1);
  value.set("b", 2);
  value.set("c", 3);
  value.set("a", "x");
  REQUIRE(value.erase("b"));
  REQUIRE_FALSE(value.erase("b"));
  REQUIRE(to_json(value) == R"({"a": "x", "c": 3})");
  REQUIRE(Value(1) == Value(1.0));
  REQUIRE_FALSE(Value(1) == Value(true));
}

TEST_CASE("value: a large object on one line reads in linear time", "[value]") {
  std::string text = "{";
  for (int i = 0; i < 100'000; ++i) text += "\"key" + std::to_string(i) + "\":" + std::to_string(i) + ",";
  text.back() = '}';
  REQUIRE(parse_json(text, "a.json").object().size() == 100'000);
}

TEST_CASE("value: a file that is not there is an error", "[value]") {
  REQUIRE_THROWS(read_json("/nonexistent/x.json"));
  const auto path = std::filesystem::temp_directory_path() / "graft_value_test.json";
  std::ofstream(path) << "[1, x]";
  REQUIRE(message_of([&] { read_json(path); }).starts_with("[json] " + path.string() + ":1:5: is not a value"));
  std::filesystem::remove(path);
}

TEST_CASE("nearest: one slip is found, a stranger is not", "[value]") {
  const std::vector<std::string> names = {"max_length", "vocabulary", "use", "f1"};
  REQUIRE(nearest("max_lenght", names) == "max_length");
  REQUIRE(nearest("Max_Length", names) == "max_length");
  REQUIRE(nearest("us", names) == "use");
  REQUIRE(nearest("vocab", names).empty());
  REQUIRE(nearest("weights", names).empty());
  REQUIRE(nearest("x", {}).empty());
}
