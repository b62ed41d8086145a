#include <ATen/Parallel.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/error.hpp"
#include "graft/nn/columns.hpp"
#include "graft/nn/embedding.hpp"
#include "graft/nn/init.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/nn/sparse_linear.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

void put(Tensor& parameter, std::vector<double> values) {
  at::NoGradGuard no_grad;
  parameter.copy_(at::tensor(values).view(parameter.sizes()));
}

SparseRows sparse(std::vector<int> ids, std::vector<double> values, std::vector<int> offsets, std::int64_t width) {
  return {at::tensor(ids, at::kInt), at::tensor(values, at::kFloat), at::tensor(offsets, at::kInt), width};
}

}  // namespace

TEST_CASE("linear: y = x W^T + b", "[nn][linear]") {
  nn::Linear layer(2, 3, Rng(1));
  put(layer.weight, {1, 2, 3, 4, 5, 6});
  put(layer.bias, {10, 20, 30});
  CHECK(at::equal(layer.forward(testing::matrix({{1, -1}}), Call()), testing::matrix({{9, 19, 29}})));
  CHECK(layer.named_parameters().keys() == std::vector<std::string>{"weight", "bias"});
  CHECK_FALSE(nn::Linear(2, 3, Rng(1), false).bias.defined());
}

TEST_CASE("linear: starts uniform within 1 / sqrt(in), as torch's", "[nn][linear]") {
  const nn::Linear layer(400, 300, Rng(7));
  const double bound = 1 / std::sqrt(400.0);
  for (const Tensor& tensor : {layer.weight.detach(), layer.bias.detach()}) {
    CHECK(tensor.abs().max().item<double>() <= bound);
    CHECK(tensor.abs().max().item<double>() > 0.95 * bound);
    CHECK(tensor.var(false).item<double>() == Approx(bound * bound / 3).epsilon(0.1));
  }
  CHECK(std::abs(layer.weight.mean().item<double>()) < 4 * bound / std::sqrt(3.0 * 120000));
  CHECK(at::equal(layer.weight, nn::Linear(400, 300, Rng(7)).weight));
  CHECK_FALSE(at::equal(layer.weight, nn::Linear(400, 300, Rng(8)).weight));
}

TEST_CASE("init: a normal has its mean, deviation and tails, for any number of threads", "[nn][init]") {
  Tensor one = at::empty({1 << 20}), two = at::empty({1 << 20});
  at::set_num_threads(1);
  nn::normal_(one, 0.02, Rng(3));
  at::set_num_threads(2);
  nn::normal_(two, 0.02, Rng(3));
  CHECK(at::equal(one, two));
  CHECK(std::abs(one.mean().item<double>()) < 4 * 0.02 / 1024);
  CHECK(one.std().item<double>() == Approx(0.02).epsilon(0.005));
  CHECK(one.abs().gt(0.04).to(at::kDouble).mean().item<double>() == Approx(0.0455).epsilon(0.03));
  Tensor turned = at::empty({4, 5}).t();
  CHECK(message_of([&] { nn::normal_(turned, 1, Rng(1)); }) ==
        "[graft/nn] a parameter is initialised as a contiguous float or double tensor on the CPU");
}

TEST_CASE("embedding: gives the rows of its table and refuses ids beyond it", "[nn][embedding]") {
  nn::Embedding table(3, 2, Rng(1));
  CHECK(
      at::equal(table.forward(testing::integers({2, 0, 2}), Call()), table.weight.index_select(0, testing::integers({2, 0, 2}))));
  CHECK(message_of([&] { table.forward(testing::integers({0, 3}), Call()); }) ==
        "[graft/nn] ids must be in [0, 3), got 3 at position 1");
  CHECK(message_of([&] { table.forward(testing::integers({-1}), Call()); }) ==
        "[graft/nn] ids must be in [0, 3), got -1 at position 0");
}

TEST_CASE("embedding: a large table's gradient is sparse and equals the dense one, and can be differentiated",
          "[nn][embedding]") {
  nn::Embedding table(1 << 18, 4, Rng(1));
  const Tensor ids = testing::integers({7, 0, 7, 262143});
  const Tensor direction = at::arange(16, at::kFloat).view({4, 4});
  const Tensor dense = torch::autograd::grad({at::embedding(table.weight, ids).mul(direction).sum()}, {table.weight})[0];
  const Tensor sparse = torch::autograd::grad({table.forward(ids, Call()).mul(direction).sum()}, {table.weight})[0];
  CHECK(sparse.is_sparse());
  CHECK(at::equal(sparse.to_dense(), dense));

  const Tensor cubed = table.forward(ids, Call()).pow(3).sum();
  const Tensor first = torch::autograd::grad({cubed}, {table.weight}, {}, true, /*create_graph=*/true)[0];
  const Tensor second = torch::autograd::grad({first.sum()}, {table.weight})[0].to_dense();
  const Tensor expected = at::zeros_like(second).index_add_(0, ids, at::embedding(table.weight, ids).mul(6));
  CHECK(at::allclose(second, expected, 1e-5, 1e-6));
}

