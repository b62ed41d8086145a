#include "trunk.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kTrunk = "trunk";
}

Trunk::Trunk(const Config& config, std::string where) : where_(std::move(where)), model_(config.component<Model>(kTrunk)) {}

std::int64_t Trunk::build(torch::nn::Module& holder, const Schema& inputs, const Rng& rng) {
  const Schema given = model_->build(inputs, rng.fork(kTrunk));
  holder.register_module(kTrunk, model_);
  const Field* features = find(given, "features");
  if (features && features->kind == FieldKind::kVector && features->shape.size() == 1 && features->shape[0] > 0)
    return features->shape[0];
  std::string all;
  for (const Field& field : given)
    all += (all.empty() ? "" : ", ") + field.name + " (" + std::string(kind_name(field.kind)) + ")";
  throw Error(where_, "trunk must give features, one dense vector a row; it gives " + all);
}

Tensor Trunk::features(const Batch& batch, const Call& call) const {
  return model_->forward(batch, call.inside(kTrunk, {"features"})).tensor("features");
}

std::vector<std::string> Trunk::stages() const { return stages_under(kTrunk, *model_); }

}  // namespace graft::plugins
