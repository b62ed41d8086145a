#include "core/run/open_rows.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <iterator>

#include "core/config/texts.hpp"
#include "core/data/source_parameters.hpp"
#include "core/data/streams.hpp"
#include "core/pipeline/columns.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

bool ends_with_any(const std::string& path, std::initializer_list<const char*> endings) {
  for (const char* ending : endings)
    if (path.ends_with(ending) || path.ends_with(std::string(ending) + ".gz")) return true;
  return false;
}

Value by_extension(const std::string& path) {
  Value source = Value::Object{};
  source.set("use", ends_with_any(path, {".jsonl"}) ? "graft/jsonl" : "graft/csv");
  if (ends_with_any(path, {".tsv", ".txt"})) source.set("delimiter", "\t");
  source.set("path", path);
  return source;
}

// The run's types for the columns that the file has.
Value types_for(const Schema& file, const Value& saved_schema, const std::vector<std::pair<std::string, std::string>>& renames) {
  Value types = Value::Object{};
  for (const Value::Member& column : saved_schema.object()) {
    std::string name = column.key;
    for (const auto& [to, from] : renames)
      if (to == name) name = from;
    if (find(file, name)) types.set(name, column.value);
  }
  return types;
}

bool has_all(const Schema& schema, const std::set<std::string>& needed,
             const std::vector<std::pair<std::string, std::string>>& renames) {
  return std::all_of(needed.begin(), needed.end(), [&](const std::string& name) {
    for (const auto& [to, from] : renames)
      if (to == name) return find(schema, from) != nullptr;
    return find(schema, name) != nullptr;
  });
}

// Standard input in a file of its own, for sources read files; removed by the caller.
std::string spooled_input() {
  std::string path = (std::filesystem::temp_directory_path() / "graft-rows-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  if (descriptor < 0)
    throw Error("predict", "cannot make a temporary file in " + std::filesystem::temp_directory_path().string());
  ::close(descriptor);
  write_file(path, std::string(std::istreambuf_iterator<char>(std::cin), {}));
  return path;
}

Rows renamed(const Source& source, const std::vector<std::pair<std::string, std::string>>& renames) {
  Rows rows{source.schema(), read_all(source, 0, 0)};
  for (const auto& [to, from] : renames) {
    const Field field = require(rows.schema, from, "predict");
    rows.schema = with(rows.schema, {to, field.kind, field.shape, field.classes});
    rows.batch.set(to, rows.batch.column(from));
  }
  return rows;
}

// A folder is read as the run's own source was, but for a table of its rows.
Rows rows_of_folder(const std::string& folder, const Value& own, const std::set<std::string>& needed,
                    const std::vector<std::pair<std::string, std::string>>& renames, Loader& loader) {
  Value parameters = own;
  parameters.set("path", folder);
  if (parameters.find("table")) parameters.set("table", Value{});
  Rows rows = renamed(*make_source(std::move(parameters), "rows", loader), renames);
  for (const std::string& name : needed) require(rows.schema, name, "predict");
  return rows;
}

}  // namespace

Rows open_rows(const std::string& file, const Value& saved, const std::string& stream, const std::set<std::string>& needed,
               const std::vector<std::pair<std::string, std::string>>& renames, Loader& loader) {
  if (std::filesystem::is_directory(file))
    return rows_of_folder(file, saved.at("data").at(stream).at("source"), needed, renames, loader);
  const bool is_input = file.empty() || file == "-";
  const std::string path = is_input ? spooled_input() : file;
  Value parameters = by_extension(path);
  std::shared_ptr<Source> source = make_source(parameters, "rows", loader);
  const Value& own = saved.at("data").at(stream).at("source");
  const Value* columns = own.find("columns");
  if (!has_all(source->schema(), needed, renames) && own.at("use") == parameters.at("use") && columns &&
      !columns->list().empty()) {
    parameters = own;
    parameters.set("path", path);
  }
  source = make_source(parameters, "rows", loader);
  parameters.set("types", types_for(source->schema(), saved.at("streams").at(stream), renames));
  source = make_source(std::move(parameters), "rows", loader);
  Rows rows = renamed(*source, renames);
  if (is_input) std::filesystem::remove(path);
  for (const std::string& name : needed) require(rows.schema, name, "predict");
  return rows;
}

Rows rows_of_texts(const std::vector<std::string>& texts, const std::set<std::string>& needed) {
  if (needed.size() != 1)
    throw Error("predict",
                "--text gives one column, but this model needs " + std::to_string(needed.size()) + "; use a file of rows");
  std::vector<std::int64_t> ids(texts.size());
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(i);
  Batch batch(std::move(ids));
  batch.set(*needed.begin(), texts);
  return {{{*needed.begin(), FieldKind::kText, {}, {}}}, std::move(batch)};
}

std::set<std::string> needed_columns(const Value& saved, const std::string& stream, bool with_targets, const Loader& loader) {
  auto params = [&](Kind kind, const Value& use) -> const Value& {
    const Component* component = loader.catalog().find(kind, use.text());
    if (!component) throw Error("predict", "no plugin here provides the " + std::string(kind_name(kind)) + " " + use.text());
    return component->entry.at("params");
  };
  std::set<std::string> needed;
  for (std::string& name : named_columns(saved.at("model"), params(Kind::kModel, saved.at("model").at("use")), loader.catalog()))
    needed.insert(std::move(name));
  for (const Value::Member& head : saved.at("heads").object()) {
    if (with_targets && !names(head.value.find("streams"), stream)) continue;
    const Value& parameters = head.value.at("parameters");
    HeadColumns columns = head_columns(parameters, params(Kind::kHead, parameters.at("use")));
    if (with_targets) needed.insert(std::move(columns.target));
    for (std::string& name : columns.inputs) needed.insert(std::move(name));
  }
  const Value::Object& steps = saved.at("steps").object();
  for (auto step = steps.rbegin(); step != steps.rend(); ++step) {
    const Value& parameters = step->value.at("parameters");
    const Component* extractor = loader.catalog().find(Kind::kExtractor, parameters.at("use").text());
    const Value* output = parameters.find("output");
    if (!extractor) continue;
    const std::string own = output && output->is_text() ? output->text() : step->key;
    bool leads = false;
    for (const std::string& name : made_columns(own, parameters, extractor->entry.at("params")))
      leads = needed.erase(name) > 0 || leads;
    if (!leads) continue;
    for (std::string& name : named_columns(parameters, extractor->entry.at("params"), loader.catalog()))
      needed.insert(std::move(name));
  }
  return needed;
}

}  // namespace graft::core
