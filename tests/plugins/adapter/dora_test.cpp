#include <ATen/ops/linalg_vector_norm.h>
#include <ATen/ops/matmul.h>
#include <torch/csrc/autograd/autograd.h>

#include "adapter_case.hpp"

namespace {

constexpr const char* kOnQuery = R"({"rank": 2, "alpha": 3, "layers": ["query"]})";

// query's gradients by autograd of the formula as written: m / |V| * V x + b, with |V| as a constant or not.
std::vector<Tensor> written_out(Toy& model, const Tensor& x, bool is_constant) {
  Tensor a = model.named("self.query.dora.A"), b = model.named("self.query.dora.B");
  Tensor m = model.named("self.query.dora.magnitude");
  const Tensor v = model.query->weight.add(at::matmul(b, a), 1.5);
  const Tensor length = at::linalg_vector_norm(v, 2, at::IntArrayRef{1});
  const Tensor scaled = v.mul(m.div(is_constant ? length.detach() : length).unsqueeze(1));
  const Tensor y = at::linear(x, scaled, model.query->bias);
  return torch::autograd::grad({y.sin().sum()}, {a, b, m});
}

}  // namespace

TEST_CASE("dora: a row of the weight keeps its direction and takes the magnitude's length", "[adapter][dora]") {
  Toy model;
  adapter("dora", kOnQuery)->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  write_parameter(model.query->weight, at::tensor({3.0, 4.0, 0.0, 0.0, 0.0, 0.0}).expand({5, 6}));
  write_parameter(model.query->bias, at::ones({5}));
  write_parameter(model.named("self.query.dora.magnitude"), at::tensor({5.0, 10.0, 1.0, 0.0, -5.0}));
  const Tensor y = model.query->forward(testing::matrix({{1, 1, 0, 0, 0, 0}}), Call());
  CHECK(at::allclose(y, at::tensor({8.f, 15.f, 2.4f, 1.f, -6.f}).unsqueeze(0)));
}

TEST_CASE("dora: meets the contract of adapters", "[adapter][dora]") {
  check_contract("dora", kOnQuery, 2 * (6 + 5) + 5);
  check_contract("dora", R"({"rank": 3, "layers": ["*"], "rank_stabilised": true})", 3 * (11 + 10 + 9) + 5 + 5 + 4);
}

TEST_CASE("dora: the length of a row counts as a constant in its gradients", "[adapter][dora]") {
  Toy model;
  adapter("dora", kOnQuery)->attach(model, Rng(4));
  disturb(model);
  model.to(at::kDouble);
  const Tensor x = toy_input().to(at::kDouble);
  const std::vector<Tensor> constant = written_out(model, x, true), full = written_out(model, x, false);
  const auto ours = torch::autograd::grad(
      {model.query->forward(x, Call()).sin().sum()},
      {model.named("self.query.dora.A"), model.named("self.query.dora.B"), model.named("self.query.dora.magnitude")});
  for (std::size_t i = 0; i < 3; ++i) CHECK(relative_difference(ours[i], constant[i]) < 1e-12);
  for (std::size_t i = 0; i < 2; ++i) CHECK(relative_difference(ours[i], full[i]) > 1e-2);
}

TEST_CASE("dora: the magnitude's gradient is that of central differences", "[adapter][dora]") {
  Toy model;
  adapter("dora", kOnQuery)->attach(model, Rng(4));
  disturb(model);
  model.to(at::kDouble);
  const Tensor x = toy_input().to(at::kDouble);
  CHECK(worst_gradient([&] { return model.run(x).sin().sum(); }, {model.named("self.query.dora.magnitude")}) < 1e-8);
}

TEST_CASE("dora: a row of zeros stays zero at the start", "[adapter][dora]") {
  Toy model;
  write_parameter(model.query->weight, at::zeros({5, 6}));
  const Tensor base = model.run(toy_input()).detach();
  adapter("dora", kOnQuery)->attach(model, Rng(1));
  CHECK(at::equal(model.run(toy_input()), base));
}

TEST_CASE("dora: must be the first on its layer, and finds its layers", "[adapter][dora]") {
  Toy model;
  adapter("lora", R"({"layers": ["query"]})")->attach(model, Rng(1));
  CHECK(message_of([&] { adapter("dora", kOnQuery)->attach(model, Rng(1)); }) ==
        "[graft/dora] self.query has a patch of lora already: in adapters, put this one before it");
  CHECK(message_of([&] { adapter("dora", R"({"layers": ["qury"]})")->attach(model, Rng(1)); }) ==
        "[graft/dora] layers: no linear layer of this model has a name that ends in qury, did you mean query? (they end in "
        "dense, query)");
}
