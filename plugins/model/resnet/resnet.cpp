#include "resnet.hpp"

#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/relu.h>

#include <array>
#include <filesystem>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/resnet";

std::array<int, 4> blocks_of(std::int64_t depth) {
  return depth == 18 ? std::array{2, 2, 2, 2} : std::array{3, 4, 6, 3};  // 34 and 50 differ in the kind of block
}

}  // namespace

Resnet::Resnet(const Config& config)
    : input_(config, kName), depth_(config.integer("depth")), has_small_stem_(config.text("stem") == "small") {}

Schema Resnet::build(const Schema& inputs, Rng rng) {
  const std::int64_t channels = input_.build(inputs);
  const bool is_bottleneck = depth_ == 50;
  std::int64_t width = 64, in = width;
  conv1_ = register_module(
      "conv1", std::make_shared<Conv2d>(channels, width, has_small_stem_ ? 3 : 7, has_small_stem_ ? 1 : 2, rng.fork("conv1")));
  bn1_ = register_module("bn1", std::make_shared<BatchNorm2d>(width));
  for (const int count : blocks_of(depth_)) {
    const std::string name = "layer" + std::to_string(layers_.size() + 1);
    auto layer = register_module(name, std::make_shared<torch::nn::Module>());
    layers_.emplace_back();
    for (int i = 0; i < count; ++i) {
      const std::int64_t stride = i == 0 && layers_.size() > 1 ? 2 : 1;
      const std::string number = std::to_string(i);
      layers_.back().push_back(layer->register_module(
          number, std::make_shared<ResidualBlock>(in, width, stride, is_bottleneck, rng.fork(name + "." + number))));
      in = is_bottleneck ? width * ResidualBlock::kExpansion : width;
    }
    width *= 2;
  }
  return {Field{"features", FieldKind::kVector, {in}, {}}};
}

Batch Resnet::forward(const Batch& batch, const Call& call) {
  Tensor x = at::relu(bn1_->forward(conv1_->forward(input_.read(batch, call)), call));
  if (!has_small_stem_) x = at::max_pool2d(x, {3, 3}, {2, 2}, {1, 1});
  x = call.tap("stem", x);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    for (const auto& block : layers_[i]) x = block->forward(x, call);
    x = call.tap("layer" + std::to_string(i + 1), x);
  }
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", x.mean({2, 3})));
  return result;
}

std::vector<std::string> Resnet::stages() const { return {"conv1", "bn1", "layer1", "layer2", "layer3", "layer4"}; }

void Resnet::load_weights(const std::string& path) {
  const std::filesystem::path given = path;
  const Safetensors file(std::filesystem::is_directory(given) ? (given / "model.safetensors").string() : path);
  const auto in_model = [](const std::string& name) { return name.starts_with("fc.") ? "" : name; };
  if (file.has("fc.weight")) log(kName, path + ": left out fc, the classifier of the file");
  copy_weights(*this, file, in_model);
}

}  // namespace graft::plugins
