#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/nn/attention.hpp"
#include "graft/nn/linear.hpp"
#include "graft/nn/self_attention.hpp"
#include "graft/nn/token_embedding.hpp"
#include "graft/nn/virtual_tokens.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

const Ragged kRows = {testing::matrix({{1}, {2}, {3}}), at::tensor({0, 1, 1, 3}, at::kInt), 2};
const Tensor kTokens = testing::matrix({{-1}, {-2}});

struct Extra final : nn::Patch {
  explicit Extra(std::vector<Tensor> given) : extra(std::move(given)) {}
  std::vector<Tensor> tokens(const Call&) const override { return extra; }
  std::vector<Tensor> extra;
};

struct Doubled final : nn::Patch {
  Tensor weight(const Tensor& weight, const Call& call) const override { return call.training() ? weight.mul(2) : weight; }
};

Call training_call(std::uint64_t key = 3) {
  Call::Options options;
  options.training = true;
  options.key = key;
  return Call(options);
}

Tensor drawn(std::uint64_t key, std::int64_t n, at::ScalarType type = at::kFloat) {
  return Rng(key).uniform_like(at::empty({n, 6}, type)).sub(0.5).mul(2);
}

}  // namespace

TEST_CASE("virtual tokens: stand before or behind each row, an empty one too", "[nn][virtual_tokens]") {
  const Ragged before = nn::add_tokens(kRows, kTokens), behind = nn::add_tokens(kRows, kTokens, nn::Side::kBehind);
  CHECK(at::equal(before.values, testing::matrix({{-1}, {-2}, {1}, {-1}, {-2}, {-1}, {-2}, {2}, {3}})));
  CHECK(at::equal(behind.values, testing::matrix({{1}, {-1}, {-2}, {-1}, {-2}, {2}, {3}, {-1}, {-2}})));
  for (const Ragged& rows : {before, behind}) {
    CHECK(at::equal(rows.offsets, at::tensor({0, 3, 5, 9}, at::kInt)));
    CHECK(rows.longest == 4);
  }
}

TEST_CASE("virtual tokens: taken off again the rows are as before", "[nn][virtual_tokens]") {
  for (const nn::Side side : {nn::Side::kBefore, nn::Side::kBehind}) {
    const Ragged rows = nn::drop_tokens(nn::add_tokens(kRows, kTokens, side), 2, side);
    CHECK(at::equal(rows.values, kRows.values));
    CHECK(at::equal(rows.offsets, kRows.offsets));
    CHECK(rows.offsets.scalar_type() == at::kInt);
    CHECK(rows.longest == 2);
  }
}

TEST_CASE("virtual tokens: no rows stay no rows; tokens take the type of the values", "[nn][virtual_tokens]") {
  const Ragged none = nn::add_tokens({at::empty({0, 1}), at::zeros({1}, at::kInt), 0}, kTokens);
  CHECK(none.values.size(0) == 0);
  CHECK(none.longest == 0);
  const Ragged half = nn::add_tokens({kRows.values.to(at::kBFloat16), kRows.offsets, 2}, kTokens);
  CHECK(half.values.scalar_type() == at::kBFloat16);
}

TEST_CASE("virtual tokens: gradients are those of central differences", "[nn][virtual_tokens]") {
  const Tensor values = kRows.values.to(at::kDouble).requires_grad_(), tokens = kTokens.to(at::kDouble).requires_grad_();
  const Tensor direction = at::arange(9, at::kDouble).unsqueeze(1);
  const auto loss = [&] {
    const Ragged rows = nn::add_tokens({values, kRows.offsets, 2}, tokens);
    return rows.values.mul(direction).sin().sum().add(nn::drop_tokens(rows, 2).values.square().sum());
  };
  CHECK(worst_gradient(loss, {values, tokens}) < 1e-7);
}

TEST_CASE("self attention: without patches it is attention()", "[nn][self_attention]") {
  const nn::SelfAttention layer(6, 2, 0.3);
  const Tensor q = drawn(1, 5), k = drawn(2, 5), v = drawn(3, 5), offsets = at::tensor({0, 2, 5}, at::kInt);
  const auto by_head = [](const Tensor& x) { return x.view({-1, 2, 3}); };
  const Tensor reference = nn::attention(by_head(q), by_head(k), by_head(v), offsets, 3, 0.3, training_call());
  CHECK(at::equal(layer.forward(q, k, v, offsets, 3, training_call()), reference.view({5, 6})));
  CHECK(layer.virtual_tokens(Call()) == 0);
  CHECK(layer.parameters().empty());
}

