// The fused layers against their plain twins: dropout + residual + LayerNorm, bias + GELU, cross-entropy, bfloat16 and patches.
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/error.hpp"
#include "graft/nn/cross_entropy.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/embedding.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

Call training_call(at::ScalarType precision = at::kFloat) {
  Call::Options options;
  options.training = true;
  options.key = 11;
  options.precision = precision;
  return Call(options);
}

Tensor leaf(std::vector<std::int64_t> sizes, at::ScalarType type = at::kFloat) { return at::randn(sizes, type).requires_grad_(); }

std::shared_ptr<nn::LayerNorm> norm_of(std::int64_t width, at::ScalarType type = at::kFloat) {
  auto norm = std::make_shared<nn::LayerNorm>(width);
  at::NoGradGuard no_grad;
  norm->weight.normal_(1, 0.2);
  norm->bias.normal_(0, 0.2);
  norm->to(type);
  return norm;
}

// The result and the gradients of `f` along one random direction.
std::vector<Tensor> outcome(const std::function<Tensor()>& f, std::vector<Tensor> inputs) {
  const Tensor y = f();
  torch::manual_seed(9);
  auto all = torch::autograd::grad({y.mul(at::randn(y.sizes(), y.options())).sum()}, inputs);
  all.insert(all.begin(), y.detach());
  return all;
}

double furthest(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  double worst = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].sizes() == b[i].sizes());
    worst = std::max(worst, relative_difference(a[i], b[i]));
  }
  return worst;
}

bool same_bits(const std::vector<Tensor>& a, const std::vector<Tensor>& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!at::equal(a[i], b[i])) return false;
  return true;
}

// The sum of squares of the gradient of `f` with respect to `x`, with a graph of its own even where nobody asks for one.
Tensor slope_of(const std::function<Tensor()>& f, const Tensor& x) {
  at::AutoGradMode with_graph(true);
  return torch::autograd::grad({f()}, {x}, {}, true, true)[0].square().sum();
}

// y = x + shift at first, then (y + x) * 2: shows the order.
struct Shift : nn::Patch {
  Tensor amount = register_parameter("amount", at::ones({1}));
  Tensor before(const Tensor& x, const Call&) const override { return x.add(amount); }
  Tensor after(const Tensor& y, const Tensor& x, const Call&) const override { return y.add(x).mul(2); }
};

}  // namespace

TEST_CASE("add_norm: (1 + 0, 2 + 1) becomes (-1, 1)", "[nn][layer_norm]") {
  nn::LayerNorm norm(2, 0);
  const Tensor y = norm.forward(testing::matrix({{1, 2}}), testing::matrix({{0, 1}}), 0, Call());
  CHECK(at::allclose(y, testing::matrix({{-1, 1}})));
}

TEST_CASE("add_norm: one pass gives what dropout, sum and norm give, for any width and number of rows", "[nn][layer_norm]") {
  const std::int64_t width = GENERATE(1, 7, 16, 384, 1000), rows = GENERATE(1, 3, 64, 200);
  const double p = GENERATE(0.0, 0.3);
  CAPTURE(width, rows, p);
  if (width == 1) return;  // variance 0: only epsilon is divided by
  torch::manual_seed(1);
  const auto norm = norm_of(width);
  const Tensor x = leaf({rows, width}), residual = leaf({rows, width});
  const std::vector<Tensor> inputs = {x, residual, norm->weight, norm->bias};
  const auto fused = outcome([&] { return norm->forward(x, residual, p, training_call()); }, inputs);
  const auto plain = outcome(
      [&] {
        const Call call = training_call();
        return norm->forward(nn::dropout(x, p, call).add(residual), call);
      },
      inputs);
  CHECK(furthest(fused, plain) < 3e-6);
}

TEST_CASE("add_norm: the same bits for 1 and 2 threads", "[nn][layer_norm]") {
  const auto norm = norm_of(384);
  const Tensor x = leaf({500, 384}), residual = leaf({500, 384});
  const auto run = [&] {
    return outcome([&] { return norm->forward(x, residual, 0.1, training_call()); }, {x, residual, norm->weight, norm->bias});
  };
  at::set_num_threads(1);
  const auto one = run();
  at::set_num_threads(2);
  CHECK(same_bits(one, run()));
}

