// list and show: what can be used, told from manifests alone; no plugin's code runs.
#include <algorithm>
#include <cstdio>

#include "catalog.hpp"
#include "graft/error.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

std::string short_name(const std::string& name) { return name.starts_with("graft/") ? name.substr(6) : name; }

std::string status_of(const core::Component& component) {
  const Value* status = component.entry.find("status");
  return status && status->text() != "stable" ? " (" + status->text() + ")" : "";
}

std::string type_text(const Value& parameter) {
  std::string text;
  if (const Value* format = parameter.find("format")) return format->text();
  const Value* type = parameter.find("type");
  if (type && type->is_text()) text = type->text();
  if (type && type->is_list())
    for (const Value& one : type->list()) text += (text.empty() ? "" : " | ") + one.text();
  if (const Value* choices = parameter.find("enum")) {
    std::string all;
    for (const Value& one : choices->list()) all += (all.empty() ? "" : " | ") + to_json(one);
    text = text == "string" || text.empty() ? all : text + ": " + all;
  }
  return text;
}

std::string bounds_text(const Value& parameter) {
  std::string text;
  const std::pair<const char*, const char*> bounds[] = {
      {"minimum", ">= "}, {"exclusiveMinimum", "> "}, {"maximum", "<= "}, {"exclusiveMaximum", "< "}};
  for (const auto& [key, sign] : bounds)
    if (const Value* bound = parameter.find(key)) text += (text.empty() ? "" : ", ") + std::string(sign) + to_json(*bound);
  return text.empty() ? "" : " (" + text + ")";
}

bool is_required(const Value& params, const std::string& key) {
  const Value* required = params.find("required");
  return required &&
         std::any_of(required->list().begin(), required->list().end(), [&](const Value& name) { return name.text() == key; });
}

void print_parameters(const Value& params) {
  const Value* properties = params.find("properties");
  if (!properties || properties->object().empty()) return void(std::puts("  no parameters"));
  for (const auto& [key, parameter, place] : properties->object()) {
    const Value* preset = parameter.find("default");
    const std::string origin = is_required(params, key) ? "required" : preset ? "default " + to_json(*preset) : "optional";
    std::printf("  %-22s %s%s, %s\n", key.c_str(), type_text(parameter).c_str(), bounds_text(parameter).c_str(), origin.c_str());
    if (const Value* description = parameter.find("description")) std::printf("  %-22s   %s\n", "", description->text().c_str());
  }
}

void print_example(const core::Component& component) {
  Value example = Value::Object{};
  example.set("use", short_name(component.name));
  const Value& params = component.entry.at("params");
  if (const Value* properties = params.find("properties"))
    for (const Value::Member& property : properties->object()) {
      if (!is_required(params, property.key)) continue;
      const Value* type = property.value.find("type");
      if (type && type->is_text() && (type->text() == "number" || type->text() == "integer"))
        example.set(property.key, 1);
      else if (type && type->is_text() && type->text() == "array")
        example.set(property.key, Value::List{"..."});
      else
        example.set(property.key, "...");
    }
  std::printf("  in a config: %s\n", to_json(example).c_str());
}

std::vector<const core::Component*> named(const core::Catalog& catalog, const std::string& name) {
  std::vector<const core::Component*> found;
  for (const core::Component* component : catalog.all()) {
    const std::string kind(kind_name(component->kind));
    for (const std::string& way : {component->name, short_name(component->name)})
      if (name == way || name == kind + "/" + way) found.push_back(component);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

}  // namespace

int list(const std::string& kind, bool all, bool json, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  if (!kind.empty() && !kind_from(kind)) {
    std::vector<std::string> kinds;
    for (int i = 0; i < kKinds; ++i) kinds.emplace_back(kind_name(static_cast<Kind>(i)));
    const std::string close = nearest(kind, kinds);
    throw Error("graft", kind + " is not a kind of component" + (close.empty() ? "" : ", did you mean " + close + "?"));
  }
  Value::List entries;
  for (int i = 0; i < kKinds; ++i) {
    const Kind each = static_cast<Kind>(i);
    if (!kind.empty() && kind_name(each) != kind) continue;
    bool first = true;
    for (const core::Component* component : catalog.all()) {
      if (component->kind != each) continue;
      if (json) {
        Value entry = component->entry;
        entry.set("plugin", component->plugin_id);
        entries.push_back(std::move(entry));
        continue;
      }
      if (first) std::printf("%s\n", std::string(kind_name(each)).c_str());
      first = false;
      std::printf("  %-18s %s%s\n", short_name(component->name).c_str(), component->entry.at("summary").text().c_str(),
                  status_of(*component).c_str());
    }
  }
  if (json) std::puts(to_json(Value(std::move(entries)), 2).c_str());
  if (all)
    for (const core::PluginFile* file : catalog.refused()) std::printf("\n%s\n", file->refused->what());
  return 0;
}

int show(const std::string& name, bool json, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  const auto found = named(catalog, name);
  if (found.empty()) {
    std::vector<std::string> names;
    for (const core::Component* component : catalog.all()) names.push_back(short_name(component->name));
    const std::string close = nearest(name, names);
    throw Error("graft", "there is no component " + name + (close.empty() ? "" : ", did you mean " + close + "?") +
                             " (graft list shows all)");
  }
  for (const core::Component* component : found) {
    if (json) {
      std::puts(to_json(component->entry, 2).c_str());
      continue;
    }
    std::printf("%s %s, of plugin %s\n", std::string(kind_name(component->kind)).c_str(), component->name.c_str(),
                component->plugin_id.c_str());
    std::printf("  %s%s\n\n", component->entry.at("summary").text().c_str(), status_of(*component).c_str());
    print_parameters(component->entry.at("params"));
    std::puts("");
    print_example(*component);
  }
  return 0;
}

}  // namespace graft::app
