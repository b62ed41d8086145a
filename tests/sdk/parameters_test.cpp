#include "graft/parameters.hpp"

#include "catch.hpp"

using namespace graft;

namespace {

const char* kSchema = R"({"type": "object", "additionalProperties": false, "required": ["column"], "properties": {
  "column": {"type": "string", "format": "column", "description": "text column"},
  "min_df": {"type": "integer", "minimum": 1, "default": 2, "description": "rows"},
  "share": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1, "default": 0.5, "description": "share"},
  "norm": {"enum": ["l1", "l2"], "type": "string", "default": "l2", "description": "norm"},
  "size": {"type": ["integer", "string"], "enum": ["all"], "minimum": 1, "default": 32, "description": "rows"},
  "limit": {"type": ["integer", "null"], "default": 5, "description": "limit"},
  "names": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2, "default": ["a"], "description": "names"},
  "types": {"type": "object", "additionalProperties": {"enum": ["text", "number"]}, "default": {}, "description": "by column"},
  "inputs": {"format": "columns", "default": "text", "description": "columns"},
  "table": {"type": "object", "properties": {"width": {"type": "integer", "default": 1, "description": "width"}}, "default": {}, "description": "table"}
}})";

struct Result {
  Value value;
  std::vector<std::string> messages;
};

Result check(const std::string& text) {
  Result result{parse_json(text, "c.json"), {}};
  for (const Problem& problem : check_parameters(result.value, parse_json(kSchema, "schema"), "graft/tfidf"))
    result.messages.push_back(problem.message());
  return result;
}

std::string only(const std::string& text) {
  const Result result = check(text);
  REQUIRE(result.messages.size() == 1);
  return result.messages[0];
}

std::vector<std::string> faults(const std::string& schema) {
  std::vector<std::string> messages;
  for (const Problem& problem : check_schema(parse_json(schema, "plugin.json"), "graft/x")) messages.push_back(problem.message());
  return messages;
}

}  // namespace

TEST_CASE("parameters: what is not written gets its default, and says so", "[parameters]") {
  const Result result = check(R"({"column": "text", "min_df": 3})");
  REQUIRE(result.messages.empty());
  REQUIRE(result.value.at("min_df").place.text() == "c.json:1:30");
  REQUIRE(result.value.at("share") == Value(0.5));
  REQUIRE(result.value.at("share").place.text() == "default");
  REQUIRE(result.value.object().size() == 10);
}

TEST_CASE("parameters: each broken rule names the place, the rule and the value", "[parameters]") {
  REQUIRE(only(R"({})") == "c.json:1:1: [graft/tfidf] column is required");
  REQUIRE(only(R"({"column": ""})") == "c.json:1:12: [graft/tfidf] column must not be empty");
  REQUIRE(only(R"({"column": 5})") == "c.json:1:12: [graft/tfidf] column must be a string, got 5");
  REQUIRE(only(R"({"column": "t", "min_fd": 1})") ==
          "c.json:1:17: [graft/tfidf] min_fd is not a parameter, did you mean min_df?");
  REQUIRE(only(R"({"column": "t", "min_df": 0})") == "c.json:1:27: [graft/tfidf] min_df must be >= 1, got 0");
  REQUIRE(only(R"({"column": "t", "min_df": 2.0})") == "c.json:1:27: [graft/tfidf] min_df must be an integer, got 2.0");
  REQUIRE(only(R"({"column": "t", "min_df": true})") == "c.json:1:27: [graft/tfidf] min_df must be an integer, got true");
  REQUIRE(only(R"({"column": "t", "share": 0})") == "c.json:1:26: [graft/tfidf] share must be > 0, got 0");
  REQUIRE(only(R"({"column": "t", "share": 1})") == "c.json:1:26: [graft/tfidf] share must be < 1, got 1");
  REQUIRE(only(R"({"column": "t", "norm": "L2_"})") ==
          "c.json:1:25: [graft/tfidf] norm must be \"l1\" or \"l2\", got \"L2_\", did you mean \"l2\"?");
  REQUIRE(only(R"({"column": "t", "names": []})") == "c.json:1:26: [graft/tfidf] names must have at least 1 entry, got 0");
  REQUIRE(only(R"({"column": "t", "names": ["a", "b", "c"]})") ==
          "c.json:1:26: [graft/tfidf] names must have at most 2 entries, got 3");
  REQUIRE(only(R"({"column": "t", "names": ["a", 1]})") == "c.json:1:32: [graft/tfidf] names[1] must be a string, got 1");
  REQUIRE(only(R"({"column": "t", "types": {"a": "texd"}})") ==
          "c.json:1:32: [graft/tfidf] types.a must be \"text\" or \"number\", got \"texd\", did you mean \"text\"?");
  REQUIRE(only(R"({"column": "t", "table": {"widht": 1}})") ==
          "c.json:1:27: [graft/tfidf] table.widht is not a parameter, did you mean width?");
  REQUIRE(only(R"({"column": "t", "inputs": ["a", ""]})") == "c.json:1:33: [graft/tfidf] inputs[1] must not be empty");
}

