// CgcLevel: one extraction network of cgc: experts of each output's own, experts that all share, and a gate an output.
//
//   formula  output k = mixture of [own experts of k on x_k, shared experts on x_s] by softmax(W_k x_k)
//            shared   = mixture of [own experts of every output on its x, shared experts on x_s] by softmax(W_s x_s), not in the
//                       last level, where nobody would read it
//   names    "specific.<output>.<i>.<layer>.weight", "shared.<i>.<layer>.weight", "gates.<output>.weight", "shared_gate.weight"
//   taps     "<level>.gates.<output>", "<level>.shared_gate": the weights, [B, experts + shared experts] and [B, all experts]
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../experts.hpp"

namespace graft::plugins {

struct CgcSizes {
  std::int64_t experts, shared_experts;
  PerceptronShape shape;
};

class CgcLevel final : public torch::nn::Module {
 public:
  struct Values {
    std::vector<Tensor> own;  // [B, D] an output; undefined where it is not wanted
    Tensor shared;            // [B, D]; undefined after the last level
  };

  CgcLevel(std::string name, const std::vector<std::string>& outputs, std::int64_t in, const CgcSizes& sizes, bool is_last,
           const Rng& rng);
  Values forward(const Values& x, const std::vector<bool>& wanted, const Call& call) const;  // [B, E] each

 private:
  std::string name_;  // "levels.0"
  std::vector<std::string> outputs_;
  std::vector<std::shared_ptr<Experts>> specific_;
  std::shared_ptr<Experts> shared_;
  std::vector<std::shared_ptr<nn::Linear>> gates_;
  std::shared_ptr<nn::Linear> shared_gate_;  // null in the last level
};

}  // namespace graft::plugins
