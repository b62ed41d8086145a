// Network: the model and its heads, built against the data, with all their parameters by one set of names.
//
//   names   the model's registered names as they are; a head's under "heads.<head>."
#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.hpp"
#include "core/train/compute.hpp"
#include "core/train/held_models.hpp"
#include "core/train/parameter.hpp"
#include "graft/adapter.hpp"
#include "graft/head.hpp"
#include "graft/model.hpp"
#include "graft/safetensors.hpp"

namespace graft::core {

struct NamedHead {
  std::string name, use;
  std::shared_ptr<Head> head;
  std::shared_ptr<const PluginInfo> plugin;
  std::set<std::size_t> streams;  // numbers of the streams it learns from
  double weight = 1.0;            // factor on its loss
  Field target;
  std::vector<std::string> inputs;  // columns of the data that it reads besides the target
  Value metrics;                    // the config's object of metrics
  Value parameters;                 // columns resolved
};

struct NamedAdapter {
  std::string name;
  Value config;
  std::shared_ptr<Adapter> adapter;
  std::shared_ptr<const PluginInfo> plugin;
  std::vector<std::string> heads;  // that alone see the trunk through it; empty: all
};

struct Network {
  std::shared_ptr<Model> model;
  std::string model_use;
  Value model_parameters;  // columns resolved
  std::shared_ptr<const PluginInfo> model_plugin;
  std::vector<HeldModel> held;         // models inside the model
  Schema features;                     // what the model gives
  std::vector<NamedAdapter> adapters;  // in the order attached
  std::vector<NamedHead> heads;
  std::set<std::string> inputs;  // columns the model reads
  Compute compute;

  Parameters parameters() const;  // every parameter once, a tied one under its first name; matrices decay, vectors do not
  NamedTensors tensors() const;   // parameters and buffers
  void load(const std::vector<std::string>& paths);  // all tensors from these safetensors files, every name accounted for
  void save(const std::string& folder) const;        // all of them into the files of a saved model
  std::vector<std::string> saved_files(const std::string& folder) const;  // those files
  NamedTensors changing_tensors() const;                    // all but parameters that an adapter froze: what a checkpoint holds
  void load_changing(const std::string& path);              // those, every name accounted for
  void load_changing(const NamedTensors& given);            // the same, of tensors at hand
  std::vector<std::string> outputs() const;                 // columns of the model's output that some head reads
  std::set<std::string> columns(std::size_t stream) const;  // what a training batch of that stream must carry
  void train(bool on);
  void merge_adapters();        // folds those of all heads that can be into the model's weights; the others stay
  void move_to(Compute where);  // before parameters() is asked: they are other tensors afterwards
};

// Builds and initialises from Rng(seed, "init"); loads the model's `weights` when given; fits the heads on clean training rows.
Network build_network(const Value& config, const std::vector<StreamRows>& rows, std::uint64_t seed, Loader& loader);

// The same for a saved model: `schema` is that of the rows after the pipeline, `folder` holds model.safetensors and heads.safetensors.
Network restore_network(const Value& saved, const Schema& schema, const std::string& folder, Loader& loader);

// Columns that heads aim at, by the config alone: no feature may contain them.
std::set<std::string> target_columns(const Value& config, const Loader& loader);

}  // namespace graft::core
