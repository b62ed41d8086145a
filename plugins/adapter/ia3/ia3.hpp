// Ia3: learned vectors that scale what chosen linear layers give, or what they are given.
//
//   formula      layers: y = l * (W x + b), l [out];  feedforward: y = W (l * x) + b, l [in]
//   l            starts at ones; name <layer>.<adapter>.l
//   both         a layer that both lists name has its input scaled, as in peft, whose lists can be taken over as they are
//   from         a folder that peft wrote: l starts as it is there (PeftFolder)
//   save         a folder that peft reads as IA3
//   freezes      as lora
//   merge        W = l * W by rows and b = l * b;  feedforward: W = W * l by columns
//   errors       Error("graft/ia3") as Targets; both lists empty; a feedforward layer that has a patch already
//   source       Liu et al. 2022, arXiv:2205.05638; peft's defaults for BERT
#pragma once

#include <optional>
#include <set>

#include "../linear_adapter.hpp"
#include "../peft_folder.hpp"

namespace graft::plugins {

class Ia3 final : public LinearAdapter {
 public:
  explicit Ia3(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  PeftFormat format() const;
  Linears chosen(const Model& model) const override;
  void prepare(const Model& model, const Linears& layers, Rng rng) override;
  std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) override;

  Targets feedforward_;
  std::set<std::string> scaled_before_;  // names of layers
  std::optional<PeftFolder> from_;
};

}  // namespace graft::plugins
