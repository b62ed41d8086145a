// LayerNormTuning: the LayerNorms of a model train, weight and bias, and nothing else of it does.
//
//   trains    weight [D] and bias [D] of every nn::LayerNorm that `layers` names
//   adds      no parameters: the start is the base model, the end a plain model
//   merge     nothing to fold
//   save      a folder that peft reads as LN_TUNING
//   sets      the LayerNorms act whichever patch sets a forward pass has switched on
//   errors    Error("graft/layer_norm") as Targets; a part of the model has the adapter's name
//   source    Zhao et al. 2023, arXiv:2312.11420; peft calls it LN tuning
#pragma once

#include "../targets.hpp"
#include "graft/adapter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class LayerNormTuning final : public Adapter {
 public:
  explicit LayerNormTuning(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;
  bool can_merge() const override { return true; }
  void merge(Model& model) override;

 private:
  std::string name_;
  Targets targets_;
};

}  // namespace graft::plugins
