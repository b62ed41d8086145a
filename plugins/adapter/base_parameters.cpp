#include "base_parameters.hpp"

#include "graft/error.hpp"
#include "graft/nn/patch.hpp"

namespace graft::plugins {
namespace {

// Hangs on the model itself, changes no output and has no parameters of its own.
struct Trained final : nn::Patch {
  explicit Trained(std::vector<Tensor> given) : parameters(std::move(given)) {}
  std::vector<Tensor> parameters;
};

}  // namespace

void freeze(Model& model) {
  nn::freeze_base(model);
  for (const auto& child : model.children())
    if (const auto trained = std::dynamic_pointer_cast<Trained>(child))
      for (const Tensor& parameter : trained->parameters) parameter.set_requires_grad(true);
}

void train_alone(Model& model, const std::string& adapter, std::vector<Tensor> parameters, const std::string& where) {
  if (model.named_children().contains(adapter) || model.named_parameters(/*recurse=*/false).contains(adapter))
    throw Error(where, "an adapter can't be named " + adapter + ", which is a part of the model");
  model.register_module(adapter, std::make_shared<Trained>(std::move(parameters)));
  freeze(model);
}

void forget(Model& model, const std::string& adapter) { model.unregister_module(adapter); }

}  // namespace graft::plugins
