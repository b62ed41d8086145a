#include "core/train/network.hpp"

#include <algorithm>
#include <filesystem>

#include "core/config/texts.hpp"
#include "core/data/table.hpp"
#include "core/pipeline/columns.hpp"
#include "core/pipeline/placed.hpp"
#include "core/registry/guarded.hpp"
#include "core/train/attach_adapter.hpp"
#include "core/train/roles.hpp"
#include "core/train/shared_columns.hpp"
#include "graft/error.hpp"
#include "graft/metric.hpp"
#include "graft/weights.hpp"

namespace graft::core {
namespace {

constexpr const char* kPrefix = "prefix";  // in a file's metadata: what its names lack

const Value& params_of(Kind kind, const std::string& use, const Loader& loader) {
  return loader.catalog().find(kind, use)->entry.at("params");
}

Schema without(const Schema& schema, const std::set<std::string>& names) {
  Schema rest;
  for (const Field& field : schema)
    if (!names.contains(field.name)) rest.push_back(field);
  return rest;
}

void make_model(Network& network, const Value& config, const Schema& schema, const std::set<std::string>& targets, Rng rng,
                Loader& loader) {
  network.model_use = config.at("use").text();
  const Value& params = params_of(Kind::kModel, network.model_use, loader);
  network.model_parameters = with_columns(config, params, schema, targets, network.model_use, loader.catalog());
  for (std::string& name : named_columns(network.model_parameters, params, loader.catalog()))
    network.inputs.insert(std::move(name));
  for (const std::string& name : network.inputs)
    if (targets.contains(name)) throw Error(network.model_use, "reads the column " + name + ", which a head aims at");
  network.model = loader.create<Model>(network.model_use, Config("model", network.model_parameters));
  network.model_plugin = plugin_of(network.model);
  network.features = guarded(*network.model_plugin, "build", [&] { return network.model->build(without(schema, targets), rng); });
  network.held = held_models(*network.model, network.model_parameters, loader.catalog());
}

void load_pretrained(Model& model, const PluginInfo& plugin, const Value& parameters) {
  const Value* weights = parameters.find("weights");
  if (!weights || weights->is_null()) return;
  at::NoGradGuard no_grad;
  guarded(plugin, "load_weights", [&] { model.load_weights(weights->text()); });
}

// Where a model gives no features for all heads, each of its columns is made for some head.
void warn_of_unread(const Network& network) {
  if (find(network.features, "features")) return;
  const std::vector<std::string> read = network.outputs();
  for (const Field& field : network.features)
    if (std::find(read.begin(), read.end(), field.name) == read.end())
      warn(network.model_use, "gives " + field.name + ", which no head reads: what makes it will not train");
}

bool has_streams(const Value& head) { return !texts_of(head.find("streams")).empty(); }

// throws ConfigErrors, with the target's place, when a stream that the head names lacks it, or no stream has it.
std::set<std::size_t> streams_of(const Value& head, const std::string& name, const std::string& target,
                                 const std::vector<StreamRows>& rows) {
  std::set<std::size_t> streams;
  for (std::size_t s = 0; s < rows.size(); ++s)
    if (names(head.find("streams"), rows[s].name) && (has_streams(head) || find(rows[s].schema, target))) streams.insert(s);
  const Value* written = head.find("target");
  const Place& place = written ? written->place : head.place;
  for (const std::size_t s : streams.empty() ? std::set<std::size_t>{0} : streams)
    placed({place, "heads." + name + ".target", rows.size() > 1 ? "in the stream " + rows[s].name : ""},
           [&] { require(rows[s].schema, target, head.at("use").text()); });
  return streams;
}

// Each metric must be one that this head's predictions give; found before the first step and not at the first evaluation.
void check_metrics(const NamedHead& head, Loader& loader) {
  if (!head.metrics.is_object()) return;
  for (const Value::Member& entry : head.metrics.object())
    placed({entry.place, "heads." + head.name + ".metrics." + entry.key}, [&] {
      const auto metric = loader.create<Metric>(entry.value.at("use").text(), Config(entry.key, entry.value));
      guarded(*plugin_of(metric), "build", [&] { metric->build(head.head->outputs(), head.target); });
    });
}

void build_head(NamedHead& head, const Schema& features, const Schema& schema, Rng rng) {
  guarded(*head.plugin, "build", [&] { head.head->build(features, schema, rng); });
  head.target = require(schema, head.head->target(), head.use);
}

// Streams of the first role, where the head has any: the labels of a target domain stay unseen.
std::set<std::size_t> fitted_on(const std::set<std::size_t>& streams, const std::vector<std::size_t>& labelled) {
  std::set<std::size_t> both;
  for (const std::size_t s : labelled)
    if (streams.contains(s)) both.insert(s);
  return both.empty() ? streams : both;
}

NamedHead make_head(const Value::Member& entry, const std::vector<StreamRows>& rows, const std::vector<std::size_t>& labelled,
                    const Schema& features, Rng rng, Loader& loader) {
  NamedHead head;
  head.name = entry.key;
  head.use = entry.value.at("use").text();
  const Value& params = params_of(Kind::kHead, head.use, loader);
  HeadColumns columns = head_columns(entry.value, params);
  head.inputs = std::move(columns.inputs);
  head.streams = streams_of(entry.value, entry.key, columns.target, rows);
  const StreamRows& first = rows[*head.streams.begin()];
  head.parameters = with_columns(entry.value, params, first.schema, {}, head.use, loader.catalog());
  head.head = loader.create<Head>(head.use, Config(entry.key, head.parameters));
  head.plugin = plugin_of(head.head);
  if (const Value* weight = entry.value.find("weight")) head.weight = weight->number();
  if (const Value* metrics = entry.value.find("metrics")) head.metrics = *metrics;
  build_head(head, features, first.schema, rng.fork(head.name));

  std::vector<Batch> parts;
  for (std::size_t s : fitted_on(head.streams, labelled))
    parts.push_back(rows[s].clean.at("train").only(std::vector<std::string>{head.target.name}));
  const Table training({head.target}, Batch::concatenate(parts));
  guarded(*head.plugin, "fit", [&] { head.head->fit(training); });
  check_metrics(head, loader);
  return head;
}

void load_into(NamedTensors tensors, std::map<std::string, Tensor> saved, const std::string& from) {
  at::NoGradGuard no_grad;
  for (auto& [name, tensor] : tensors) {
    const auto at = saved.find(name);
    if (at == saved.end()) throw Error("checkpoint", from + " lacks the tensor " + name);
    if (at->second.sizes() != tensor.sizes())
      throw Error("checkpoint", from + ": " + name + " has another shape than this model's");
    write_parameter(tensor, at->second);
    saved.erase(at);
  }
  if (!saved.empty()) throw Error("checkpoint", from + ": " + saved.begin()->first + " is not a tensor of this model");
}

void load_into(NamedTensors tensors, const std::vector<std::string>& paths) {
  std::map<std::string, Tensor> saved;
  for (const std::string& path : paths) {
    const Safetensors file(path);
    const auto prefix = file.metadata().find(kPrefix);
    for (const std::string& name : file.names())
      saved[(prefix == file.metadata().end() ? "" : prefix->second) + name] = file.tensor(name);
  }
  load_into(std::move(tensors), std::move(saved), paths.front());
}

}  // namespace

Parameters Network::parameters() const {
  Parameters all;
  auto add = [&](const std::string& prefix, const torch::nn::Module& module) {
    for (const auto& item : module.named_parameters()) {
      const bool known = std::any_of(all.begin(), all.end(), [&](const Parameter& p) { return p.tensor.is_same(item.value()); });
      if (!known)
        all.push_back({prefix + item.key(), item.value(), true, 1.0, item.value().dim() >= 2, item.value().requires_grad()});
    }
  };
  add("", *model);
  for (const NamedHead& head : heads) add("heads." + head.name + ".", *head.head);
  return all;
}

NamedTensors Network::tensors() const {
  NamedTensors all = named_tensors(*model);
  for (const NamedHead& head : heads)
    for (auto& [name, tensor] : named_tensors(*head.head)) all.emplace_back("heads." + head.name + "." + name, tensor);
  return all;
}

NamedTensors Network::changing_tensors() const {
  std::set<std::string> frozen;
  if (!adapters.empty())
    for (const Parameter& parameter : parameters())
      if (!parameter.may_train) frozen.insert(parameter.name);
  NamedTensors all = tensors();
  std::erase_if(all, [&](const auto& named) { return frozen.contains(named.first); });
  return all;
}

std::vector<std::string> Network::saved_files(const std::string& folder) const {
  std::vector<std::string> files = {folder + "/model.safetensors", folder + "/heads.safetensors"};
  for (const HeldModel& model : held) files.push_back(model.folder(folder) + "/model.safetensors");
  return files;
}

void Network::save(const std::string& folder) const {
  NamedTensors rest = tensors(), of_heads;
  const auto take = [&](const std::string& prefix) {  // those of that prefix, which is taken off
    NamedTensors taken;
    std::erase_if(rest, [&](const auto& named) {
      if (!named.first.starts_with(prefix)) return false;
      taken.emplace_back(named.first.substr(prefix.size()), named.second);
      return true;
    });
    return taken;
  };
  for (auto model = held.rbegin(); model != held.rend(); ++model) {  // inner ones first
    std::filesystem::create_directories(model->folder(folder));
    write_safetensors(model->folder(folder) + "/model.safetensors", take(model->name + "."),
                      {{"format", "pt"}, {kPrefix, model->name + "."}});
  }
  for (auto& [name, tensor] : take("heads.")) of_heads.emplace_back("heads." + name, tensor);
  write_safetensors(folder + "/model.safetensors", rest, {{"format", "pt"}});
  write_safetensors(folder + "/heads.safetensors", of_heads, {{"format", "pt"}});
}

void Network::load(const std::vector<std::string>& paths) { load_into(tensors(), paths); }

void Network::load_changing(const std::string& path) { load_into(changing_tensors(), {path}); }

void Network::load_changing(const NamedTensors& given) {
  load_into(changing_tensors(), {given.begin(), given.end()}, "the mean of checkpoints");
}

std::vector<std::string> Network::outputs() const {
  std::vector<std::string> all;
  for (const NamedHead& head : heads)
    for (const std::string& name : head.head->reads())
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  return all;
}

std::set<std::string> Network::columns(std::size_t stream) const {
  std::set<std::string> all = inputs;
  for (const NamedHead& head : heads) {
    if (!head.streams.contains(stream)) continue;
    all.insert(head.target.name);
    all.insert(head.inputs.begin(), head.inputs.end());
  }
  return all;
}

void Network::train(bool on) {
  model->train(on);
  for (NamedHead& head : heads) head.head->train(on);
}

void Network::merge_adapters() {
  std::vector<NamedAdapter> kept;
  for (NamedAdapter& adapter : adapters) {
    if (adapter.heads.empty() && adapter.adapter->can_merge())
      guarded(*adapter.plugin, "merge", [&] { adapter.adapter->merge(*model); });
    else
      kept.push_back(std::move(adapter));
  }
  adapters = std::move(kept);
}

void Network::move_to(Compute where) {
  compute = std::move(where);
  if (compute.device.is_cpu()) return;
  model->to(compute.device);
  for (NamedHead& head : heads) head.head->to(compute.device);
}

std::set<std::string> target_columns(const Value& config, const Loader& loader) {
  std::set<std::string> targets;
  for (const Value::Member& head : config.at("heads").object())
    targets.insert(head_columns(head.value, params_of(Kind::kHead, head.value.at("use").text(), loader)).target);
  return targets;
}

Network build_network(const Value& config, const std::vector<StreamRows>& rows, std::uint64_t seed, Loader& loader) {
  const Rng rng = Rng(seed).fork("init");
  Network network;
  placed({config.at("model").place, "model"}, [&] {
    require_shared(
        named_columns(config.at("model"), params_of(Kind::kModel, config.at("model").at("use").text(), loader), loader.catalog()),
        rows, config.at("model").at("use").text());
    make_model(network, config.at("model"), shared_schema(rows), target_columns(config, loader), rng.fork("model"), loader);
    load_pretrained(*network.model, *network.model_plugin, network.model_parameters);
    for (const HeldModel& held : network.held) load_pretrained(*held.model, *held.plugin, held.parameters);
  });
  if (const Value* adapters = config.find("adapters"))
    for (const Value::Member& entry : adapters->object())
      network.adapters.push_back(placed({entry.value.place, "adapters." + entry.key},
                                        [&] { return attach_adapter(*network.model, entry, rng.fork("adapters"), loader); }));
  const std::vector<std::size_t> labelled = main_streams(config.at("task"), rows);
  for (const Value::Member& entry : config.at("heads").object())
    network.heads.push_back(placed({entry.value.place, "heads." + entry.key}, [&] {
      return make_head(entry, rows, labelled, network.features, rng.fork("heads"), loader);
    }));
  warn_of_unread(network);
  return network;
}

Network restore_network(const Value& saved, const Schema& schema, const std::string& folder, Loader& loader) {
  Network network;
  make_model(network, with_saved_weights(saved.at("model"), folder, loader.catalog()), schema, {}, Rng(0), loader);
  if (const Value* adapters = saved.find("adapters"))
    for (Value::Member entry : adapters->object()) {
      if (entry.value.find("from")) entry.value.set("from", nullptr);  // what it started from is in the saved tensors
      network.adapters.push_back(attach_adapter(*network.model, entry, Rng(0), loader));
    }
  for (const Value::Member& entry : saved.at("heads").object()) {
    NamedHead head;
    head.name = entry.key;
    head.use = entry.value.at("parameters").at("use").text();
    head.parameters = entry.value.at("parameters");
    head.inputs = head_columns(head.parameters, params_of(Kind::kHead, head.use, loader)).inputs;
    head.metrics = entry.value.at("metrics");
    head.head = loader.create<Head>(head.use, Config(entry.key, head.parameters));
    head.plugin = plugin_of(head.head);
    Field target{head.head->target(), FieldKind::kClass, {}, {}};
    target.kind = static_cast<FieldKind>(entry.value.at("target_kind").integer());
    for (const Value& name : entry.value.at("classes").list()) target.classes.push_back(name.text());
    head.streams = {0};
    build_head(head, network.features, with(schema, target), Rng(0));
    network.heads.push_back(std::move(head));
  }
  network.load(network.saved_files(folder));
  return network;
}

}  // namespace graft::core