TEST_CASE("layer_norm: (1, 3) becomes (-1, 1), then weight and bias", "[nn][layer_norm]") {
  nn::LayerNorm layer(2, 0);
  put(layer.weight, {2, 3});
  put(layer.bias, {10, 20});
  CHECK(at::allclose(layer.forward(testing::matrix({{1, 3}}), Call()), testing::matrix({{8, 23}})));
}

TEST_CASE("sparse_linear: result and gradients are those of the dense product", "[nn][sparse_linear]") {
  const SparseRows x = sparse({0, 4, 2, 1, 4}, {1, -2, 0.5, 3, 4}, {0, 2, 2, 3, 5}, 5);
  const Tensor dense = testing::matrix({{1, 0, 0, 0, -2}, {0, 0, 0, 0, 0}, {0, 0, 0.5, 0, 0}, {0, 3, 0, 0, 4}});
  const Tensor weight = at::randn({3, 5}).requires_grad_(), bias = at::randn({3}).requires_grad_();
  const Tensor direction = at::randn({4, 3});
  const auto outcome = [&](const Tensor& y) { return torch::autograd::grad({y.mul(direction).sum()}, {weight, bias}); };
  const Tensor y = nn::sparse_linear(x, weight, bias), reference = at::linear(dense, weight, bias);
  CHECK(at::allclose(y, reference, 1e-6, 1e-6));
  const auto ours = outcome(y), theirs = outcome(reference);
  CHECK(at::allclose(ours[0], theirs[0], 1e-6, 1e-6));
  CHECK(at::allclose(ours[1], theirs[1], 1e-6, 1e-6));
  const Tensor twice = weight.to(at::kDouble);  // the way of other devices and types
  CHECK(at::allclose(nn::sparse_linear(x, twice, bias.to(at::kDouble)), reference.to(at::kDouble), 1e-5, 1e-6));
}

TEST_CASE("sparse_linear: what does not fit is refused", "[nn][sparse_linear]") {
  const Tensor weight = at::zeros({2, 5}).requires_grad_();
  CHECK(message_of([&] { nn::sparse_linear(sparse({0}, {1}, {0, 1}, 4), weight, {}); }) ==
        "[graft/nn] sparse_linear needs a weight of width 4, got 5");
  CHECK(message_of([&] { nn::sparse_linear(sparse({7}, {1}, {0, 1}, 5), weight, {}); }) ==
        "[graft/nn] sparse ids must be in [0, 5), got 7");
  const Tensor y = nn::sparse_linear(sparse({1}, {1}, {0, 1}, 5), weight, {});
  CHECK(message_of([&] { torch::autograd::grad({y.sum()}, {weight}, {}, true, true); }) ==
        "[graft/nn] sparse_linear has no second derivative");
}

TEST_CASE("side_by_side: numbers, integers and vectors become one matrix", "[nn][columns]") {
  const Batch batch = testing::batch({{"a", testing::numbers({1, 2})},
                                      {"b", testing::integers({3, 4})},
                                      {"c", testing::matrix({{5, 6}, {7, 8}})},
                                      {"bad", testing::numbers({0, NAN})}});
  const std::vector<std::string> columns = {"c", "a", "b"};
  CHECK(at::equal(nn::side_by_side(batch, columns, "here"), testing::matrix({{5, 6, 1, 3}, {7, 8, 2, 4}})));
  const Schema schema = {{"a", FieldKind::kNumber, {}, {}},
                         {"b", FieldKind::kInteger, {}, {}},
                         {"c", FieldKind::kVector, {2}, {}},
                         {"t", FieldKind::kText, {}, {}}};
  CHECK(nn::width_of(schema, columns, "here") == 4);
  CHECK(message_of([&] { nn::width_of(schema, {"t"}, "here"); }) == "[here] column t must be number, integer or vector, is text");
  CHECK(message_of([&] { nn::side_by_side(batch, {"bad"}, "here"); }) ==
        "[here] column bad must have no missing number, but has one in row 1: drop such rows or fill them in (a step impute)");
}
