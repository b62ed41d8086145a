// LinearAdapter: an adapter that hangs one patch on each linear layer it is told to, and freezes the rest of the model.
//
//   layers   Targets of the parameter `layers`
//   merge    folds each patch into its layer, for patches that can
//   errors   Error(where) when a layer has a KeptPatch already and this adapter merges
#pragma once

#include <memory>
#include <string>

#include "graft/adapter.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"
#include "targets.hpp"

namespace graft::plugins {

using Linears = Layers<nn::Linear>;

class LinearAdapter : public Adapter {
 public:
  void attach(Model& model, Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(Model& model) override;

 protected:
  LinearAdapter(const std::string& where, const Config& config);
  virtual Linears chosen(const Model& model) const;
  virtual void prepare(const Model& model, const Linears& layers, Rng rng);  // before the first patch; default: nothing
  virtual std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) = 0;
  Value chosen_names(const Model& model) const;  // whole names, for peft's target_modules

  std::string name_;  // of the set of patches
  Targets targets_;
};

// A patch that is never folded in. Those that are must come before it on a layer, or merged would not equal unmerged.
struct KeptPatch : nn::Patch {};

// Refuses a layer that has a patch already: for patches that merge right only when they are the first on their layer.
void require_unpatched(const nn::Linear& layer, const std::string& name, const std::string& where);

}  // namespace graft::plugins