TEST_CASE("add_norm: gradients match central differences, and the second derivative exists", "[nn][layer_norm]") {
  const auto norm = norm_of(5, at::kDouble);
  const Tensor x = leaf({3, 5}, at::kDouble), residual = leaf({3, 5}, at::kDouble);
  const auto f = [&] { return norm->forward(x, residual, 0.3, training_call()).pow(3).sum(); };
  CHECK(worst_gradient(f, {x, residual, norm->weight, norm->bias}) < 1e-7);
  CHECK(worst_gradient([&] { return slope_of(f, x); }, {x, residual, norm->weight}) < 1e-6);
}

TEST_CASE("linear_gelu: gives what gelu(linear) gives, for any width", "[nn][linear]") {
  const std::int64_t width = GENERATE(1, 7, 64, 1536), rows = GENERATE(1, 65);
  CAPTURE(width, rows);
  torch::manual_seed(2);
  nn::Linear layer(9, width, Rng(1));
  const Tensor x = leaf({rows, 9});
  const std::vector<Tensor> inputs = {x, layer.weight, layer.bias};
  const auto fused = outcome([&] { return layer.forward_gelu(x.mul(3), Call()); }, inputs);
  const auto plain = outcome([&] { return at::gelu(layer.forward(x.mul(3), Call())); }, inputs);
  CHECK(furthest(fused, plain) < 3e-6);
}

TEST_CASE("linear_gelu: within 5e-7 of the exact function from -10 to 10", "[nn][linear]") {
  nn::Linear identity(1, 1, Rng(1));
  {
    at::NoGradGuard no_grad;
    identity.weight.fill_(1);
    identity.bias.fill_(0);
  }
  const Tensor x = at::linspace(-10, 10, 100001, at::kFloat).unsqueeze(1);
  const Tensor exact = at::gelu(x.to(at::kDouble));
  CHECK(identity.forward_gelu(x, Call()).to(at::kDouble).sub(exact).abs().max().item<double>() < 5e-7);
}

TEST_CASE("linear_gelu: gradients match central differences, and the second derivative exists", "[nn][linear]") {
  nn::Linear layer(3, 4, Rng(1));
  layer.to(at::kDouble);
  const Tensor x = leaf({5, 3}, at::kDouble);
  const auto f = [&] { return layer.forward_gelu(x, Call()).square().sum(); };
  CHECK(worst_gradient(f, {x, layer.weight, layer.bias}) < 1e-7);
  CHECK(worst_gradient([&] { return slope_of(f, layer.weight); }, {x, layer.weight, layer.bias}) < 1e-5);
}

TEST_CASE("cross_entropy: two equal scores cost ln 2, a row without label nothing", "[nn][cross_entropy]") {
  const Tensor loss = nn::cross_entropy(testing::matrix({{3, 3}, {1, 9}}), testing::integers({1, -100}));
  CHECK(loss[0].item<float>() == Approx(std::log(2.0)));
  CHECK(loss[1].item<float>() == 0);
}

TEST_CASE("cross_entropy: is LibTorch's, with smoothing and for many classes", "[nn][cross_entropy]") {
  const std::int64_t classes = GENERATE(1, 2, 9, 1000);
  const double smoothing = GENERATE(0.0, 0.1);
  CAPTURE(classes, smoothing);
  torch::manual_seed(3);
  const Tensor scores = leaf({70, classes});
  const Tensor targets = at::randint(classes, {70}, at::kLong);
  const auto fused = outcome([&] { return nn::cross_entropy(scores.mul(4), targets, smoothing); }, {scores});
  const auto theirs =
      outcome([&] { return at::cross_entropy_loss(scores.mul(4), targets, {}, at::Reduction::None, -100, smoothing); }, {scores});
  const auto twin = outcome([&] { return nn::cross_entropy_plain(scores.mul(4), targets, smoothing); }, {scores});
  CHECK(at::allclose(fused[0], theirs[0], 1e-5, 1e-6));
  CHECK(at::allclose(fused[1], theirs[1], 1e-5, 1e-6));
  CHECK(at::allclose(twin[0], theirs[0], 1e-5, 1e-6));
}