TEST_CASE("parameters: a union takes each of its types, and its enum speaks of texts alone", "[parameters]") {
  REQUIRE(check(R"({"column": "t", "size": "all"})").messages.empty());
  REQUIRE(check(R"({"column": "t", "size": 7})").messages.empty());
  REQUIRE(only(R"({"column": "t", "size": 0})") == "c.json:1:25: [graft/tfidf] size must be >= 1, got 0");
  REQUIRE(only(R"({"column": "t", "size": "al"})") ==
          "c.json:1:25: [graft/tfidf] size must be an integer or \"all\", got \"al\", did you mean \"all\"?");
  REQUIRE(only(R"({"column": "t", "size": []})") ==
          "c.json:1:25: [graft/tfidf] size must be an integer or \"all\", got an array");
}

TEST_CASE("parameters: null is a value where the type has it, else as if not written", "[parameters]") {
  const Result result = check(R"({"column": "t", "limit": null, "min_df": null})");
  REQUIRE(result.messages.empty());
  REQUIRE(result.value.at("limit").is_null());
  REQUIRE(result.value.at("limit").place.text() == "c.json:1:26");
  REQUIRE(result.value.at("min_df") == Value(2));
  REQUIRE(only(R"({"column": null})") == "c.json:1:1: [graft/tfidf] column is required");
}

TEST_CASE("parameters: defaults are filled inside nested objects", "[parameters]") {
  REQUIRE(check(R"({"column": "t", "table": {}})").value.at("table").at("width") == Value(1));
  REQUIRE(check(R"({"column": "t"})").value.at("table").at("width") == Value(1));
}

TEST_CASE("parameters: all problems come at once, in the order of the file", "[parameters]") {
  const Result result = check("{\"min_df\": 0,\n\"share\": 2,\n\"nosuchthing\": 1}");
  REQUIRE(result.messages ==
          std::vector<std::string>{
              "c.json:1:1: [graft/tfidf] column is required", "c.json:1:12: [graft/tfidf] min_df must be >= 1, got 0",
              "c.json:2:10: [graft/tfidf] share must be < 1, got 2",
              "c.json:3:1: [graft/tfidf] nosuchthing is not a parameter; there are column, min_df, share, norm, "
              "size, limit, names, types, inputs and table"});
}

TEST_CASE("parameters: a sound schema has no faults", "[parameters]") { REQUIRE(faults(kSchema).empty()); }

TEST_CASE("parameters: faults of a schema are found before anybody uses it", "[parameters]") {
  using Texts = std::vector<std::string>;
  REQUIRE(faults(R"({"properies": {}})") ==
          Texts{"plugin.json:1:2: [graft/x] params: properies is not a keyword, did you mean properties?"});
  REQUIRE(faults(R"({"type": "strin"})") ==
          Texts{"plugin.json:1:10: [graft/x] params: type must be null, boolean, integer, number, string, array or object, "
                "got strin, did you mean string?"});
  REQUIRE(faults(R"({"properties": {"a": {"type": "integer", "minimum": 1, "default": 0, "description": "a"}}})") ==
          Texts{"plugin.json:1:67: [graft/x] params a: default must be >= 1, got 0"});
  REQUIRE(faults(R"({"properties": {"a": {"type": "integer", "default": null, "description": "a"}}})") ==
          Texts{"plugin.json:1:53: [graft/x] params a: default must be an integer, got null"});
  REQUIRE(faults(R"({"properties": {"a": {"type": "integer"}}})") ==
          Texts{"plugin.json:1:17: [graft/x] params a: a description is missing",
                "plugin.json:1:17: [graft/x] params a: a default is missing, and it is not required"});
  REQUIRE(faults(R"({"required": ["a"], "properties": {}})") ==
          Texts{"plugin.json:1:14: [graft/x] params: required names a, which is not a property"});
  REQUIRE(faults(R"({"minimum": "1"})") == Texts{"plugin.json:1:13: [graft/x] params: minimum must be a number, got \"1\""});
  REQUIRE(
      faults(R"({"format": "component:modle"})") ==
      Texts{"plugin.json:1:12: [graft/x] params: format must be column, columns, new_column, path or component:<kind>, got "
            "component:modle"});
}
