// Mmoe: multi-gate mixture of experts: what several heads share are experts, and each head has a gate of its own that weighs them.
//
//   formula  f_i = expert_i(x), x the trunk's features;  output k = sum over i of softmax(W_k x)_i f_i
//   gives    one column an entry of `outputs` [B, E], E the last of `hidden`; only those that somebody reads are computed
//   taps     the trunk's, as "trunk.features"; "gates.<output>" [B, experts] the weights, "<output>" [B, E]
//   names    "trunk.", "experts.<i>.<layer>.weight" and "bias", "gates.<output>.weight"; stages: the trunk's, "gates", "experts"
//   errors   Error("graft/mmoe") for two outputs of one name, and for a trunk without dense features
//   source   Ma et al. 2018, doi:10.1145/3219819.3220007
//   differs  the paper's experts and gates read the row itself: that is the trunk `identity`. LibMTL's gates have a bias
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../experts.hpp"
#include "../trunk.hpp"

namespace graft::plugins {

class Mmoe final : public Model {
 public:
  explicit Mmoe(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Trunk trunk_;
  std::vector<std::string> outputs_;
  std::int64_t count_;  // of experts
  PerceptronShape shape_;
  std::shared_ptr<Experts> experts_;
  std::vector<std::shared_ptr<nn::Linear>> gates_;  // one an output
};

}  // namespace graft::plugins
