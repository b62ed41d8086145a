// Cgc: customized gate control: each head has experts of its own beside the shared ones, so that tasks that disagree do not spoil
// each other's; stacked in `levels` it is progressive layered extraction, PLE.
//
//   formula  one level: see CgcLevel; the first reads the trunk's features for every output and for the shared experts, the next
//            what the one below gave
//   gives    one column an entry of `outputs` [B, E], E the last of `hidden`; only those that somebody reads leave the last level
//   taps     the trunk's, as "trunk.features"; the levels' gates; "<output>" [B, E]
//   names    "trunk.", "levels.<l>." and CgcLevel's; stages: the trunk's, "levels.0", ...
//   errors   Error("graft/cgc") for two outputs of one name, and for a trunk without dense features
//   source   Tang et al. 2020, doi:10.1145/3383313.3412236
//   differs  the paper's first level reads the row itself: that is the trunk `identity`. LibMTL puts the shared experts first in a
//            gate's order, its gates have a bias, and its PLE takes a ResNet only
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "../trunk.hpp"
#include "cgc_level.hpp"

namespace graft::plugins {

class Cgc final : public Model {
 public:
  explicit Cgc(const Config& config);
  Schema build(const Schema& inputs, Rng rng) override;
  Batch forward(const Batch& batch, const Call& call) override;
  std::vector<std::string> stages() const override;

 private:
  Trunk trunk_;
  std::vector<std::string> outputs_;
  CgcSizes sizes_;
  std::int64_t count_;  // of levels
  std::vector<std::shared_ptr<CgcLevel>> levels_;
};

}  // namespace graft::plugins
