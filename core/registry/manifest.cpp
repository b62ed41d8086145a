#include "core/registry/manifest.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace graft::core {
namespace {

constexpr std::array<std::string_view, 7> kReserved = {"use", "before", "streams", "output", "fit_on", "pipeline", "$schema"};
constexpr std::array<std::string_view, 4> kReservedOfAugmenters = {"p", "by", "until_epoch", "one_of"};

bool is_reserved(const std::string& parameter, const std::string& kind) {
  const auto among = [&](const auto& words) { return std::find(words.begin(), words.end(), parameter) != words.end(); };
  return among(kReserved) || (kind == "augmenter" && among(kReservedOfAugmenters));
}

// The rules that it cannot say are in ManifestCheck; "pattern" is for editors, which know no other way to say those.
constexpr const char* kSchema = R"({
  "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "graft plugin manifest", "type": "object",
  "required": ["manifest", "id", "version", "provides"], "additionalProperties": false,
  "properties": {
    "manifest": {"type": "integer", "enum": [1], "description": "version of this format"},
    "id": {"type": "string", "pattern": "^[a-z0-9._-]+$", "description": "name of the plugin, as acme-scale"},
    "version": {"type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9.]+([-+].*)?$",
                "description": "<major>.<minor>.<patch> of its parameters and state"},
    "name": {"type": "string", "description": "for people"},
    "license": {"type": "string", "description": "SPDX expression"},
    "authors": {"type": "array", "items": {"type": "string"}}, "homepage": {"type": "string"},
    "abi_type": {"type": "string", "enum": ["cxx-torch"]},
    "torch_namespaces": {"type": "array", "items": {"type": "string"}, "default": [],
                         "description": "every namespace that it opens with TORCH_LIBRARY"},
    "provides": {"type": "array", "minItems": 1, "description": "its components", "items": {
      "type": "object", "required": ["kind", "name", "interface", "summary", "params"], "additionalProperties": false,
      "properties": {
        "kind": {"type": "string",
                 "enum": ["source", "extractor", "augmenter", "model", "adapter", "head", "metric", "balancer", "task",
                          "searcher"]},
        "name": {"type": "string", "pattern": "^[a-z0-9_-]+/[a-z0-9_-]+$", "description": "<vendor>/<name>"},
        "interface": {"type": "string", "pattern": "^graft\\.[a-z]+/1$", "description": "graft.<kind>/1"},
        "summary": {"type": "string", "description": "one line for graft list"},
        "status": {"type": "string", "enum": ["stable", "experimental", "deprecated"], "default": "stable"},
        "since": {"type": "string", "description": "the version that first had it"},
        "params": {"type": "object", "description": "JSON Schema of its parameters, of the keywords that graft knows"},
        "changes": {"type": "array", "items": {"type": "string"}, "default": [],
                    "description": "parameters that name columns changed in place"},
        "presets": {"type": "object", "additionalProperties": {"type": "object"},
                    "description": "parameters by name, for the tests of plugin check"},
        "check": {"type": "object", "additionalProperties": false, "description": "what plugin check tries it with",
                  "properties": {
                    "params": {"type": "object", "description": "parameters in place of the defaults"},
                    "files": {"type": "object", "additionalProperties": {"type": "string"},
                              "description": "small files by name, for parameters that are paths"},
                    "rows": {"type": "object", "description": "columns by name, beside those that it makes"},
                    "claims": {"type": "array", "items": {"type": "string"}, "description": "properties to hold it to"},
                    "except": {"type": "object", "additionalProperties": {"type": "string"},
                               "description": "tests that do not apply, each with the reason"}}}}}}}
})";

bool has_only(std::string_view text, std::string_view signs) {
  return !text.empty() && text.find_first_not_of(signs) == std::string_view::npos;
}

constexpr std::string_view kWord = "abcdefghijklmnopqrstuvwxyz0123456789_-";

bool is_component_name(std::string_view name) {
  const std::size_t slash = name.find('/');
  return slash != std::string_view::npos && has_only(name.substr(0, slash), kWord) && has_only(name.substr(slash + 1), kWord);
}

bool is_version(std::string_view version) {
  return has_only(version.substr(0, version.find_first_of("-+")), "0123456789.") &&
         std::count(version.begin(), version.end(), '.') >= 2;
}

class ManifestCheck {
 public:
  std::vector<Problem> problems;

  void root(const Value& manifest) {
    if (!has_only(manifest.at("id").text(), std::string(kWord) + "."))
      report(manifest.at("id"), "id must be lower-case letters, digits, '.', '-', '_', got " + manifest.at("id").text());
    if (!is_version(manifest.at("version").text()))
      report(manifest.at("version"), "version must be <major>.<minor>.<patch>, got " + manifest.at("version").text());
    for (const Value& entry : manifest.at("provides").list()) component(entry);
  }

 private:
  void report(const Value& value, std::string text, std::string where = "") {
    problems.push_back({value.place, std::move(where), std::move(text)});
  }

  void component(const Value& entry) {
    const std::string &kind = entry.at("kind").text(), &name = entry.at("name").text(), &interface = entry.at("interface").text();
    if (!is_component_name(name)) report(entry.at("name"), "name must be <vendor>/<name>, got " + name);
    if (interface != "graft." + kind + "/1")
      report(entry.at("interface"), "interface must be graft." + kind + "/1, got " + interface);
    if (!seen_.emplace(kind, name).second) report(entry.at("name"), kind + " " + name + " is provided twice");
    parameters(entry, name);
  }

  void parameters(const Value& entry, const std::string& name) {
    const Value& schema = entry.at("params");
    const std::vector<Problem> faults = check_schema(schema, name);
    problems.insert(problems.end(), faults.begin(), faults.end());
    if (!faults.empty()) return;
    const Value* properties = schema.find("properties");
    if (properties)
      for (const Value::Member& member : properties->object())
        if (is_reserved(member.key, entry.at("kind").text()))
          problems.push_back({member.place, name, member.key + " is reserved for the host, so it cannot be a parameter"});
    for (const Value& changed : entry.at("changes").list())
      if (!properties || !properties->find(changed.text()))
        report(changed, "changes names " + changed.text() + ", which is not a parameter", name);
    presets(entry, schema, name);
  }

  // A preset may leave out what only the user can know, so nothing is required of it.
  void presets(const Value& entry, Value schema, const std::string& name) {
    const Value* presets = entry.find("presets");
    schema.erase("required");
    for (const Value::Member& preset : presets ? presets->object() : Value::Object{}) {
      Value copy = preset.value;
      for (Problem& fault : check_parameters(copy, schema, name)) {
        fault.text = "preset " + preset.key + ": " + fault.text;
        problems.push_back(std::move(fault));
      }
    }
  }

  std::set<std::pair<std::string, std::string>> seen_;
};

}  // namespace

const Value& manifest_schema() {
  static const Value schema = parse_json(kSchema, "manifest schema");
  return schema;
}

std::vector<Problem> check_manifest(Value& manifest) {
  std::vector<Problem> problems = check_parameters(manifest, manifest_schema(), "");
  if (!problems.empty()) return problems;
  ManifestCheck check;
  check.root(manifest);
  return std::move(check.problems);
}

std::vector<Component> components_of(const Value& manifest, const std::string& path) {
  std::vector<Component> components;
  for (const Value& entry : manifest.at("provides").list())
    components.push_back({*kind_from(entry.at("kind").text()), entry.at("name").text(), entry, manifest.at("id").text(), path});
  return components;
}

}  // namespace graft::core