TEST_CASE("self attention: a row with more keys is softmax over all of them, row by row", "[nn][self_attention]") {
  nn::SelfAttention layer(6, 2, 0.0);
  const Tensor keys = drawn(4, 3, at::kDouble).requires_grad_(), values = drawn(5, 3, at::kDouble).requires_grad_();
  layer.attach("extra", std::make_shared<Extra>(std::vector<Tensor>{keys, values}));
  const Tensor q = drawn(1, 5, at::kDouble).requires_grad_(), k = drawn(2, 5, at::kDouble), v = drawn(3, 5, at::kDouble);
  const Tensor offsets = at::tensor({0, 2, 5}, at::kInt);
  const auto by_head = [](const Tensor& x) { return x.view({-1, 2, 3}).transpose(0, 1); };
  const auto row = [&](std::int64_t from, std::int64_t to) {
    const Tensor all_keys = by_head(at::cat({keys, k.slice(0, from, to)}));
    const Tensor scores = at::matmul(by_head(q.slice(0, from, to)), all_keys.transpose(1, 2)).div(std::sqrt(3.0));
    return at::matmul(at::softmax(scores, -1), by_head(at::cat({values, v.slice(0, from, to)}))).transpose(0, 1).reshape({-1, 6});
  };
  const Tensor ours = layer.forward(q, k, v, offsets, 3, Call()), theirs = at::cat({row(0, 2), row(2, 5)});
  CHECK(relative_difference(ours.detach(), theirs.detach()) < 1e-12);
  const auto slopes = [&](const Tensor& y) { return torch::autograd::grad({y.sin().sum()}, {q, keys, values}); };
  const auto a = slopes(ours), b = slopes(theirs);
  for (std::size_t i = 0; i < a.size(); ++i) CHECK(relative_difference(a[i], b[i]) < 1e-12);
}

TEST_CASE("self attention: behind more keys too the first tokens alone give what all give, dropout included",
          "[nn][self_attention]") {
  nn::SelfAttention layer(6, 2, 0.5);
  layer.attach("extra", std::make_shared<Extra>(std::vector<Tensor>{drawn(4, 3), drawn(5, 3)}));
  const Tensor q = drawn(1, 5), k = drawn(2, 5), v = drawn(3, 5), offsets = at::tensor({0, 2, 5}, at::kInt);
  const Tensor first = at::tensor({0, 2}, at::kLong);
  const Tensor all = layer.forward(q, k, v, offsets, 3, training_call()).index_select(0, first);
  CHECK(relative_difference(layer.forward(q.index_select(0, first), k, v, offsets, 3, training_call()), all) < 1e-6);
  CHECK(relative_difference(layer.forward(q, k, v, offsets, 3, Call()).index_select(0, first), all) > 1e-2);
}

TEST_CASE("token embedding: without patches the rows of the table under the given offsets", "[nn][token_embedding]") {
  const nn::TokenEmbedding layer(4, 3, Rng(1));
  const Ragged out = layer.forward(testing::tokens({{3}, {1, 2}}), Call());
  CHECK(at::equal(out.values, layer.weight.index_select(0, testing::integers({3, 1, 2}))));
  CHECK(at::equal(out.offsets, at::tensor({0, 1, 3}, at::kInt)));
  CHECK(layer.virtual_tokens(Call()) == 0);
}

TEST_CASE("patch: what it gives for a linear layer's weight is what multiplies, in both precisions", "[nn][patch]") {
  nn::Linear layer(6, 3, Rng(1));
  const Tensor x = drawn(1, 4);
  const Tensor expected = at::linear(x, layer.weight.mul(2), layer.bias).detach(), plain = layer.forward(x, Call()).detach();
  layer.attach("doubled", std::make_shared<Doubled>());
  CHECK(at::equal(layer.forward(x, Call()), plain));
  CHECK(at::equal(layer.forward(x, training_call()), expected));
  Call::Options half;
  half.precision = at::kBFloat16;
  half.training = true;
  const Tensor y = layer.forward(x, Call(half));
  CHECK(y.scalar_type() == at::kBFloat16);
  CHECK(relative_difference(y.detach().to(at::kFloat), expected) < 2e-2);
  const Tensor slope = torch::autograd::grad({y.sum()}, {layer.weight})[0];
  CHECK(slope.scalar_type() == at::kFloat);
  CHECK(relative_difference(slope, x.sum(0).mul(2).expand({3, 6})) < 2e-2);
}
