#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/error.hpp"
#include "graft/nn/attention.hpp"

using namespace graft;

namespace {

struct Case {
  Tensor q, k, v, offsets;
  std::int64_t longest;
};

Case random_case(std::vector<std::int64_t> lengths, std::int64_t heads, std::int64_t width, at::ScalarType type) {
  torch::manual_seed(3);
  std::vector<std::int32_t> offsets = {0};
  for (std::int64_t length : lengths) offsets.push_back(offsets.back() + static_cast<std::int32_t>(length));
  const auto draw = [&] { return at::randn({offsets.back(), heads, width}, type).requires_grad_(); };
  return {draw(), draw(), draw(), at::tensor(offsets, at::kInt), *std::max_element(lengths.begin(), lengths.end())};
}

Call training_call(std::uint64_t key = 5) {
  Call::Options options;
  options.training = true;
  options.key = key;
  return Call(options);
}

struct Outcome {
  Tensor out, dq, dk, dv;
};

template <class Attention>
Outcome run(const Attention& attention, const Case& c, double p) {
  const Tensor out = attention(c.q, c.k, c.v, p);
  torch::manual_seed(4);
  const Tensor direction = at::randn(out.sizes(), out.options());
  const auto gradients = torch::autograd::grad({out.mul(direction).sum()}, {c.q, c.k, c.v});
  return {out.detach(), gradients[0], gradients[1], gradients[2]};
}

Outcome fast(const Case& c, double p) {
  return run([&](const Tensor& q, const Tensor& k, const Tensor& v,
                 double drop) { return nn::attention(q, k, v, c.offsets, c.longest, drop, training_call()); },
             c, p);
}

Outcome plain(const Case& c, double p) {
  return run([&](const Tensor& q, const Tensor& k, const Tensor& v,
                 double drop) { return nn::attention_plain(q, k, v, c.offsets, drop, training_call()); },
             c, p);
}

double furthest(const Tensor& a, const Tensor& b) { return a.sub(b).abs().max().item<double>(); }

double furthest(const Outcome& a, const Outcome& b) {
  return std::max({furthest(a.out, b.out), furthest(a.dq, b.dq), furthest(a.dk, b.dk), furthest(a.dv, b.dv)});
}

bool same_bits(const Outcome& a, const Outcome& b) {
  return at::equal(a.out, b.out) && at::equal(a.dq, b.dq) && at::equal(a.dk, b.dk) && at::equal(a.dv, b.dv);
}

}  // namespace

TEST_CASE("attention: a query that finds its keys 1 to 3 weighs their values 1 to 3", "[nn][attention]") {
  const auto column = [](std::vector<double> values) { return at::tensor(values, at::kFloat).view({-1, 1, 1}); };
  const Tensor offsets = at::tensor(std::vector<int>{0, 2, 3}, at::kInt);
  const Tensor out = nn::attention(column({1, 0, 7}), column({0, std::log(3.0), 1}), column({0, 4, 9}), offsets, 2, 0, Call());
  CHECK(out[0].item<float>() == Approx(3));  // softmax(0, ln 3) = 1/4, 3/4
  CHECK(out[1].item<float>() == Approx(2));  // a zero query weighs all alike
  CHECK(out[2].item<float>() == Approx(9));  // the other row is not seen
}

TEST_CASE("attention: one row gives what LibTorch's own attention gives", "[nn][attention]") {
  const Case c = random_case({70}, 4, 32, at::kFloat);
  const auto batched = [](const Tensor& x) { return x.detach().transpose(0, 1).unsqueeze(0); };
  const Tensor reference = at::scaled_dot_product_attention(batched(c.q), batched(c.k), batched(c.v)).squeeze(0).transpose(0, 1);
  CHECK(furthest(fast(c, 0).out, reference) < 2e-6);
}

TEST_CASE("attention: results and gradients are those of the plain twin, for any head size and length", "[nn][attention]") {
  const double p = GENERATE(0.0, 0.3);
  const std::int64_t width = GENERATE(1, 5, 12, 32, 64);
  const std::vector<std::int64_t> lengths = {1, 2, 47, 48, 49, 0, 130, 8};
  CAPTURE(p, width);
  const Case single = random_case(lengths, 3, width, at::kFloat);
  CHECK(furthest(fast(single, p), plain(single, p)) < 3e-5);  // sums of up to 130 terms of size 1 to 5, in float
  const Case twice = random_case(lengths, 3, width, at::kDouble);
  CHECK(furthest(fast(twice, p), plain(twice, p)) < 1e-12);
}

