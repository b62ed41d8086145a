// Which columns a config means.
#include "catch.hpp"
#include "config_case.hpp"
#include "core/pipeline/columns.hpp"

using namespace graft;
using namespace graft::core;

namespace {

const Schema kSchema = {{"zip", FieldKind::kNumber, {}, {}},     {"pixel_1", FieldKind::kNumber, {}, {}},
                        {"pixel_0", FieldKind::kNumber, {}, {}}, {"review", FieldKind::kText, {}, {}},
                        {"stars", FieldKind::kNumber, {}, {}},   {"label", FieldKind::kClass, {}, {"a", "b"}}};

std::vector<std::string> expanded(const std::string& wanted) {
  return expand_columns(parse_json(wanted, "c.json"), kSchema, {"stars"}, "acme/step");
}

}  // namespace

TEST_CASE("columns: names keep the list's order, globs and kinds the file's, each column once", "[pipeline][columns]") {
  CHECK(expanded(R"("review")") == std::vector<std::string>{"review"});
  CHECK(expanded(R"(["stars", "zip", "stars"])") == std::vector<std::string>{"stars", "zip"});
  CHECK(expanded(R"("pixel_*")") == std::vector<std::string>{"pixel_1", "pixel_0"});
}

TEST_CASE("columns: a kind leaves targets and splits out, and ! takes a column out again", "[pipeline][columns]") {
  CHECK(expanded(R"("@number")") == std::vector<std::string>{"zip", "pixel_1", "pixel_0"});
  CHECK(expanded(R"(["@number", "!zip"])") == std::vector<std::string>{"pixel_1", "pixel_0"});
}

TEST_CASE("columns: what matches nothing is refused with the nearest column and its place", "[pipeline][columns]") {
  CHECK(message_of([] { expanded(R"("reviw")"); }) ==
        "c.json:1:1: [acme/step] there is no column reviw, did you mean review? (columns: zip, pixel_1, pixel_0, review, stars, "
        "label)");
}

TEST_CASE("columns: only parameters of format column are replaced", "[pipeline][columns]") {
  const Value declared = parse_json(R"({"properties": {"columns": {"format": "columns"}, "name": {"type": "string"}}})", "s");
  const Value given = with_columns(parse_json(R"({"columns": "pixel_*", "name": "pixel_*"})", "c"), declared, kSchema, {},
                                   "acme/step", sample_catalog());
  CHECK(to_json(given) == R"({"columns": ["pixel_1", "pixel_0"], "name": "pixel_*"})");
  CHECK(named_columns(given, declared, sample_catalog()) == std::vector<std::string>{"pixel_1", "pixel_0"});
}

TEST_CASE("columns: those of a component inside a component are replaced and named, too", "[pipeline][columns]") {
  const MemoryCatalog catalog(R"([{"kind": "model", "name": "acme/inner", "params": {"properties": {
      "input": {"format": "columns"}}}}])");
  const Value declared =
      parse_json(R"({"properties": {"other": {"format": "column"}, "trunk": {"format": "component:model"}}})", "s");
  const auto given = [&](const std::string& input) {
    return with_columns(parse_json(R"({"other": "review", "trunk": {"use": "acme/inner", "input": ")" + input + "\"}}", "c.json"),
                        declared, kSchema, {"stars", "zip"}, "acme/outer", catalog);
  };
  CHECK(to_json(given("@number").at("trunk").at("input")) == R"(["pixel_1", "pixel_0"])");
  CHECK(named_columns(given("pixel_1"), declared, catalog) == std::vector<std::string>{"review", "pixel_1"});
  CHECK(message_of([&] { given("pixel_2"); }).find("[acme/inner] there is no column pixel_2, did you mean pixel_") !=
        std::string::npos);
}
