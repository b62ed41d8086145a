// Adapter: rewrites a model once, after its weights are loaded and before the optimizer exists: patches on graft::nn layers,
// freezing, re-initialisation.
//
//   patches    form a set under the adapter's config name; a forward pass chooses which sets are active (Call::active), so one
//              trunk can carry one set a head
//   freezing   a parameter whose requires_grad is false after attach() trains in no phase
//   must hold  start equals base, or the header says why not (new tokens, weights drawn anew); merged equals unmerged
//   calls      attach save? merge?      one thread
#pragma once

#include <string>

#include "graft/export.hpp"
#include "graft/rng.hpp"

namespace graft {

class Model;

class GRAFT_API Adapter {
 public:
  virtual ~Adapter();
  virtual void attach(Model& model, Rng rng) = 0;  // throws Error when the model has no layer that it fits

  // Writes the adapter alone, as it acts on the base model, in a form that other programs read (PEFT: adapter_config.json and
  // adapter_model.safetensors), into a folder that may not exist yet. default: writes nothing, and makes no folder
  virtual void save(const Model& model, const std::string& folder) const;

  virtual bool can_merge() const;    // default: false
  virtual void merge(Model& model);  // folds into the base weights and takes itself off; default: throws Error
};

}  // namespace graft
