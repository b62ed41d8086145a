// Bitfit: the biases of a model train, and nothing else of it does.
//
//   trains    the parameter `bias` of every layer that `layers` names, LayerNorms too; each [out] or [D]
//   adds      no parameters: the start is the base model, the end a plain model
//   merge     nothing to fold
//   sets      the biases act whichever patch sets a forward pass has switched on
//   errors    Error("graft/bitfit") as Targets; a part of the model has the adapter's name
//   source    Ben Zaken et al. 2021, arXiv:2106.10199
#pragma once

#include "../targets.hpp"
#include "graft/adapter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Bitfit final : public Adapter {
 public:
  explicit Bitfit(const Config& config);
  void attach(Model& model, Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(Model& model) override;

 private:
  std::string name_;
  Targets targets_;
};

}  // namespace graft::plugins
