#include "core/config/explain.hpp"

#include <algorithm>

#include "catch.hpp"
#include "config_case.hpp"
#include "core/config/core_schema.hpp"
#include "core/config/json_schema.hpp"

using namespace graft;
using namespace graft::core;

TEST_CASE("explain: every value says where it comes from and what it means", "[config]") {
  const Folder folder;
  folder.write("full.json", kFullConfig);
  const Value root = resolve_config(folder / "full.json", {"run.seed=3"}, sample_catalog()).root;
  const auto all = explanations(root, sample_catalog());
  const auto line = [&](const std::string& key) {
    for (const Explanation& each : all)
      if (each.key == key) return each.value + " | " + each.origin.substr(each.origin.rfind('/') + 1) + " | " + each.meaning;
    return std::string("absent");
  };
  REQUIRE(line("run.seed") == "3 | --set | seed of the order of rows, initial weights, dropout and augmentation");
  REQUIRE(line("optimizer.learning_rate") == "5e-05 | full.json:23:50 | step size at the schedule's peak");
  REQUIRE(line("model.use") == "\"graft/bert\" | full.json:17:20 | BERT");
  REQUIRE(line("pipeline.tokens.max_length") == "128 | full.json:15:100 | most tokens");
  REQUIRE(line("heads.sentiment.metrics.f1.average") == "\"macro\" | full.json:20:73 | over classes");
  REQUIRE(line("phases.all.epochs") == "2 | default | its length; the last phase may leave it out and takes the rest");
  REQUIRE(line("data.movies.source.types.text") == "\"text\" | full.json:7:127 | by column");
  for (const Explanation& each : all) {
    CAPTURE(each.key);
    REQUIRE(!each.origin.empty());
    REQUIRE(!each.meaning.empty());
  }
  REQUIRE(explain(root, sample_catalog()).find("\nrun.seed = 3  ") != std::string::npos);
}

TEST_CASE("core schema: every key has a meaning and a sound default", "[config]") {
  for (const char* word : {"optimizer", "schedule", "average"})
    for (const Value& component : core_components(word))
      for (const Problem& fault : check_schema(component.at("params"), component.at("name").text())) FAIL(fault.message());
  std::string missing;
  const auto visit = [&](const auto& self, const Value& schema, const std::string& name) -> void {
    if (!name.empty() && !schema.find("description")) missing += name + " ";
    if (const Value* properties = schema.find("properties"))
      for (const Value::Member& member : properties->object()) self(self, member.value, name + "." + member.key);
    if (const Value* additional = schema.find("additionalProperties"); additional && additional->is_object())
      self(self, *additional, name + ".<name>");
  };
  visit(visit, core_schema(), "");
  REQUIRE(missing == "");
}

TEST_CASE("schema: no list of types or choices says a thing twice", "[config]") {
  const auto visit = [](const auto& self, const Value& value) -> void {
    for (const char* key : {"type", "enum"})
      if (const Value* list = value.find(key); list && list->is_list())
        for (const Value& item : list->list()) REQUIRE(std::count(list->list().begin(), list->list().end(), item) == 1);
    if (value.is_object())
      for (const Value::Member& member : value.object()) self(self, member.value);
    if (value.is_list())
      for (const Value& item : value.list()) self(self, item);
  };
  visit(visit, json_schema(sample_catalog()));
}

TEST_CASE("schema: editors learn sections, components and their parameters", "[config]") {
  const Value schema = json_schema(sample_catalog());
  REQUIRE(schema.at("$schema") == Value("https://json-schema.org/draft/2020-12/schema"));
  const Value& properties = schema.at("properties");
  REQUIRE(properties.at("run").at("properties").at("epochs").at("minimum") == Value(1));
  REQUIRE(to_json(properties.at("run").at("properties").at("batch_size").at("anyOf")) ==
          R"([{"enum": ["all", null]}, {"type": ["integer"], "minimum": 1}])");
  const Value& bert = schema.at("$defs").at("model:graft.bert");
  REQUIRE(bert.at("description") == Value("BERT"));
  REQUIRE(to_json(bert.at("properties").at("input")) == R"({"description": "tokens", "type": ["string", "null"]})");
  REQUIRE(properties.at("adapters").at("properties").find("lora"));
  REQUIRE(
      to_json(properties.at("model").at("allOf").list()[1]) ==
      R"({"if": {"properties": {"use": {"enum": ["bert", "graft/bert"]}}, "required": ["use"]}, "then": {"$ref": "#/$defs/model:graft.bert"}})");
}
