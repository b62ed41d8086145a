#include "adapter_case.hpp"
#include "graft/model.hpp"

TEST_CASE("bottleneck: y + up(gelu(down(y))) by hand", "[adapter][bottleneck]") {
  Toy model;
  adapter("bottleneck", R"({"width": 1, "layers": ["query"]})")->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  for (const char* name : {"self.query.weight", "self.query.bottleneck.up.bias"}) model.named(name).zero_();
  write_parameter(model.named("self.query.bias"), at::full({5}, 0.2));
  write_parameter(model.named("self.query.bottleneck.down.weight"), at::ones({1, 5}));
  write_parameter(model.named("self.query.bottleneck.down.bias"), at::ones({1}));
  write_parameter(model.named("self.query.bottleneck.up.weight"), at::full({5, 1}, 3.0));
  const double gelu = 2 * 0.5 * (1 + std::erf(2 / std::sqrt(2.0)));
  CHECK(at::allclose(model.query->forward(toy_input(2), Call()), at::full({2, 5}, 0.2 + 3 * gelu)));
}

TEST_CASE("bottleneck: meets the contract of adapters: 2 * width * out + width + out elements a layer", "[adapter][bottleneck]") {
  check_contract("bottleneck", R"({"width": 3})", 2 * (2 * 3 * 5 + 3) + 5 + 5 - (2 * 3 + 1));
  check_contract("bottleneck", R"({"width": 2, "layers": ["output.dense", "!attention.output.dense"]})", 2 * 2 * 4 + 2 + 4);
}

TEST_CASE("bottleneck: gradients are those of central differences", "[adapter][bottleneck]") {
  CHECK(worst_toy_gradient("bottleneck", R"({"width": 3, "layers": ["*"]})") < 1e-8);
}

TEST_CASE("bottleneck: is switched off with its set, and can't be merged", "[adapter][bottleneck]") {
  Toy model;
  const Tensor base = model.run(toy_input()).detach();
  const auto made = adapter("bottleneck");
  made->attach(model, Rng(1));
  disturb(model);
  Call::Options off;
  off.adapters = {"another"};
  CHECK(at::equal(model.run(toy_input(), Call(off)), base));
  CHECK_FALSE(made->can_merge());
  CHECK(message_of([&] { made->merge(model); }) != "(nothing was thrown)");
}

TEST_CASE("bottleneck: what merges must stand before it on a layer", "[adapter][bottleneck]") {
  Toy model;
  adapter("bottleneck", R"({"layers": ["query"]})")->attach(model, Rng(1));
  CHECK(message_of([&] { adapter("lora", R"({"layers": ["query"]})")->attach(model, Rng(1)); }) ==
        "[graft/lora] self.query has a patch of bottleneck already: in adapters, put this one before it");
  adapter("lora", R"({"layers": ["dense"]})")->attach(model, Rng(1));
  CHECK(message_of([&] { adapter("bottleneck", R"({"layers": ["densee"]})", "b")->attach(model, Rng(1)); }) ==
        "[graft/bottleneck] layers: no linear layer of this model has a name that ends in densee, did you mean dense? (they end "
        "in dense, query)");
}
