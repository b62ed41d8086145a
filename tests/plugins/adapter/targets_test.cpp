#include "adapter_case.hpp"
#include "graft/model.hpp"

TEST_CASE("targets: an end counts whole parts of a name; a leading ! takes out; * is every layer", "[adapter][targets]") {
  const auto trains = [](const char* layers) {
    Toy model;
    adapter("lora", std::string(R"({"rank": 1, "layers": )") + layers + "}")->attach(model, Rng(1));
    std::vector<std::string> names;
    for (const std::string& name : model.training())
      if (name.ends_with(".lora.A")) names.push_back(name.substr(0, name.size() - 7));
    return names;
  };
  using Names = std::vector<std::string>;
  CHECK(trains(R"(["dense"])") == Names{"attention.output.dense", "output.dense"});
  CHECK(trains(R"(["output.dense", "!attention.output.dense"])") == Names{"output.dense"});
  CHECK(trains(R"(["*", "!query"])") == Names{"attention.output.dense", "output.dense"});
  CHECK(trains(R"(["*"])").size() == 3);
  CHECK(trains(R"(["self.query", "query"])") == Names{"self.query"});
}

TEST_CASE("targets: an end that no layer has is refused with the nearest there is", "[adapter][targets]") {
  const auto refused = [](const std::string& layers) {
    Toy model;
    const std::string message = message_of([&] { adapter("lora", R"({"layers": )" + layers + "}")->attach(model, Rng(1)); });
    CHECK(model.training_count() == kToyParameters);  // nothing was frozen
    return message;
  };
  CHECK(refused(R"(["query", "denes"])") ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in denes, did you mean dense? (they end in "
        "dense, query)");
  CHECK(refused(R"(["atention.output.dense"])") ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in atention.output.dense, did you mean "
        "attention.output.dense? (they end in dense, query)");
  CHECK(refused(R"(["ense"])") ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in ense, did you mean dense? (they end in "
        "dense, query)");
  CHECK(refused(R"(["q_proj_of_llama"])") ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in q_proj_of_llama (they end in dense, query)");
  CHECK(refused(R"(["query", "!*"])") == "[graft/lora] layers: no linear layer is left of those taken in");
}

TEST_CASE("targets: a model without such layers says so", "[adapter][targets]") {
  struct Bare final : Model {
    Schema build(const Schema&, Rng) override { return {}; }
    Batch forward(const Batch& batch, const Call&) override { return batch; }
  } model;
  CHECK(message_of([&] { adapter("layer_norm")->attach(model, Rng(1)); }) ==
        "[graft/layer_norm] layers: no LayerNorm of this model has a name that ends in *; it has none");
}
