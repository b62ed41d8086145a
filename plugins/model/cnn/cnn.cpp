#include "cnn.hpp"

#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/cnn";

bool can_halve(std::int64_t height, std::int64_t width) { return height >= 2 && width >= 2; }

std::vector<std::int64_t> widths_of(const Config& config) {
  std::vector<std::int64_t> widths;
  for (const double width : config.numbers("widths")) widths.push_back(static_cast<std::int64_t>(width));
  return widths;
}

}  // namespace

CnnBlock::CnnBlock(std::int64_t in, std::int64_t width, std::int64_t convolutions, const Rng& rng) {
  for (std::int64_t i = 0; i < convolutions; ++i) {
    const std::string number = std::to_string(i);
    convolutions_.push_back(
        register_module("conv" + number, std::make_shared<Conv2d>(i == 0 ? in : width, width, 3, 1, rng.fork("conv" + number))));
    norms_.push_back(register_module("norm" + number, std::make_shared<BatchNorm2d>(width)));
  }
}

Tensor CnnBlock::forward(Tensor x, const Call& call) const {
  for (std::size_t i = 0; i < convolutions_.size(); ++i) x = at::relu(norms_[i]->forward(convolutions_[i]->forward(x), call));
  return can_halve(x.size(2), x.size(3)) ? at::max_pool2d(x, {2, 2}) : x;
}

Cnn::Cnn(const Config& config)
    : input_(config, kName),
      column_(config.column("input")),
      widths_(widths_of(config)),
      convolutions_(config.integer("convolutions")),
      takes_mean_(config.text("pooling") == "mean"),
      dropout_(config.number("dropout")) {}

Schema Cnn::build(const Schema& inputs, Rng rng) {
  std::int64_t channels = input_.build(inputs);
  const Field& image = require(inputs, column_, kName);
  std::int64_t height = image.shape.at(1), width = image.shape.at(2);
  auto blocks = register_module("blocks", std::make_shared<torch::nn::Module>());
  for (std::size_t i = 0; i < widths_.size(); ++i) {
    const std::string number = std::to_string(i);
    blocks_.push_back(blocks->register_module(
        number, std::make_shared<CnnBlock>(channels, widths_[i], convolutions_, rng.fork("blocks." + number))));
    channels = widths_[i];
    if (!can_halve(height, width)) continue;
    height /= 2;
    width /= 2;
  }
  return {Field{"features", FieldKind::kVector, {takes_mean_ ? channels : channels * height * width}, {}}};
}

Batch Cnn::forward(const Batch& batch, const Call& call) {
  Tensor x = input_.read(batch, call);
  for (std::size_t i = 0; i < blocks_.size(); ++i) x = call.tap("blocks." + std::to_string(i), blocks_[i]->forward(x, call));
  const Tensor flat = takes_mean_ ? x.mean({2, 3}) : x.flatten(1);
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", nn::dropout(flat, dropout_, call)));
  return result;
}

std::vector<std::string> Cnn::stages() const {
  std::vector<std::string> stages;
  for (std::size_t i = 0; i < widths_.size(); ++i) stages.push_back("blocks." + std::to_string(i));
  return stages;
}

}  // namespace graft::plugins
