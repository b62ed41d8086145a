#include "mmoe.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/mmoe";
}

Mmoe::Mmoe(const Config& config)
    : trunk_(config, kName), outputs_(output_names(config, kName)), count_(config.integer("experts")), shape_(config) {}

Schema Mmoe::build(const Schema& inputs, Rng rng) {
  const std::int64_t width = trunk_.build(*this, inputs, rng);
  experts_ = register_module("experts", std::make_shared<Experts>(count_, width, shape_, rng.fork("experts")));
  auto gates = register_module("gates", std::make_shared<torch::nn::Module>());
  Schema given;
  for (const std::string& output : outputs_) {
    gates_.push_back(gates->register_module(output, make_gate(width, count_, rng.fork("gates").fork(output))));
    given.push_back({output, FieldKind::kVector, {shape_.hidden.back()}, {}});
  }
  return given;
}

Batch Mmoe::forward(const Batch& batch, const Call& call) {
  const Tensor x = trunk_.features(batch, call), experts = experts_->forward(x, call);
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  for (std::size_t k = 0; k < outputs_.size(); ++k)
    if (const std::string& name = outputs_[k]; call.wants(name))
      result.set(name, call.tap(name, mixture(*gates_[k], x, experts, call, "gates." + name)));
  return result;
}

std::vector<std::string> Mmoe::stages() const {
  std::vector<std::string> stages = trunk_.stages();
  stages.insert(stages.end(), {"gates", "experts"});  // the experts last: there the heads meet
  return stages;
}

}  // namespace graft::plugins
