// Lora: y = W x + b becomes W x + b + scale * B A dropout(x), with A and B alone to be trained.
//
//   A, B       [rank, in], [out, rank], as LowRank has them; names <layer>.<adapter>.A and .B
//   init       random: B is 0. pissa: of W = U S V^T the `rank` greatest parts go into the small matrices, B = U sqrt(S / scale),
//              A = sqrt(S / scale) V^T, and W keeps the rest, W - scale * B A
//   from       a folder that peft wrote: A and B start as they are there (PeftFolder)
//   save       a folder that peft reads as LORA. Of pissa, as peft converts it: a plain LoRA of twice the rank on the pre-trained
//              weight, scale * (B A - B0 A0); the start is kept for that in buffers start_A and start_B
//   freezes    every parameter of the model but those of patches and those another adapter of this library has train
//   merge      W += scale * B A
//   errors     Error("graft/lora") as Targets; pissa: a rank above the smaller side of a chosen layer
//   source     Hu et al. 2021, arXiv:2106.09685; rsLoRA: Kalajdzievski 2023, arXiv:2312.03732; PiSSA: Meng et al. 2024,
//              arXiv:2404.02948; defaults as in peft
#pragma once

#include <optional>

#include "../linear_adapter.hpp"
#include "../low_rank.hpp"
#include "../peft_folder.hpp"

namespace graft::plugins {

class Lora final : public LinearAdapter {
 public:
  explicit Lora(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  void prepare(const Model& model, const Linears& layers, Rng rng) override;
  std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) override;

  LowRank sizes_;
  std::optional<PeftFolder> from_;
  bool is_principal_;
};

}  // namespace graft::plugins
