#include "adapter_case.hpp"
#include "graft/model.hpp"

TEST_CASE("ia3: layers scale what is given out, bias too; feedforward scales what comes in", "[adapter][ia3]") {
  Toy model;
  adapter("ia3", R"({"layers": ["query"], "feedforward": ["attention.output.dense"]})")->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  const auto put = [&](const std::string& name, const Tensor& value) { write_parameter(model.named(name), value); };
  put("self.query.weight", at::ones({5, 6}));
  put("self.query.bias", at::full({5}, 2.0));
  put("self.query.ia3.l", at::tensor({1.0, 2.0, 3.0, 0.0, -1.0}));
  const Tensor y = model.query->forward(testing::matrix({{1, 0, 0, 0, 0, 0}}), Call());
  CHECK(at::equal(y, at::tensor({3.f, 6.f, 9.f, 0.f, -3.f}).unsqueeze(0)));
  put("attention.output.dense.weight", at::eye(5));
  put("attention.output.dense.bias", at::full({5}, 2.0));
  put("attention.output.dense.ia3.l", at::tensor({1.0, 2.0, 3.0, 0.0, -1.0}));
  CHECK(at::equal(model.middle->forward(at::ones({1, 5}), Call()), at::tensor({3.f, 4.f, 5.f, 2.f, 1.f}).unsqueeze(0)));
}

TEST_CASE("ia3: meets the contract of adapters, on outputs, on inputs and on both", "[adapter][ia3]") {
  check_contract("ia3", R"({"layers": ["query"]})", 5 + 5 + 5);
  check_contract("ia3", R"({"layers": [], "feedforward": ["output.dense", "!attention.output.dense"]})", 5);
  check_contract("ia3", R"({"layers": ["*"], "feedforward": []})", 5 + 5 + 4);
}

TEST_CASE("ia3: a layer in both lists has its input scaled", "[adapter][ia3]") {
  Toy model;
  adapter("ia3", R"({"layers": ["query"], "feedforward": ["query"]})")->attach(model, Rng(1));
  CHECK(model.named("self.query.ia3.l").numel() == 6);
}

TEST_CASE("ia3: gradients are those of central differences", "[adapter][ia3]") {
  CHECK(worst_toy_gradient("ia3", R"({"layers": ["query"]})") < 1e-8);
}

TEST_CASE("ia3: merged after a lora on the same layer equals unmerged", "[adapter][ia3]") {
  Toy model;
  const auto lora = adapter("lora", R"({"rank": 2, "layers": ["query"]})");
  const auto ia3 = adapter("ia3", R"({"layers": ["query"], "feedforward": []})");
  lora->attach(model, Rng(1));
  ia3->attach(model, Rng(2));
  disturb(model);
  const Tensor adapted = model.run(toy_input()).detach();
  lora->merge(model);
  ia3->merge(model);
  CHECK(relative_difference(model.run(toy_input()).detach(), adapted) < 1e-6);
}

TEST_CASE("ia3: what it cannot do it refuses", "[adapter][ia3]") {
  CHECK(message_of([] { adapter("ia3", R"({"layers": [], "feedforward": []})"); }) ==
        "[graft/ia3] layers and feedforward must not both be empty");
  Toy model;
  CHECK(
      message_of([&] { adapter("ia3", R"({"layers": ["query"], "feedforward": ["outputs.dense"]})")->attach(model, Rng(1)); }) ==
      "[graft/ia3] feedforward: no linear layer of this model has a name that ends in outputs.dense, did you mean output.dense? "
      "(they end in dense, query)");
  adapter("lora", R"({"layers": ["output.dense"]})")->attach(model, Rng(1));
  CHECK(message_of([&] { adapter("ia3", R"({"layers": ["query"]})")->attach(model, Rng(1)); }) ==
        "[graft/ia3] attention.output.dense has a patch of lora already: in adapters, put this one before it");
}
