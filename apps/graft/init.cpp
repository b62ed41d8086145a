// init: a first config from what the columns of a file look like.
#include <cstdio>
#include <filesystem>
#include <set>

#include "catalog.hpp"
#include "core/data/source_parameters.hpp"
#include "core/registry/loader.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/source.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

struct Look {  // of one column
  const Field* field;
  std::int64_t distinct = 0, words = 0;
};

Value source_for(const std::string& path) {
  Value source = Value::Object{};
  const bool is_jsonl = path.ends_with(".jsonl") || path.ends_with(".jsonl.gz");
  source.set("use", is_jsonl ? "jsonl" : "csv");
  source.set("path", std::filesystem::absolute(path).lexically_normal().string());
  if (path.ends_with(".tsv") || path.ends_with(".tsv.gz")) source.set("delimiter", "\t");
  return source;
}

Look look_at(const Source& source, const Field& field) {
  Look look{&field};
  std::set<std::string> seen;
  for (Batches each(source); each.next();)
    for (std::int64_t i = 0; i < each.batch().size(); ++i) {
      if (field.kind != FieldKind::kText) {
        if (seen.size() < 100)
          seen.insert(std::to_string(each.batch().tensor(field.name).to(at::kDouble).const_data_ptr<double>()[i]));
        continue;
      }
      const std::string& text = each.batch().strings(field.name)[i];
      for (char c : text) look.words += c == ' ';
      if (seen.size() < 100) seen.insert(text);
    }
  look.distinct = static_cast<std::int64_t>(seen.size());
  return look;
}

// The text column with the most words, when it looks like sentences.
const Field* text_column(const Source& source, const Schema& schema, const std::string& target) {
  const Field* best = nullptr;
  std::int64_t most = 2 * source.size();
  for (const Field& field : schema) {
    if (field.kind != FieldKind::kText || field.name == target) continue;
    const Look look = look_at(source, field);
    if (look.words > most) best = &field, most = look.words;
  }
  return best;
}

Value object(std::initializer_list<std::pair<const char*, Value>> members) {
  Value value = Value::Object{};
  for (const auto& [key, member] : members) value.set(key, member);
  return value;
}

// A number with few values is a class as well, but only the user knows: it is taken as a number.
bool is_class(const Look& target) {
  return target.field->kind == FieldKind::kText || target.field->kind == FieldKind::kClass ||
         (target.field->kind == FieldKind::kInteger && target.distinct <= 20);
}

Value config_for(const std::string& data, const std::string& target, core::Loader& loader) {
  const Value source_config = source_for(data);
  Value full = source_config;
  full.set("use", "graft/" + source_config.at("use").text());
  const auto source = core::make_source(std::move(full), "init", loader);
  const Schema schema = source->schema();
  const Look look = look_at(*source, require(schema, target, "graft"));
  if (look.distinct < 2) throw Error("graft", "column " + target + " has one value only: there is nothing to learn");
  const Field* text = text_column(*source, schema, target);

  Value pipeline = Value::Object{};
  if (is_class(look)) pipeline.set("label", object({{"use", "category"}, {"column", target}}));
  Value model;
  if (text) {
    pipeline.set("features", object({{"use", "tfidf"}, {"column", text->name}}));
    model = object({{"use", "identity"}, {"input", "features"}});
  } else {
    Value::List numbers;
    for (const Field& field : schema)
      if (field.name != target && (field.kind == FieldKind::kNumber || field.kind == FieldKind::kInteger))
        numbers.push_back(field.name);
    if (numbers.empty()) throw Error("graft", data + " has no column of sentences or numbers to learn " + target + " from");
    pipeline.set("features", object({{"use", "standard_scaler"}, {"columns", std::move(numbers)}}));
    model = object({{"use", "mlp"}, {"input", "features"}});
  }
  const Value head = is_class(look)
                         ? object({{"use", "classify"},
                                   {"target", "label"},
                                   {"metrics", object({{"accuracy", Value(Value::Object{})}, {"f1", Value(Value::Object{})}})}})
                         : object({{"use", "regress"},
                                   {"target", target},
                                   {"metrics", object({{"pearson", Value(Value::Object{})}, {"mae", Value(Value::Object{})}})}});
  const std::string name = std::filesystem::path(data).stem().string();
  std::string stream;
  for (char c : name) stream += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  Value heads = Value::Object{};
  heads.set(target == "features" ? "prediction" : target, head);
  Value streams = Value::Object{};
  streams.set(stream, object({{"source", source_config}}));
  return object({{"graft", 1},
                 {"run", object({{"epochs", 20}})},
                 {"data", streams},
                 {"pipeline", pipeline},
                 {"model", model},
                 {"heads", heads},
                 {"optimizer", object({{"use", "adamw"}, {"learning_rate", text ? 0.01 : 0.001}})}});
}

}  // namespace

int init(const std::string& data, const std::string& target, const std::string& out, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  core::Loader loader(catalog);
  const std::string text = to_json(config_for(data, target, loader), 2) + "\n";
  if (out.empty())
    std::fputs(text.c_str(), stdout);
  else
    write_file(out, text);
  return 0;
}

}  // namespace graft::app