TEST_CASE("attention: a row of 512 tokens agrees with the plain twin", "[nn][attention]") {
  const Case c = random_case({512, 3}, 2, 32, at::kFloat);
  CHECK(furthest(fast(c, 0.1), plain(c, 0.1)) < 3e-5);
}

TEST_CASE("attention: gradients match central differences", "[nn][attention]") {
  const Case c = random_case({3, 1, 5}, 2, 3, at::kDouble);
  const Tensor direction = at::randn(c.q.sizes(), at::kDouble);
  const double worst = worst_gradient(
      [&] { return nn::attention(c.q, c.k, c.v, c.offsets, c.longest, 0.4, training_call()).mul(direction).sum(); },
      {c.q, c.k, c.v});
  CHECK(worst < 1e-8);
}

TEST_CASE("attention: the number of threads changes no bit", "[nn][attention]") {
  const Case c = random_case({5, 33, 1, 90, 17, 64, 2, 41}, 6, 20, at::kFloat);
  at::set_num_threads(1);
  const Outcome one = fast(c, 0.2);
  at::set_num_threads(2);
  CHECK(same_bits(one, fast(c, 0.2)));
}

TEST_CASE("attention: only first tokens asking gives the first rows of everybody asking", "[nn][attention]") {
  const double p = GENERATE(0.0, 0.3);
  const Case c = random_case({4, 1, 60, 13}, 3, 12, at::kDouble);
  const Tensor first = at::tensor(std::vector<std::int64_t>{0, 4, 5, 65});
  const Tensor asking = c.q.index_select(0, first);
  const Tensor direction = at::randn(asking.sizes(), at::kDouble);
  const auto gradients = [&](const Tensor& out) { return torch::autograd::grad({out.mul(direction).sum()}, {c.q, c.k, c.v}); };
  const Tensor few = nn::attention(asking, c.k, c.v, c.offsets, c.longest, p, training_call());
  const Tensor all = nn::attention(c.q, c.k, c.v, c.offsets, c.longest, p, training_call()).index_select(0, first);
  CHECK(furthest(few, all) < 1e-14);
  const auto a = gradients(few), b = gradients(all);
  for (int i = 0; i < 3; ++i) CHECK(furthest(a[i], b[i]) < 1e-13);
  CHECK(furthest(few, nn::attention_plain(asking, c.k, c.v, c.offsets, p, training_call())) < 1e-13);
}

TEST_CASE("attention: no tokens give no tokens", "[nn][attention]") {
  const Tensor none = at::empty({0, 2, 4});
  CHECK(nn::attention(none, none, none, at::zeros({1}, at::kInt), 0, 0, Call()).size(0) == 0);
}

TEST_CASE("attention: dropout acts in training only, and two passes drop differently", "[nn][attention]") {
  const Case c = random_case({20}, 2, 8, at::kFloat);
  const auto pass = [&](const Call& call) { return nn::attention(c.q, c.k, c.v, c.offsets, c.longest, 0.5, call).detach(); };
  CHECK(at::equal(pass(Call()), fast(c, 0).out));
  const Call call = training_call();
  const Tensor first = pass(call);
  CHECK_FALSE(at::equal(first, pass(call)));
  CHECK(at::equal(first, pass(training_call())));
}

TEST_CASE("attention: what it cannot do it refuses", "[nn][attention]") {
  const Case c = random_case({3, 2}, 2, 4, at::kFloat);
  const auto call = [&](const Tensor& q, const Tensor& offsets, double p) {
    return message_of([&] { nn::attention(q, c.k, c.v, offsets, c.longest, p, training_call()); });
  };
  CHECK(call(c.q, c.offsets, 1.0) == "[graft/nn] dropout must be in [0, 1), got 1.000000");
  CHECK(call(c.q.narrow(0, 0, 4), c.offsets, 0) ==
        "[graft/nn] attention needs k and v of one shape [N, H, d], and q of that shape or [B, H, d]");
  CHECK(call(c.q, c.offsets.to(at::kLong), 0) == "[graft/nn] attention needs offsets [B + 1] of type int32");
  CHECK(call(c.q, at::tensor(std::vector<int>{0, 4, 2, 5}, at::kInt), 0) ==
        "[graft/nn] attention needs offsets that rise from 0 to the number of tokens, 5");
}

