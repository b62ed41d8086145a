#include "adapter_case.hpp"
#include "graft/model.hpp"

using Names = std::vector<std::string>;

TEST_CASE("bitfit: biases train, LayerNorm's too, and nothing else", "[adapter][bitfit]") {
  Toy model;
  adapter("bitfit")->attach(model, Rng(1));
  CHECK(model.training() == Names{"self.query.bias", "attention.output.dense.bias", "norm.bias", "output.dense.bias"});
}

TEST_CASE("bitfit: meets the contract of adapters, with all biases or some", "[adapter][bitfit]") {
  check_contract("bitfit", "{}", 5 + 5 + 5 + 4);
  check_contract("bitfit", R"({"layers": ["query", "output.dense"]})", 5 + 5 + 4);
  check_contract("bitfit", R"({"layers": ["*", "!norm"]})", 5 + 5 + 4);
}

TEST_CASE("bitfit: gradients are those of central differences", "[adapter][bitfit]") {
  CHECK(worst_toy_gradient("bitfit", "{}") < 1e-8);
}

TEST_CASE("bitfit: beside lora both train, whichever comes first", "[adapter][bitfit]") {
  const bool bitfit_first = GENERATE(true, false);
  Toy model;
  const auto bitfit = adapter("bitfit"), lora = adapter("lora", R"({"rank": 2, "layers": ["query"]})");
  for (const auto& next : bitfit_first ? std::vector{bitfit, lora} : std::vector{lora, bitfit}) next->attach(model, Rng(1));
  CHECK(model.training_count() == 5 + 5 + 5 + 4 + 2 * (6 + 5));
  disturb(model);
  const Tensor adapted = model.run(toy_input()).detach();
  bitfit->merge(model);
  lora->merge(model);
  CHECK(relative_difference(model.run(toy_input()).detach(), adapted) < 1e-6);
}

TEST_CASE("bitfit: a layer without a bias is no choice, and a name of the model is refused", "[adapter][bitfit]") {
  Toy model;
  CHECK(message_of([&] { adapter("bitfit", R"({"layers": ["querry"]})")->attach(model, Rng(1)); }) ==
        "[graft/bitfit] layers: no layer with a bias of this model has a name that ends in querry, did you mean query? (they end "
        "in dense, norm, query)");
  CHECK(message_of([&] { adapter("bitfit", "{}", "norm")->attach(model, Rng(1)); }) ==
        "[graft/bitfit] an adapter can't be named norm, which is a part of the model");
  CHECK(model.training_count() == kToyParameters);
}