TEST_CASE("cross_entropy: gradients match central differences twice over; what does not fit is refused", "[nn][cross_entropy]") {
  const Tensor scores = leaf({4, 3}, at::kDouble), targets = testing::integers({2, 0, -1, 1});
  const auto f = [&] { return nn::cross_entropy(scores, targets, 0.2).square().sum(); };
  CHECK(worst_gradient(f, {scores}) < 1e-8);
  CHECK(worst_gradient([&] { return slope_of(f, scores); }, {scores}) < 1e-7);
  CHECK(message_of([&] { nn::cross_entropy(scores, testing::integers({0, 1, 3, 0})); }) ==
        "[graft/nn] targets must be below the number of classes, 3, got 3");
  CHECK(message_of([&] { nn::cross_entropy(scores, testing::integers({0})); }) ==
        "[graft/nn] cross_entropy needs scores [B, C] and targets [B] of type int64");
}

TEST_CASE("bfloat16: layers give float's results to 3 digits, and gradients of parameters are float", "[nn][bf16]") {
  torch::manual_seed(4);
  nn::Linear first(64, 128, Rng(1)), second(128, 64, Rng(2));
  const auto norm = norm_of(64);
  const Tensor x = leaf({50, 64});
  const std::vector<Tensor> inputs = {x, first.weight, first.bias, second.weight, norm->weight, norm->bias};
  const auto run = [&](at::ScalarType precision) {
    const Call call = training_call(precision);
    return outcome([&] { return norm->forward(second.forward(first.forward_gelu(x, call), call), x, 0.1, call).to(at::kFloat); },
                   inputs);
  };
  const auto narrow = run(at::kBFloat16), wide = run(at::kFloat);
  for (const Tensor& tensor : narrow) CHECK(tensor.scalar_type() == at::kFloat);
  CHECK(furthest(narrow, wide) < 1.5e-2);
  CHECK(furthest(narrow, wide) > 1e-4);  // it did run in bfloat16
}

TEST_CASE("bfloat16: a changed weight is seen by the next pass", "[nn][bf16]") {
  nn::Linear layer(2, 1, Rng(1), false);
  const Call call = training_call(at::kBFloat16);
  const Tensor x = testing::matrix({{1, 1}});
  at::NoGradGuard no_grad;
  layer.weight.fill_(1);
  CHECK(layer.forward(x, call).item<float>() == 2);
  layer.weight.fill_(3);
  CHECK(layer.forward(x, call).item<float>() == 6);
}

TEST_CASE("patch: runs before and after its layer, when its set is active", "[nn][patch]") {
  nn::Linear layer(1, 1, Rng(1));
  {
    at::NoGradGuard no_grad;
    layer.weight.fill_(10);
    layer.bias.fill_(0);
  }
  layer.attach("shift", std::make_shared<Shift>());
  const Tensor x = testing::matrix({{3}});
  CHECK(layer.forward(x, Call()).item<float>() == ((3 + 1) * 10 + 3) * 2);
  CHECK(layer.forward_gelu(x, Call()).item<float>() == Approx(86));
  Call::Options options;
  options.adapters = {"other"};
  CHECK(layer.forward(x, Call(options)).item<float>() == 30);
  CHECK(layer.named_parameters().contains("shift.amount"));
  CHECK(message_of([&] { layer.attach("shift", std::make_shared<Shift>()); }) ==
        "[graft/nn] a layer has one patch of the set shift, a second was attached");
  CHECK(message_of([&] { layer.attach("weight", std::make_shared<Shift>()); }) ==
        "[graft/nn] a patch set can't be named weight, which is a parameter of the layer");
  CHECK(message_of([&] { layer.merge("shift"); }) == "[graft/nn] this patch can't be folded into its layer");
}
