#include "core/run/model_folder.hpp"

#include <filesystem>

#include "core/config/texts.hpp"
#include "core/pipeline/columns.hpp"
#include "core/registry/guarded.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/weights.hpp"

namespace graft::core {
namespace {

Value names_of(const std::vector<std::string>& names) {
  Value::List list;
  for (const std::string& name : names) list.emplace_back(name);
  return list;
}

Value saved_head(const NamedHead& head, const std::vector<StreamRows>& rows) {
  Value saved = Value::Object{};
  saved.set("parameters", head.parameters);
  saved.set("metrics", head.metrics);
  saved.set("target_kind", static_cast<int>(head.target.kind));
  saved.set("classes", names_of(head.target.classes));
  std::vector<std::string> streams;
  for (std::size_t s : head.streams) streams.push_back(rows[s].name);
  saved.set("streams", names_of(streams));
  return saved;
}

// Names and types of each source's plain columns, so that a file to predict for is read with the same types.
Value saved_schemas(const std::vector<Stream>& streams) {
  Value all = Value::Object{};
  for (const Stream& stream : streams) {
    Value columns = Value::Object{};
    for (const Field& field : stream.schema)
      if (field.kind == FieldKind::kText || field.kind == FieldKind::kNumber || field.kind == FieldKind::kInteger)
        columns.set(field.name, std::string(kind_name(field.kind)));
    all.set(stream.name, std::move(columns));
  }
  return all;
}

void write_files(const std::string& folder, const Model& model, const PluginInfo& plugin) {
  for (const auto& [name, text] : guarded(plugin, "files", [&] { return model.files(); })) write_file(folder + "/" + name, text);
}

}  // namespace

void save_model(const std::string& folder, const Value& config, const Network& network, const Pipeline& pipeline,
                const std::vector<Stream>& streams, const std::vector<StreamRows>& rows, Loader& loader) {
  std::filesystem::create_directories(folder);
  network.save(folder);
  write_files(folder, *network.model, *network.model_plugin);
  for (const HeldModel& held : network.held) write_files(held.folder(folder), *held.model, *held.plugin);

  Value saved = Value::Object{};
  saved.set("graft", 1);
  saved.set("model", network.model_parameters);
  Value heads = Value::Object{};
  for (const NamedHead& head : network.heads) heads.set(head.name, saved_head(head, rows));
  saved.set("heads", std::move(heads));
  Value adapters = Value::Object{};
  for (const NamedAdapter& adapter : network.adapters) adapters.set(adapter.name, adapter.config);
  saved.set("adapters", std::move(adapters));
  saved.set("data", config.at("data"));
  saved.set("pipeline", config.find("pipeline") ? config.at("pipeline") : Value(Value::Object{}));
  saved.set("steps", pipeline.save(folder));
  saved.set("streams", saved_schemas(streams));
  Value plugins = Value::Object{};
  for (const OpenedPlugin& plugin : loader.plugins()) plugins.set(plugin.id, plugin.version);
  saved.set("plugins", std::move(plugins));
  saved.set("precision", network.compute.precision_name());
  write_file(folder + "/graft.json", to_json(saved, 2) + "\n");
}

Value read_saved_model(const std::string& folder) {
  if (!std::filesystem::exists(folder + "/graft.json"))
    throw Error("run", folder + " holds no trained model (graft.json is missing); a run writes it when it ends");
  return read_json(folder + "/graft.json");
}

TrainedModel load_model(const std::string& folder, std::string stream, const Schema& schema, bool with_targets, Loader& loader) {
  TrainedModel trained;
  trained.saved = read_saved_model(folder);
  trained.stream = stream.empty() ? trained.saved.at("data").object().front().key : std::move(stream);
  trained.schema = schema;
  trained.with_targets = with_targets;
  std::set<std::string> wanted;
  const Value& model = trained.saved.at("model");
  const Component* component = loader.catalog().find(Kind::kModel, model.at("use").text());
  if (!component)
    throw Error("run", "the model of this run is " + model.at("use").text() + ", which no plugin found here provides");
  for (std::string& name : named_columns(model, component->entry.at("params"), loader.catalog())) wanted.insert(std::move(name));
  for (const Value::Member& head : trained.saved.at("heads").object()) {
    if (with_targets && !names(head.value.find("streams"), trained.stream)) continue;
    const Value& parameters = head.value.at("parameters");
    HeadColumns columns =
        head_columns(parameters, loader.catalog().find(Kind::kHead, parameters.at("use").text())->entry.at("params"));
    if (with_targets) wanted.insert(std::move(columns.target));
    for (std::string& name : columns.inputs) wanted.insert(std::move(name));
  }
  Schema after = schema;
  trained.pipeline =
      std::make_unique<Pipeline>(trained.saved, trained.saved.at("steps"), folder, trained.stream, after, wanted, loader);
  trained.network = restore_network(trained.saved, after, folder, loader);
  for (NamedHead& head : trained.network.heads)
    if (with_targets && !names(trained.saved.at("heads").at(head.name).find("streams"), trained.stream)) head.streams.clear();
  trained.network.move_to(compute_of("auto", trained.saved.at("precision").text()));
  return trained;
}

}  // namespace graft::core
