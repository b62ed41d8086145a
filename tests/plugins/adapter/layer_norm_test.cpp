#include "adapter_case.hpp"
#include "graft/model.hpp"

using Names = std::vector<std::string>;

TEST_CASE("layer_norm: the norm's weight and bias train, and nothing else", "[adapter][layer_norm]") {
  Toy model;
  adapter("layer_norm")->attach(model, Rng(1));
  CHECK(model.training() == Names{"norm.weight", "norm.bias"});
}

TEST_CASE("layer_norm: meets the contract of adapters", "[adapter][layer_norm]") { check_contract("layer_norm", "{}", 5 + 5); }

TEST_CASE("layer_norm: gradients are those of central differences", "[adapter][layer_norm]") {
  CHECK(worst_toy_gradient("layer_norm", "{}") < 1e-8);
}

TEST_CASE("layer_norm: beside bitfit and an ia3 the union trains", "[adapter][layer_norm]") {
  Toy model;
  adapter("layer_norm")->attach(model, Rng(1));
  adapter("bitfit", R"({"layers": ["query"]})")->attach(model, Rng(1));
  adapter("ia3", R"({"layers": ["query"], "feedforward": []})")->attach(model, Rng(1));
  CHECK(model.training() == Names{"self.query.bias", "self.query.ia3.l", "norm.weight", "norm.bias"});
}

TEST_CASE("layer_norm: a name that no LayerNorm has is refused with the nearest", "[adapter][layer_norm]") {
  Toy model;
  CHECK(message_of([&] { adapter("layer_norm", R"({"layers": ["norms"]})")->attach(model, Rng(1)); }) ==
        "[graft/layer_norm] layers: no LayerNorm of this model has a name that ends in norms, did you mean norm? (they end in "
        "norm)");
}