TEST_CASE("attention: its gradient can be differentiated, and matches central differences", "[nn][attention]") {
  const Case c = random_case({2, 3}, 1, 4, at::kDouble);
  const auto slope = [&] {
    at::AutoGradMode with_graph(true);
    const Tensor out = nn::attention(c.q, c.k, c.v, c.offsets, c.longest, 0.2, training_call());
    return torch::autograd::grad({out.pow(2).sum()}, {c.k}, {}, true, /*create_graph=*/true)[0].square().sum();
  };
  CHECK(worst_gradient(slope, {c.q, c.k, c.v}) < 1e-6);
}

TEST_CASE("attention: causal, a token sees itself and those before it", "[nn][attention]") {
  const double p = GENERATE(0.0, 0.2);
  const std::int64_t width = GENERATE(5, 32);
  const Case c = random_case({1, 17, 0, 48, 49, 130}, 2, width, at::kFloat);
  const auto causal = [&](const Tensor& q, const Tensor& k, const Tensor& v, double drop) {
    return nn::attention(q, k, v, c.offsets, c.longest, drop, training_call(), true);
  };
  const auto twin = [&](const Tensor& q, const Tensor& k, const Tensor& v, double drop) {
    return nn::attention_plain(q, k, v, c.offsets, drop, training_call(), true);
  };
  CHECK(furthest(run(causal, c, p), run(twin, c, p)) < 3e-5);
  if (p > 0) return;
  const auto by_head = [](const Tensor& x) { return x.detach().narrow(0, 18, 48).transpose(0, 1).unsqueeze(0); };
  const Tensor theirs = at::scaled_dot_product_attention(by_head(c.q), by_head(c.k), by_head(c.v), {}, 0, true);
  const Tensor ours = causal(c.q, c.k, c.v, 0).detach().narrow(0, 18, 48).transpose(0, 1).unsqueeze(0);
  CHECK(furthest(ours, theirs) < 1e-5);
}

TEST_CASE("attention: causal, the first token of each row sees itself alone", "[nn][attention]") {
  const Case c = random_case({3, 5}, 2, 8, at::kFloat);
  const Tensor first = c.q.detach().index_select(0, at::tensor({0, 3}, at::kLong));
  const Tensor out = nn::attention(first, c.k, c.v, c.offsets, c.longest, 0, Call(), true);
  CHECK(at::allclose(out, c.v.detach().index_select(0, at::tensor({0, 3}, at::kLong))));
}

namespace {

// A result and the gradients of q, k and v.
std::vector<Tensor> run_as(at::ScalarType type, const Case& c, const Tensor& dout, bool is_causal) {
  std::vector<Tensor> inputs;
  for (const Tensor& x : {c.q, c.k, c.v}) inputs.push_back(x.detach().to(type).requires_grad_());
  const Tensor out = nn::attention(inputs[0], inputs[1], inputs[2], c.offsets, c.longest, 0.3, training_call(), is_causal);
  out.backward(dout.to(type));
  return {out.detach(), inputs[0].grad(), inputs[1].grad(), inputs[2].grad()};
}

}  // namespace

TEST_CASE("attention: bfloat16 is computed in float between its roundings", "[nn][attention]") {
  const std::int64_t width = GENERATE(5, 16, 32);
  const bool is_causal = GENERATE(false, true);
  CAPTURE(width, is_causal);
  const Case c = random_case({5, 30, 0, 70}, 2, width, at::kBFloat16);
  const Tensor dout = at::randn(c.q.sizes(), at::kFloat).to(at::kBFloat16);
  const auto narrow = run_as(at::kBFloat16, c, dout, is_causal), wide = run_as(at::kFloat, c, dout, is_causal);
  for (const Tensor& x : narrow) CHECK(x.scalar_type() == at::kBFloat16);
  for (std::size_t i = 0; i < 4; ++i) CHECK(at::equal(narrow[i], wide[i].to(at::kBFloat16)));
}
