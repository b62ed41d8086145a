// Model: a batch in, features out. A torch::nn::Module, so registered names are the checkpoint's names.
//
//   calls    build load_weights? (adapters attach) forward*
//   holds    A model may hold models: a parameter of format component:model, made by Config::component and registered as a module
//            under the parameter's name. The host then resolves the inner one's columns, loads its `weights` after build() and
//            keeps its files() with the run, as it does for the outer one. The outer one calls the inner one's build() in its own,
//            forwards with call.inside(name, outputs), and gives the inner one's stages by stages_under(name, inner).
//   copies   the core clones by building again from the config and copying state; clone() is not used
//   B rows   D width of the representation   N tokens in a packed batch
#pragma once

#include <torch/nn/module.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graft/batch.hpp"
#include "graft/call.hpp"
#include "graft/export.hpp"
#include "graft/rng.hpp"
#include "graft/schema.hpp"

namespace graft {

class GRAFT_API Model : public torch::nn::Module {
 public:
  ~Model() override;

  // Makes the layers, initialised from `rng`; returns the schema of forward(): "features" [B, D], perhaps "tokens" Ragged [N, D].
  // throws Error when the column it reads is missing or of the wrong kind.
  virtual Schema build(const Schema& inputs, Rng rng) = 0;

  virtual Batch forward(const Batch& batch, const Call& call) = 0;  // keeps the batch's row ids

  // Prefixes of parameter names, input side first, that partition all parameters: what phases freeze and decay by depth.
  virtual std::vector<std::string> stages() const;  // default: one stage, ""

  // Reads pre-trained weights. default: safetensors by registered name; every name of both sides must match, or Error lists
  // those that are missing, unknown or of another shape.
  virtual void load_weights(const std::string& path);

  // Small files that belong beside the saved weights, by name (BERT: config.json). The constructor of a model whose
  // `weights` parameter points to such a folder finds them there. default: none
  virtual std::map<std::string, std::string> files() const;
};

// The stages of a model that is held under that name: "trunk.embeddings", "trunk.encoder.layer.0", ...; "trunk" where it has one.
GRAFT_API std::vector<std::string> stages_under(std::string_view name, const Model& held);

}  // namespace graft
