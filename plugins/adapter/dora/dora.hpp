// Dora: weight-decomposed LoRA. The length of each row of the weight trains apart from its direction.
//
//   formula    W x + b becomes m / |V| * V x + b,  V = W + scale * B A,  |V| the length of each row, [out]
//   m          [out]   starts as |W|; A and B as LowRank has them; names <layer>.<adapter>.magnitude, .A and .B
//   backward   |V| counts as a constant (section 4.3 of the paper), as in peft
//   differs    with dropout, peft drops inputs of W too; here of A alone
//   from       a folder that peft wrote: A and B and m start as they are there (PeftFolder)
//   save       a folder that peft reads as LORA with use_dora
//   freezes    as lora
//   merge      W = m / |V| * V
//   errors     Error("graft/dora") as Targets; when a chosen layer has a patch already
//   source     Liu et al. 2024, arXiv:2402.09353
#pragma once

#include <optional>

#include "../linear_adapter.hpp"
#include "../low_rank.hpp"
#include "../peft_folder.hpp"

namespace graft::plugins {

class Dora final : public LinearAdapter {
 public:
  explicit Dora(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  void prepare(const Model& model, const Linears& layers, Rng rng) override;
  std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) override;

  LowRank sizes_;
  std::optional<PeftFolder> from_;
};

}  // namespace graft::plugins
