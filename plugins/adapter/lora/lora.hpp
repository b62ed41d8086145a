// Lora: y = W x + b becomes W x + b + scale * B A dropout(x), with A and B alone to be trained.
//
//   A          [rank, in]   uniform within 1 / sqrt(in)      B [out, rank] zeros: the start is the base model
//   scale      alpha / rank, or alpha / sqrt(rank) when rank_stabilised
//   freezes    every parameter of the model but those of patches
//   names      <layer>.<adapter>.A and .B
//   merge      W += scale * B A
//   errors     Error("graft/lora") when no linear layer's name ends in one of `layers`: lists the ends there are
//   source     Hu et al. 2021, arXiv:2106.09685; rsLoRA: Kalajdzievski 2023, arXiv:2312.03732; defaults as in peft
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "graft/adapter.hpp"
#include "graft/config.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"

namespace graft::plugins {

class Lora final : public Adapter {
 public:
  explicit Lora(const Config& config);
  void attach(Model& model, Rng rng) override;
  bool can_merge() const override { return true; }
  void merge(Model& model) override;

 private:
  using Layers = std::vector<std::pair<std::string, std::shared_ptr<nn::Linear>>>;
  Layers chosen(Model& model) const;  // by name, in the model's order

  std::string name_;
  std::int64_t rank_;
  double scale_, dropout_;
  std::vector<std::string> ends_;
};

}  // namespace graft::plugins
