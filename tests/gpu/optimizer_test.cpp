// Optimizers: steps on CUDA are the CPU's, and layers in bfloat16 see what they changed.
#include "core/train/adamw.hpp"
#include "core/train/sgd.hpp"
#include "device.hpp"
#include "graft/nn/linear.hpp"

using namespace graft;

namespace {

// Five steps on a table of two rates and decays; the gradients differ from step to step, the third is clipped.
template <class Optimizer>
std::vector<Tensor> five_steps(typename Optimizer::Options options, const at::Device& device) {
  torch::manual_seed(2);
  core::Parameters parameters;
  for (const auto& [name, rate, decays] : {std::tuple("table", 1.0, true), std::tuple("bias", 0.5, false)})
    parameters.push_back({name, on(device, random_leaf({30, 7})), true, rate, decays});
  Optimizer optimizer(options);
  for (int step = 0; step < 5; ++step) {
    for (core::Parameter& parameter : parameters)
      parameter.tensor.mutable_grad() = at::randn({30, 7}).mul(step == 2 ? 50 : 1).to(device);
    optimizer.step(parameters, 1.0 - 0.1 * step, 0.25);
  }
  std::vector<Tensor> values;
  for (const core::Parameter& parameter : parameters) values.push_back(parameter.tensor.detach());
  return values;
}

template <class Optimizer>
double after_two_steps(typename Optimizer::Options options, const at::Device& device, at::ScalarType precision) {
  nn::Linear layer(8, 4, Rng(1));
  layer.to(device);
  core::Parameters parameters = {{"weight", layer.weight}, {"bias", layer.bias}};
  const Tensor x = at::linspace(-1, 1, 40).view({5, 8}).to(device);
  Optimizer optimizer(options);
  const auto loss = [&] { return layer.forward(x, training_call(precision)).to(at::kFloat).square().sum(); };
  for (int step = 0; step < 2; ++step) {
    loss().backward();
    optimizer.step(parameters, 1, 1);
  }
  return loss().template item<double>();
}

}  // namespace

TEST_CASE("gpu: optimizers take the CPU's steps", "[gpu][optimizer]") {
  const double momentum = GENERATE(0.0, 0.9);
  core::AdamW::Options adamw{0.05, 0.1};
  core::Sgd::Options sgd{0.05, momentum, 0.1, momentum > 0, 1.0};
  CHECK(furthest(five_steps<core::AdamW>(adamw, kCuda), five_steps<core::AdamW>(adamw, at::kCPU)) < 1e-5);
  CHECK(furthest(five_steps<core::Sgd>(sgd, kCuda), five_steps<core::Sgd>(sgd, at::kCPU)) < 1e-5);
}

TEST_CASE("gpu: a layer in bfloat16 multiplies by the weights that the optimizer left", "[gpu][optimizer]") {
  const auto follows = [](auto run) { CHECK(run(kCuda, at::kBFloat16) == Approx(run(at::kCPU, at::kFloat)).epsilon(0.05)); };
  follows([](const auto& device, auto type) { return after_two_steps<core::AdamW>({0.1}, device, type); });
  follows([](const auto& device, auto type) { return after_two_steps<core::Sgd>({0.02}, device, type); });
}

TEST_CASE("gpu: a gradient that is not finite is refused by name, and nothing changes", "[gpu][optimizer]") {
  const Tensor weight = at::ones({3}, kCuda).requires_grad_();
  core::Parameters parameters = {{"encoder.weight", weight}};
  weight.mutable_grad() = at::full({3}, std::numeric_limits<float>::infinity(), weight.options().requires_grad(false));
  CHECK_THROWS_WITH(core::AdamW({}).step(parameters, 1, 1), Catch::Matchers::Contains("encoder.weight"));
  CHECK(at::equal(weight.detach(), at::ones({3}, kCuda)));
}
