// Dropout and the layers over whole rows: what CUDA gives is what the CPU gives.
#include "device.hpp"
#include "graft/nn/cross_entropy.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"

using namespace graft;

namespace {

std::shared_ptr<nn::LayerNorm> norm_of(std::int64_t width) {
  auto norm = std::make_shared<nn::LayerNorm>(width);
  at::NoGradGuard no_grad;
  norm->weight.normal_(1, 0.2);
  norm->bias.normal_(0, 0.2);
  return norm;
}

std::vector<Tensor> add_norm_on(const at::Device& device, nn::LayerNorm& norm, const std::vector<Tensor>& given, double p) {
  norm.to(device);
  const auto inputs = on(device, given);
  return outcome(norm.forward(inputs[0], inputs[1], p, training_call()), {inputs[0], inputs[1], norm.weight, norm.bias});
}

std::vector<Tensor> linear_gelu_on(const at::Device& device, nn::Linear& layer, const Tensor& given, at::ScalarType type) {
  layer.to(device);
  const Tensor x = on(device, given);
  return outcome(layer.forward_gelu(x.mul(3), training_call(type)), {x, layer.weight, layer.bias});
}

std::vector<Tensor> cross_entropy_on(const at::Device& device, const Tensor& given, const Tensor& targets, double smoothing) {
  const Tensor scores = on(device, given);
  return outcome(nn::cross_entropy(scores.mul(4), targets.to(device), smoothing), {scores});
}

// The gradient's own gradient, by the plain twins.
std::vector<Tensor> second(const Tensor& y, const std::vector<Tensor>& inputs) {
  const auto slopes = torch::autograd::grad({y.square().sum()}, inputs, {}, true, /*create_graph=*/true);
  Tensor sum = slopes[0].square().sum();
  for (std::size_t i = 1; i < slopes.size(); ++i) sum = sum.add(slopes[i].square().sum());
  return torch::autograd::grad({sum}, inputs);
}

}  // namespace

TEST_CASE("gpu: dropout drops the elements that the CPU drops, and scales alike", "[gpu][dropout]") {
  const std::int64_t n = GENERATE(1, 127, 65536, 65537, 300000);
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  CAPTURE(n, type);
  torch::manual_seed(1);
  const Tensor x = random_leaf({n}, type), there = on(kCuda, x);
  const auto cpu = outcome(nn::dropout(x, 0.3, training_call()), {x});
  const auto cuda = outcome(nn::dropout(there, 0.3, training_call()), {there});
  CHECK(at::equal(cuda[0].cpu(), cpu[0]));
  CHECK(at::equal(cuda[1].cpu(), cpu[1]));
}

TEST_CASE("gpu: an empty tensor passes through every layer", "[gpu]") {
  const Tensor none = at::empty({0, 8}, kCuda);
  CHECK(nn::dropout(none, 0.3, training_call()).size(0) == 0);
  CHECK(nn::cross_entropy(none, at::empty({0}, at::TensorOptions(kCuda).dtype(at::kLong))).size(0) == 0);
}

TEST_CASE("gpu: dropout + residual + norm is the CPU's, for any width and number of rows", "[gpu][layer_norm]") {
  const std::int64_t width = GENERATE(5, 7, 33, 384, 1000), rows = GENERATE(1, 65, 9000);
  const double p = GENERATE(0.0, 0.3);
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  CAPTURE(width, rows, p, type);
  torch::manual_seed(2);
  const auto norm = norm_of(width);
  const std::vector<Tensor> inputs = {random_leaf({rows, width}, type), random_leaf({rows, width}, type)};
  const auto cpu = add_norm_on(at::kCPU, *norm, inputs, p), cuda = add_norm_on(kCuda, *norm, inputs, p);
  CHECK(furthest(cuda, cpu) < tolerance(type));
}

TEST_CASE("gpu: bias + GELU is the CPU's, for any width and number of rows", "[gpu][linear]") {
  const std::int64_t width = GENERATE(1, 7, 130, 1536), rows = GENERATE(1, 65, 9000);
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  CAPTURE(width, rows, type);
  torch::manual_seed(3);
  nn::Linear layer(9, width, Rng(1));
  const Tensor x = random_leaf({rows, 9});
  const auto cpu = linear_gelu_on(at::kCPU, layer, x, type), cuda = linear_gelu_on(kCuda, layer, x, type);
  CHECK(furthest(cuda, cpu) < tolerance(type));
}

TEST_CASE("gpu: cross-entropy is the CPU's, with smoothing, many classes and rows without label", "[gpu][cross_entropy]") {
  const std::int64_t classes = GENERATE(2, 9, 30522);
  const double smoothing = GENERATE(0.0, 0.1);
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  CAPTURE(classes, smoothing, type);
  torch::manual_seed(4);
  const Tensor scores = random_leaf({70, classes}, type);
  Tensor targets = at::randint(classes, {70}, at::kLong);
  targets[3] = -100;
  const auto cpu = cross_entropy_on(at::kCPU, scores, targets, smoothing);
  const auto cuda = cross_entropy_on(kCuda, scores, targets, smoothing);
  CHECK(furthest(cuda, cpu) < tolerance(type));
  CHECK(cuda[0][3].item<float>() == 0);
}

TEST_CASE("gpu: a target that is no class makes its row's loss NaN", "[gpu][cross_entropy]") {
  const Tensor targets = at::tensor(std::vector<std::int64_t>{3, 2});
  const Tensor loss = nn::cross_entropy(at::zeros({2, 3}, kCuda), targets.to(kCuda));
  CHECK(std::isnan(loss[0].item<float>()));
  CHECK(loss[1].item<float>() == Approx(std::log(3.0)));
}

TEST_CASE("gpu: second derivatives are the CPU's", "[gpu]") {
  torch::manual_seed(5);
  const auto norm = norm_of(16);
  nn::Linear layer(16, 16, Rng(1));
  const Tensor given = random_leaf({20, 16}), targets = at::randint(16, {20}, at::kLong);
  const auto run = [&](const at::Device& device) {
    norm->to(device);
    layer.to(device);
    const Tensor x = on(device, given);
    const Call call = training_call();
    const Tensor y = norm->forward(layer.forward_gelu(x, call), nn::dropout(x, 0.2, call), 0.3, call);
    return second(nn::cross_entropy(y, targets.to(device), 0.1), {x, layer.weight, norm->weight});
  };
  const auto cpu = run(at::kCPU);
  CHECK(furthest(run(kCuda), cpu) < 1e-4);
}
