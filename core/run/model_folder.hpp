// The folder `model/` of a run: what `predict` needs and nothing else.
//
//   model.safetensors   the model's tensors by registered name, and the small files the model adds (BERT: config.json):
//                       loads with from_pretrained
//   trunk/              the same of a model that the model holds under the name trunk
//   heads.safetensors   the heads' tensors, "heads.<head>.<name>"
//   graft.json          model and heads with their parameters and classes, pipeline steps, the source, plugins
//   pipeline.*          states of the pipeline's steps
//   adapters/<name>/    an adapter apart, for other programs (adapter_folders.hpp); `predict` does not read it
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/pipeline/pipeline.hpp"
#include "core/train/network.hpp"

namespace graft::core {

void save_model(const std::string& folder, const Value& config, const Network& network, const Pipeline& pipeline,
                const std::vector<Stream>& streams, const std::vector<StreamRows>& rows, Loader& loader);

// A trained model, ready for rows of one stream.
struct TrainedModel {
  Value saved;  // graft.json
  std::string stream;
  Schema schema;  // of the rows that come in
  std::unique_ptr<Pipeline> pipeline;
  Network network;
  bool with_targets = false;  // the pipeline makes the heads' targets too
};

// `stream`: empty for the first. With targets, steps that only make labels run too and the schema must have what they need; heads that
// do not learn from the stream are then asked for nothing.
TrainedModel load_model(const std::string& folder, std::string stream, const Schema& schema, bool with_targets, Loader& loader);

Value read_saved_model(const std::string& folder);

}  // namespace graft::core
