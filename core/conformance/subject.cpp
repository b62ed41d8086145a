#include "core/conformance/subject.hpp"

#include <algorithm>
#include <filesystem>

#include "core/conformance/compare.hpp"
#include "core/config/components.hpp"
#include "graft/augmenter.hpp"
#include "graft/model.hpp"
#include "graft/adapter.hpp"
#include "graft/metric.hpp"
#include "graft/balancer.hpp"
#include "graft/extractor.hpp"
#include "graft/head.hpp"
#include "graft/source.hpp"
#include "graft/task.hpp"
#include "graft/files.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::size_t kMostTries = 2000;

bool is_required(const Value& schema, const std::string& key) {
  const Value* required = schema.find("required");
  return required &&
         std::any_of(required->list().begin(), required->list().end(), [&](const Value& name) { return name.text() == key; });
}

std::string format_of(const Value& property) {
  const Value* format = property.find("format");
  return format ? format->text() : "";
}

// The smallest value that a schema allows.
Value smallest(const Value& schema) {
  if (const Value* choices = schema.find("enum")) return choices->list().front();
  const Value* type = schema.find("type");
  const std::string name = !type ? "string" : type->is_list() ? type->list().front().text() : type->text();
  const Value *minimum = schema.find("minimum"), *above = schema.find("exclusiveMinimum");
  if (name == "integer") return minimum ? minimum->integer() : above ? above->integer() + 1 : 1;
  if (name == "number") return minimum ? minimum->number() : above ? above->number() + 0.5 : 1.0;
  if (name == "boolean") return false;
  if (name == "object") return Value(Value::Object{});
  if (name == "null") return {};
  if (name != "array") return "a";
  const Value* least = schema.find("minItems");
  const Value* items = schema.find("items");
  return Value::List(static_cast<std::size_t>(least ? least->integer() : 1), items ? smallest(*items) : Value("a"));
}

Value& at_path(Value& root, const std::vector<std::string>& path) {
  Value* at = &root;
  for (const std::string& key : path) at = at->find(key);
  return *at;
}

// The component that stands for a part of that kind where nobody says which.
const char* usual_part(std::string_view kind) {
  return kind == "model" ? "graft/mlp" : kind == "balancer" ? "graft/sum" : nullptr;
}

}  // namespace

Subject::Subject(const PluginCatalog& catalog, const Component& component, std::uint64_t seed, std::string folder,
                 const std::string& fitted)
    : component(component),
      settings(Settings::of(component.entry)),
      seed(seed),
      table(make_rows(kRows, seed, settings.rows)),
      features(make_features(kRows, seed)),
      loader(catalog),
      folder_(std::move(folder)) {
  const PluginFile& file = catalog.file_of(component);
  info_ = {component.kind, component.name, file.id, file.version, file.path};
  if (!fitted.empty()) parameters_ = parse_json(fitted, "fitted");
  std::filesystem::create_directories(folder_);
  for (const auto& [name, bytes] : settings.files) {
    std::filesystem::create_directories(std::filesystem::path(folder_ + "/" + name).parent_path());
    write_file(folder_ + "/" + name, bytes);
  }
}

Config Subject::config(const Value& parameters) const {
  return Config(component.name.substr(component.name.find('/') + 1), parameters);
}

std::shared_ptr<void> Subject::make(const Config& config) {
  doing("constructor");
  const std::string name = component.name + "@" + component.plugin_id;
  switch (component.kind) {
    case Kind::kSource: return loader.create<Source>(name, config);
    case Kind::kExtractor: return loader.create<Extractor>(name, config);
    case Kind::kAugmenter: return loader.create<Augmenter>(name, config);
    case Kind::kModel: return loader.create<Model>(name, config);
    case Kind::kAdapter: return loader.create<Adapter>(name, config);
    case Kind::kHead: return loader.create<Head>(name, config);
    case Kind::kMetric: return loader.create<Metric>(name, config);
    case Kind::kBalancer: return loader.create<Balancer>(name, config);
    case Kind::kTask: return loader.create<Task>(name, config);
    case Kind::kSearcher: skip("no host runs searchers yet");
  }
  return nullptr;
}

std::vector<Problem> Subject::problems(Value parameters) const { return check_parameters(parameters, schema(), name()); }

