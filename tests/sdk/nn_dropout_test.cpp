#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/nn/dropout.hpp"

using namespace graft;

namespace {

Call training_call(std::uint64_t key = 5) {
  Call::Options options;
  options.training = true;
  options.key = key;
  return Call(options);
}

}  // namespace

TEST_CASE("dropout: what is kept is scaled by 1 / (1 - p), the rest is zero", "[nn][dropout]") {
  const Tensor x = at::full({1000}, 3.0, at::kFloat);
  const Tensor y = nn::dropout(x, 0.25, training_call());
  const Tensor zero = y.eq(0), kept = y.eq(4);
  CHECK(zero.logical_or(kept).all().item<bool>());
  CHECK(zero.any().item<bool>());
  CHECK(kept.any().item<bool>());
}

TEST_CASE("dropout: drops each element with probability p, independently of its neighbours", "[nn][dropout]") {
  const double p = GENERATE(0.1, 0.5);
  const std::int64_t n = 1 << 22;  // over many blocks
  const Tensor dropped = nn::dropout(at::ones({n}), p, training_call()).eq(0).to(at::kDouble);
  const double deviation = std::sqrt(p * (1 - p) / static_cast<double>(n));
  CHECK(std::abs(dropped.mean().item<double>() - p) < 4 * deviation);
  for (std::int64_t lag : {1, 2, 8, 16, 384, 1 << 16}) {
    const Tensor both = dropped.slice(0, lag).mul(dropped.slice(0, 0, -lag));
    const double spread = std::sqrt(p * p * (1 - p * p) / static_cast<double>(n)) * 2;
    CAPTURE(lag);
    CHECK(std::abs(both.mean().item<double>() - p * p) < 4 * spread);
  }
}

TEST_CASE("dropout: streams of neighbouring keys are independent", "[nn][dropout]") {
  const std::int64_t n = 1 << 20;
  const auto dropped = [&](std::uint64_t key) {
    return nn::dropout(at::ones({n}), 0.5, training_call(key)).eq(0).to(at::kDouble);
  };
  for (std::uint64_t key : {0, 1, 2, 3}) {
    CHECK(std::abs(dropped(key).mul(dropped(key + 1)).mean().item<double>() - 0.25) <
          4 * 0.5 / std::sqrt(static_cast<double>(n)));
  }
}

TEST_CASE("dropout: gradients match central differences, also for doubles and odd sizes", "[nn][dropout]") {
  const Tensor x = at::randn({7, 3}, at::kDouble).requires_grad_();
  CHECK(worst_gradient([&] { return nn::dropout(x, 0.4, training_call()).square().sum(); }, {x}) < 1e-8);
}

TEST_CASE("dropout: threads, float type and memory order do not choose what is dropped", "[nn][dropout]") {
  const Tensor ones = at::ones({300, 1001});
  at::set_num_threads(1);
  const Tensor one = nn::dropout(ones, 0.3, training_call());
  at::set_num_threads(2);
  CHECK(at::equal(one, nn::dropout(ones, 0.3, training_call())));
  CHECK(at::equal(one.eq(0), nn::dropout(ones.to(at::kDouble), 0.3, training_call()).eq(0)));
  CHECK(at::equal(one.eq(0), nn::dropout(ones.to(at::kBFloat16), 0.3, training_call()).eq(0)));
  CHECK(at::equal(one.eq(0), nn::dropout(ones.t().contiguous().t(), 0.3, training_call()).eq(0)));
}

TEST_CASE("dropout: evaluation and p = 0 change nothing, and a second pass drops other elements", "[nn][dropout]") {
  const Tensor x = at::randn({100});
  CHECK(nn::dropout(x, 0.5, Call()).is_same(x));
  CHECK(nn::dropout(x, 0, training_call()).is_same(x));
  const Call call = training_call();
  CHECK_FALSE(at::equal(nn::dropout(x, 0.5, call), nn::dropout(x, 0.5, call)));
}

TEST_CASE("dropout: has a second derivative", "[nn][dropout]") {
  const Tensor x = at::randn({20}, at::kDouble).requires_grad_();
  const auto first = torch::autograd::grad({nn::dropout(x.pow(3), 0.5, training_call()).sum()}, {x}, {}, true, true);
  const auto second = torch::autograd::grad({first[0].sum()}, {x});
  const Tensor mask = nn::dropout(at::ones({20}, at::kDouble), 0.5, training_call());
  CHECK(second[0].sub(mask.mul(x).mul(6)).abs().max().item<double>() < 1e-12);
}

TEST_CASE("dropout: p outside [0, 1) is refused", "[nn][dropout]") {
  const Tensor x = at::ones({1});
  CHECK(message_of([&] { nn::dropout(x, 1, training_call()); }) == "[graft/nn] dropout must be in [0, 1), got 1.000000");
  CHECK(message_of([&] { nn::dropout(x, -0.5, Call()); }) == "[graft/nn] dropout must be in [0, 1), got -0.500000");
}
