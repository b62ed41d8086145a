#include "adapter_case.hpp"
#include "graft/model.hpp"

TEST_CASE("vera: lambda_b * (B (lambda_d * (A x))) by hand", "[adapter][vera]") {
  Toy model;
  adapter("vera", R"({"rank": 2, "layers": ["query"]})")->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  for (const char* name : {"self.query.weight", "self.query.bias"}) model.named(name).zero_();
  auto buffers = model.named_buffers();
  write_parameter(buffers["self.query.vera.A"], at::ones({2, 6}));
  write_parameter(buffers["self.query.vera.B"], at::full({5, 2}, 2.0));
  write_parameter(model.named("self.query.vera.lambda_d"), at::tensor({1.0, 10.0}));
  write_parameter(model.named("self.query.vera.lambda_b"), at::tensor({1.0, 0.0, -1.0, 2.0, 0.5}));
  const Tensor y = model.query->forward(testing::matrix({{1, 2, 0, 0, 0, 0}}), Call());
  CHECK(at::equal(y, at::tensor({66.f, 0.f, -66.f, 132.f, 33.f}).unsqueeze(0)));  // 3, then 3 + 30, times 2
}

TEST_CASE("vera: meets the contract of adapters: rank + out elements a layer", "[adapter][vera]") {
  check_contract("vera", R"({"rank": 7, "layers": ["query"]})", 7 + 5);
  check_contract("vera", R"({"rank": 7, "layers": ["*"], "d_initial": 0.5})", 3 * 7 + 5 + 5 + 4);
}

TEST_CASE("vera: all layers share one pair of matrices, as wide as the widest, saved once", "[adapter][vera]") {
  Toy model;
  adapter("vera", R"({"rank": 3, "layers": ["*"]})")->attach(model, Rng(1));
  auto buffers = model.named_buffers();
  CHECK(buffers["self.query.vera.A"].is_same(buffers["output.dense.vera.A"]));
  CHECK(buffers["self.query.vera.A"].sizes() == at::IntArrayRef{3, 6});
  CHECK(buffers["output.dense.vera.B"].sizes() == at::IntArrayRef{5, 3});
  CHECK(buffers["self.query.vera.A"].abs().max().item<double>() <= 1.0);  // sqrt(6 / 6)
  CHECK(buffers["self.query.vera.B"].abs().max().item<double>() <= std::sqrt(6.0 / 3));
  int saved = 0;
  for (const auto& [name, tensor] : named_tensors(model)) saved += name.ends_with(".A") || name.ends_with(".B");
  CHECK(saved == 2);
}

TEST_CASE("vera: gradients are those of central differences", "[adapter][vera]") {
  CHECK(worst_toy_gradient("vera", R"({"rank": 3, "layers": ["*"]})") < 1e-8);
}

TEST_CASE("vera: another seed draws other matrices; a layer that is not there is refused", "[adapter][vera]") {
  const auto start = [](std::uint64_t seed) {
    Toy model;
    adapter("vera", R"({"layers": ["query"]})")->attach(model, Rng(seed));
    return model.named_buffers()["self.query.vera.A"].clone();
  };
  CHECK(at::equal(start(1), start(1)));
  CHECK_FALSE(at::equal(start(1), start(2)));
  Toy model;
  CHECK(message_of([&] { adapter("vera", R"({"layers": ["kuery"]})")->attach(model, Rng(1)); }) ==
        "[graft/vera] layers: no linear layer of this model has a name that ends in kuery, did you mean query? (they end in "
        "dense, query)");
}
