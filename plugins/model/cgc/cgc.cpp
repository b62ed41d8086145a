#include "cgc.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kName = "graft/cgc";
}

Cgc::Cgc(const Config& config)
    : trunk_(config, kName),
      outputs_(output_names(config, kName)),
      sizes_{config.integer("experts"), config.integer("shared_experts"), PerceptronShape(config)},
      count_(config.integer("levels")) {}

Schema Cgc::build(const Schema& inputs, Rng rng) {
  std::int64_t width = trunk_.build(*this, inputs, rng);
  auto levels = register_module("levels", std::make_shared<torch::nn::Module>());
  for (std::int64_t i = 0; i < count_; ++i) {
    const std::string number = std::to_string(i);
    levels_.push_back(levels->register_module(number, std::make_shared<CgcLevel>("levels." + number, outputs_, width, sizes_,
                                                                                 i + 1 == count_, rng.fork("levels").fork(i))));
    width = sizes_.shape.hidden.back();
  }
  Schema given;
  for (const std::string& output : outputs_) given.push_back({output, FieldKind::kVector, {width}, {}});
  return given;
}

Batch Cgc::forward(const Batch& batch, const Call& call) {
  const Tensor x = trunk_.features(batch, call);
  CgcLevel::Values values{std::vector<Tensor>(outputs_.size(), x), x};
  std::vector<bool> wanted(outputs_.size(), true);
  for (const auto& level : levels_) {
    if (level == levels_.back())
      for (std::size_t k = 0; k < outputs_.size(); ++k) wanted[k] = call.wants(outputs_[k]);
    values = level->forward(values, wanted, call);
  }
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  for (std::size_t k = 0; k < outputs_.size(); ++k)
    if (wanted[k]) result.set(outputs_[k], call.tap(outputs_[k], values.own[k]));
  return result;
}

std::vector<std::string> Cgc::stages() const {
  std::vector<std::string> stages = trunk_.stages();
  for (std::int64_t i = 0; i < count_; ++i) stages.push_back("levels." + std::to_string(i));
  return stages;
}

}  // namespace graft::plugins