Value Subject::completed(Value parameters) const {
  const Value* properties = schema().find("properties");
  for (const Value::Member& property : properties ? properties->object() : Value::Object{}) {
    Value* given = parameters.find(property.key);
    if (given && given->is_text() && format_of(property.value) == "path")
      *given = (std::filesystem::path(folder_) / given->text()).lexically_normal().string();
  }
  std::vector<std::string> messages;
  for (const Problem& problem : check_parameters(parameters, schema(), name())) messages.push_back(problem.text);
  if (!messages.empty()) fail("parameters that the manifest's own schema accepts", text_of(messages, "; "));
  for (const Value::Member& property : properties ? properties->object() : Value::Object{}) {
    Value* given = parameters.find(property.key);
    const Value* inner = given ? params_of_part(property.value, *given, loader.catalog()) : nullptr;
    if (!inner) continue;
    const Value use = given->at("use");
    given->erase("use");
    check_parameters(*given, *inner, name());
    given->set("use", full_name(use.text()));
  }
  return parameters;
}

Value Subject::part(const std::string& format, Value given, std::vector<std::string> path) {
  const std::string kind = format.substr(format.find(':') + 1);
  if (!given.is_object()) given = Value(Value::Object{});
  if (!given.find("use")) {
    const char* usual = usual_part(kind);
    if (!usual) skip("the parameter " + path.back() + " is a " + kind + ": check.params of the manifest names none");
    given.set("use", usual);
  }
  const Component* inner = loader.catalog().find(*kind_from(kind), full_name(given.at("use").text()));
  if (!inner)
    skip("the parameter " + path.back() + " is the " + kind + " " + given.at("use").text() + ", which nobody here provides");
  return with_required(std::move(given), inner->entry.at("params"), std::move(path), true);
}

Value Subject::with_required(Value parameters, const Value& schema, std::vector<std::string> path, bool is_part) {
  const Value* properties = schema.find("properties");
  for (const Value::Member& property : properties ? properties->object() : Value::Object{}) {
    std::vector<std::string> here = path;
    here.push_back(property.key);
    const std::string format = format_of(property.value);
    Value* given = parameters.find(property.key);
    const bool is_component = format.starts_with("component:");
    if (is_component && (given || is_required(schema, property.key))) {
      parameters.set(property.key, part(format, given ? *given : Value(), here));
      continue;
    }
    if (given || !is_required(schema, property.key)) continue;
    if (format == "path")
      skip("the parameter " + property.key + " is a file: check.params and check.files of the manifest give none");
    if (format == "column" || format == "columns") slots_.push_back(here);
    parameters.set(property.key, smallest(property.value));
  }
  return parameters;
}

std::string Subject::refusal(const Value& parameters) {
  try {
    shown_columns(*this, make(config(completed(parameters))));
    return "";
  } catch (const PluginError& error) {
    if (error.cxx_type != "graft::Error") throw;
    return error.what();
  }
}

// Tries the kinds of column for each slot, the last one fastest. A slot of the component itself whose kind an earlier one has takes the
// second column of that kind; one of a part shares the first.
Value Subject::fitted() {
  slots_.clear();
  const Value base = with_required(settings.params, schema(), {}, false);
  if (slots_.empty()) return completed(base);
  const std::vector<FieldKind>& kinds = kinds_tried();
  std::vector<std::size_t> choice(slots_.size(), 0);
  std::vector<std::string> refusals;
  Value accepted;
  for (std::size_t tries = 0; tries < kMostTries; ++tries) {
    Value parameters = base;
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      const bool is_own = slots_[i].size() == 1;
      const bool is_second = is_own && std::find(seen.begin(), seen.end(), choice[i]) != seen.end();
      if (is_own) seen.push_back(choice[i]);
      at_path(parameters, slots_[i]) = Value(column_of(kinds[choice[i]], is_second));
    }
    const std::string refused = refusal(parameters);
    if (refused.empty()) {
      if (!is(Kind::kExtractor)) return completed(parameters);
      if (accepted.is_null()) accepted = parameters;
      try {
        used(*this, make(config(completed(parameters))), seed);
        return completed(parameters);
      } catch (const PluginError&) {  // outputs() looked at the name alone: another kind may suit better
      }
    } else if (refusals.size() < 3) {
      refusals.push_back(refused);
    } else {
      refusals.back() = refused;
    }
    std::size_t digit = choice.size();
    while (digit > 0 && ++choice[digit - 1] == kinds.size()) choice[--digit] = 0;
    if (digit == 0) break;
  }
  if (!accepted.is_null()) return completed(accepted);
  fail("a column of some kind that it accepts (or one in check.rows of the manifest)", text_of(refusals, "; "));
}

const Value& Subject::parameters() {
  if (parameters_.is_null()) parameters_ = fitted();
  return parameters_;
}

}  // namespace graft::core::conformance
