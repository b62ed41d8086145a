// Vera: LoRA whose matrices are random, frozen and shared by all layers; two vectors a layer train.
//
//   formula   W x + b  becomes  W x + b + lambda_b * (B (lambda_d * (A dropout(x))))
//   A         [rank, widest in]   B [widest out, rank]   buffers; a layer uses the first `in` columns of A and `out` rows of B
//             uniform within sqrt(6 / in) and sqrt(6 / rank) (Kaiming), the same for all layers: <first layer>.<adapter>.A and .B
//   lambda_d  [rank] all `d_initial`   lambda_b [out] zeros: the start is the base model; names <layer>.<adapter>.lambda_d
//             and .lambda_b
//   from      a folder that peft wrote with save_projection: lambda_d, lambda_b, A and B start as they are there (PeftFolder)
//   save      a folder that peft reads as VERA, with A and B in it
//   freezes   as lora
//   merge     W += (lambda_b * B) (lambda_d * A)
//   errors    Error("graft/vera") as Targets
//   source    Kopiczko et al. 2023, arXiv:2310.11454; names and defaults as in peft
//   differs   peft draws A and B from PyTorch's generator
#pragma once

#include <optional>

#include "../linear_adapter.hpp"
#include "../peft_folder.hpp"

namespace graft::plugins {

class Vera final : public LinearAdapter {
 public:
  explicit Vera(const Config& config);
  void attach(Model& model, Rng rng) override;
  void save(const Model& model, const std::string& folder) const override;

 private:
  void prepare(const Model& model, const Linears& layers, Rng rng) override;
  std::shared_ptr<nn::Patch> patch(const std::string& name, nn::Linear& layer, Rng rng) override;

  std::int64_t rank_;
  double d_initial_, dropout_;
  Tensor a_, b_;
  std::optional<PeftFolder> from_;
};

}  // namespace graft::plugins
