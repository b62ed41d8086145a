// Reinit: draws the last stages of a pre-trained model anew, which few training rows cannot turn round otherwise.
//
//   stages     how many of model.stages(), counted from the last. A pooler that is a stage of its own counts: of a BERT with
//              "pooling": "pooler", 1 is the pooler and L + 1 the pooler and the top L layers, the paper's; with "cls" or "mean" 1
//              is the top layer
//   draws      Linear and Embedding weights normal with `deviation`, biases 0, LayerNorm weights 1 and biases 0
//   freezes    nothing
//   start      not the base, of course
//   merge      nothing to fold
//   errors     Error("graft/reinit") for more stages than there are; for a layer with a patch already, which has looked at the
//              weight; for a parameter of another kind of layer
//   source     Zhang et al. 2021, arXiv:2006.05987
#pragma once

#include "graft/adapter.hpp"
#include "graft/config.hpp"

namespace graft::plugins {

class Reinit final : public Adapter {
 public:
  explicit Reinit(const Config& config);
  void attach(Model& model, Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(Model&) override {}

 private:
  std::int64_t stages_;
  double deviation_;
};

}  // namespace graft::plugins
