// HeldModel: a model that the run's model holds, such as the trunk of graft/twin: a parameter of format component:model, and the
// module that the outer model registered under that parameter's name.
//
//   name     "trunk"; of one deeper, "trunk.trunk". Its tensors begin with it in the run
//   files    model/trunk of a run, model/trunk/trunk: weights by the held model's own names, and the small files it adds; so that
//            folder serves as `weights` elsewhere, and the outer model's file holds the other tensors
//   errors   Error when a model has no module under the name of such a parameter
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "core/registry/guarded.hpp"
#include "graft/model.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct HeldModel {
  std::string name;
  std::shared_ptr<Model> model;
  std::shared_ptr<const PluginInfo> plugin;
  Value parameters;

  std::string folder(const std::string& of_run) const;  // of its files; `of_run` is model/
};

// All of them, outer ones first; `parameters` are those of `model`, with `use`.
std::vector<HeldModel> held_models(const Model& model, const Value& parameters, const Catalog& catalog);

// Parameters of a saved model with each `weights`, its own and those of held models, in the saved folder.
Value with_saved_weights(Value parameters, const std::string& folder, const Catalog& catalog);

}  // namespace graft::core
