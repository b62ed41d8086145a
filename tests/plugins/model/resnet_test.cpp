#include <filesystem>

#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

std::shared_ptr<Model> resnet(const std::string& more, const Schema& schema = kPicture) {
  return trunk_case::built("graft/resnet", R"({"input": "image", )" + more + "}", schema);
}

// What tests/data/resnet.py fills a tensor with.
Tensor filled(const std::string& name, const Tensor& tensor) {
  const Tensor u = hashed_numbers(name, tensor.numel()).view(tensor.sizes());
  if (tensor.dim() > 1) return u.mul(std::sqrt(24.0 / static_cast<double>(tensor[0].numel())));
  if (name.ends_with("running_var")) return u.add(1);
  return u.mul(0.2).add(name.ends_with("weight") ? 1 : 0);
}

void fill(Model& model) {
  for (auto [name, tensor] : named_tensors(model))
    if (tensor.is_floating_point()) write_parameter(tensor, filled(name, tensor).to(at::kFloat));
}

Tensor reference(const std::string& depth, const std::string& key) {
  const Value all = read_json(GRAFT_TEST_DATA "/resnet.json");
  std::vector<double> values;
  for (const Value& value : all.at("depths").at(depth).at(key).list()) values.push_back(value.number());
  return at::tensor(values, at::kDouble);
}

Tensor first(const Tensor& features) { return features.slice(1, 0, 64).flatten(); }

Tensor buffer_of(const Model& model, const std::string& name) { return model.named_buffers()[name]; }

}  // namespace

TEST_CASE("resnet: gives torchvision's features, statistics and gradients for weights made by a formula", "[model][resnet]") {
  const std::string depth = GENERATE("18", "34", "50");
  INFO("depth " << depth);
  auto model = resnet("\"depth\": " + depth);
  fill(*model);
  const Batch pictures = testing::batch({{"image", hashed_pixels({2, 3, 40, 36})}});
  const Tensor features = model->forward(pictures, Call()).tensor("features");
  CHECK(relative_difference(first(features), reference(depth, "features")) < 1e-5);
  const Tensor weight = filled("fc.weight", at::empty({1000, features.size(1)})), bias = filled("fc.bias", at::empty({1000}));
  const Tensor logits = at::linear(features.to(at::kDouble), weight, bias);
  CHECK(relative_difference(first(logits), reference(depth, "logits")) < 1e-5);

  features.square().mean().backward();
  const Tensor gradient = model->named_parameters()["layer2.0.downsample.0.weight"].grad().flatten().slice(0, 0, 64);
  CHECK(relative_difference(gradient, reference(depth, "gradient")) < 1e-4);
  const Tensor trained = model->forward(pictures, trunk_case::call_for({}, true)).tensor("features");
  CHECK(relative_difference(first(trained), reference(depth, "trained")) < 1e-4);
  CHECK(relative_difference(buffer_of(*model, "layer1.0.bn1.running_mean"), reference(depth, "running_mean")) < 1e-5);
  CHECK(relative_difference(buffer_of(*model, "layer1.0.bn1.running_var"), reference(depth, "running_var")) < 1e-5);
}

TEST_CASE("resnet: a layer of ones by hand", "[model][resnet]") {
  auto model = resnet(R"("depth": 18, "stem": "small", "mean": 0, "std": 1)", {{"image", FieldKind::kImage, {1, 1, 1}, {}}});
  for (auto [name, tensor] : named_tensors(*model)) {
    if (!tensor.is_floating_point()) continue;
    const bool is_shift = name.ends_with("bias") || name.ends_with("running_mean");
    write_parameter(tensor, at::full_like(tensor, is_shift           ? 0.0
                                                  : tensor.dim() > 1 ? 1.0 / static_cast<double>(tensor.size(1))
                                                                     : 1.0));
  }
  // one place: only the middle of each 3 x 3 counts. Each block doubles its input, 8 blocks: 2^8; eps 1e-5 is left in the norms
  const Batch one = testing::batch({{"image", at::ones({1, 1, 1, 1})}});
  CHECK(model->forward(one, Call()).tensor("features")[0][3].item<double>() == Approx(256).epsilon(1e-3));
}

TEST_CASE("resnet: loads a file of torchvision's names without its classifier, and says which names differ", "[model][resnet]") {
  auto from = resnet(R"("depth": 18)"), to = resnet(R"("depth": 18)");
  fill(*from);
  NamedTensors tensors = named_tensors(*from);
  tensors.emplace_back("fc.weight", at::ones({1000, 512}));
  tensors.emplace_back("fc.bias", at::ones({1000}));
  const std::string path = (std::filesystem::temp_directory_path() / "graft_resnet_test.safetensors").string();
  write_safetensors(path, tensors);
  to->load_weights(path);
  for (const auto& [name, tensor] : named_tensors(*to))
    CHECK(at::equal(tensor, named_tensors(*from)[0].second) == (name == "conv1.weight"));
  tensors[0].first = "conv.weight";
  write_safetensors(path, tensors);
  CHECK(message_of([&] { to->load_weights(path); }).find("conv1.weight") != std::string::npos);
  std::filesystem::remove(path);
}

TEST_CASE("resnet: stages partition the parameters, a gradient reaches each, taps change nothing", "[model][resnet]") {
  auto model = resnet(R"("depth": 18)");
  const Batch pictures = testing::batch({{"image", hashed_pixels({2, 3, 40, 36})}});
  trunk_case::require_contract(*model, pictures);
  CHECK(trunk_case::points_of(*model, pictures) ==
        std::vector<std::string>{"stem", "layer1", "layer2", "layer3", "layer4", "features"});
}

TEST_CASE("resnet: bfloat16 stays near float, and rows do not depend on their neighbours in evaluation", "[model][resnet]") {
  auto model = resnet(R"("depth": 18)");
  require_precisions_agree(*model, 0.03);
  require_rows_alone(*model);
}

TEST_CASE("resnet: refusals name the rule and the value", "[model][resnet]") {
  const Schema grey = {{"image", FieldKind::kImage, {1, 40, 36}, {}}};
  CHECK(message_of([&] { resnet(R"("depth": 18)", grey); }) ==
        "[graft/resnet] mean must have 1 number or one a channel of image, 1, got 3");
  CHECK(message_of([] { resnet(R"("std": [0.2, 0, 0.2])"); }) == "[graft/resnet] std must be > 0, got [0.2, 0, 0.2]");
  CHECK(message_of([] { resnet(R"("depth": 20)"); }).find("got 20") != std::string::npos);
  CHECK(message_of([] { resnet(R"("depth": 18)", {{"image", FieldKind::kVector, {4}, {}}}); }) ==
        "[graft/resnet] column image must be image, is vector");
}
