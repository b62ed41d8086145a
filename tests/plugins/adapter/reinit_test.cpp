#include "adapter_case.hpp"
#include "peft_case.hpp"

namespace {

using Names = std::vector<std::string>;

// Stages of a model in which a parameter of `base` is another.
std::set<std::string> changed(const Model& model, const Model& base) {
  std::set<std::string> stages;
  for (const auto& item : base.named_parameters()) {
    if (at::equal(item.value(), model.named_parameters()[item.key()])) continue;
    for (const std::string& stage : model.stages())
      if (item.key().starts_with(stage + ".")) stages.insert(stage);
  }
  return stages;
}

std::set<std::string> drawn(const std::string& parameters, const std::string& more = "") {
  const auto model = tiny_bert(more), base = tiny_bert(more);
  adapter("reinit", parameters)->attach(*model, Rng(1));
  return changed(*model, *base);
}

}  // namespace

TEST_CASE("reinit: draws the last stages, of which a pooler that is read is one", "[adapter][reinit]") {
  using Stages = std::set<std::string>;
  CHECK(drawn("{}") == Stages{"pooler"});
  CHECK(drawn(R"({"stages": 2})") == Stages{"pooler", "encoder.layer.1"});
  CHECK(drawn("{}", R"(, "pooling": "cls")") == Stages{"encoder.layer.1"});
  CHECK(drawn(R"({"stages": 4})") == Stages{"pooler", "encoder.layer.1", "encoder.layer.0", "embeddings"});
}

TEST_CASE("reinit: biases become 0, LayerNorms 1 and 0, weights normal with the deviation", "[adapter][reinit]") {
  const auto model = tiny_bert();
  adapter("reinit", R"({"stages": 3, "deviation": 0.5})")->attach(*model, Rng(1));
  for (const auto& item : model->named_parameters()) {
    if (item.key().starts_with("embeddings.")) continue;
    CAPTURE(item.key());
    const Tensor value = item.value().detach();
    if (item.key().ends_with(".bias"))
      CHECK(value.eq(0).all().item<bool>());
    else if (item.key().ends_with("LayerNorm.weight"))
      CHECK(value.eq(1).all().item<bool>());
    else {
      CHECK(std::abs(value.mean().item<double>()) < 0.5 * 4 / 16);
      CHECK(value.std().item<double>() == Approx(0.5).epsilon(0.2));
    }
  }
}

TEST_CASE("reinit: freezes nothing, leaves nothing behind, and draws by the seed", "[adapter][reinit]") {
  const auto weight = [](std::uint64_t seed) {
    const auto model = tiny_bert();
    const std::size_t before = named_tensors(*model).size();
    const auto made = adapter("reinit");
    made->attach(*model, Rng(seed));
    for (const Tensor& parameter : model->parameters()) CHECK(parameter.requires_grad());
    CHECK(made->can_merge());
    made->merge(*model);
    CHECK(named_tensors(*model).size() == before);
    return model->named_parameters()["pooler.dense.weight"].detach();
  };
  CHECK(at::equal(weight(1), weight(1)));
  CHECK_FALSE(at::equal(weight(1), weight(2)));
}

TEST_CASE("reinit: a model of one stage is drawn whole, and trains as any other", "[adapter][reinit]") {
  Toy model;
  adapter("reinit", R"({"deviation": 0.3})")->attach(model, Rng(1));
  CHECK(model.query->bias.eq(0).all().item<bool>());
  CHECK(at::equal(model.norm->weight, at::ones({5})));
  CHECK(model.training_count() == kToyParameters);
  model.run(toy_input()).square().sum().backward();
  for (const Tensor& parameter : model.parameters()) CHECK(parameter.grad().abs().sum().item<double>() > 0);
}

TEST_CASE("reinit: what it cannot draw it refuses, and draws nothing", "[adapter][reinit]") {
  const auto refused = [](const std::string& parameters, Model& model) {
    return message_of([&] { adapter("reinit", parameters)->attach(model, Rng(1)); });
  };
  const auto model = tiny_bert(), base = tiny_bert();
  CHECK(refused(R"({"stages": 5})", *model) ==
        "[graft/reinit] stages must be <= 4, the stages of this model (embeddings, encoder.layer.0, encoder.layer.1, pooler), "
        "got 5");
  adapter("lora")->attach(*model, Rng(1));
  CHECK(refused(R"({"stages": 2})", *model) ==
        "[graft/reinit] encoder.layer.1.attention.self.query has a patch of lora already: in adapters, put this one before it");
  CHECK(changed(*model, *base).empty());
  struct Odd final : Model {
    Odd() { Toy::group(*this, "scale")->register_parameter("by", at::ones({2})); }
    Schema build(const Schema&, Rng) override { return {}; }
    Batch forward(const Batch& batch, const Call&) override { return batch; }
  } odd;
  CHECK(refused("{}", odd) == "[graft/reinit] scale.by is of no layer that it knows how to draw");
  struct Bare final : Model {
    Bare() { register_parameter("scale", at::ones({2})); }
    Schema build(const Schema&, Rng) override { return {}; }
    Batch forward(const Batch& batch, const Call&) override { return batch; }
  } bare;
  CHECK(refused("{}", bare) == "[graft/reinit] scale is of no layer that it knows how to draw");
}
