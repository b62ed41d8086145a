// Trunk: the model that twin, mmoe and cgc hold, made from the parameter `trunk` and registered under that name.
//
//   build    REQUIRES: once. throws Error(where) when the trunk gives no "features" as one dense vector a row
//   B rows   D width of the trunk's features
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "graft/config.hpp"
#include "graft/model.hpp"

namespace graft::plugins {

class Trunk {
 public:
  Trunk(const Config& config, std::string where);
  std::int64_t build(torch::nn::Module& holder, const Schema& inputs, const Rng& rng);  // D
  Tensor features(const Batch& batch, const Call& call) const;                          // [B, D]
  std::vector<std::string> stages() const;                                              // "trunk.embeddings", ...

 private:
  std::string where_;
  std::shared_ptr<Model> model_;
};

}  // namespace graft::plugins
