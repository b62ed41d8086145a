// Models inside a model: found by their parameters, kept in folders of their own.
#include "catch.hpp"
#include "config_case.hpp"
#include "core/train/held_models.hpp"

using namespace graft;
using namespace graft::core;

namespace {

const Catalog& catalog() {
  static const MemoryCatalog models(R"([
    {"kind": "model", "name": "acme/outer", "params": {"properties": {
      "trunk": {"format": "component:model"}, "weights": {"format": "path"}}}},
    {"kind": "model", "name": "acme/inner", "params": {"properties": {"weights": {"format": "path"}}}}])");
  return models;
}

class Fake final : public Model {
 public:
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
};

std::shared_ptr<Fake> holding(const std::string& name, const std::shared_ptr<Model>& held) {
  auto outer = std::make_shared<Fake>();
  outer->register_module(name, held);
  return outer;
}

const Value kNested = parse_json(R"({"use": "acme/outer", "trunk": {"use": "acme/outer", "weights": "a", "trunk":
    {"use": "acme/inner", "weights": null}}})",
                                 "c");

}  // namespace

TEST_CASE("held models: each is found under the name of its parameter, outer ones first", "[train][held_models]") {
  const auto innermost = std::make_shared<Fake>(), middle = holding("trunk", innermost), outer = holding("trunk", middle);
  const std::vector<HeldModel> held = held_models(*outer, kNested, catalog());
  REQUIRE(held.size() == 2);
  CHECK(held[0].name == "trunk");
  CHECK(held[0].model == middle);
  CHECK(held[1].name == "trunk.trunk");
  CHECK(held[1].model == innermost);
  CHECK(held[1].folder("run/model") == "run/model/trunk/trunk");
  CHECK(held[1].parameters.at("use") == Value("acme/inner"));
  CHECK(held_models(*innermost, kNested.at("trunk").at("trunk"), catalog()).empty());
}

TEST_CASE("held models: saved weights are where each model was saved", "[train][held_models]") {
  const Value saved = with_saved_weights(kNested, "m", catalog());
  CHECK_FALSE(saved.find("weights"));
  CHECK(saved.at("trunk").at("weights") == Value("m/trunk/model.safetensors"));
  CHECK(saved.at("trunk").at("trunk").at("weights") == Value("m/trunk/trunk/model.safetensors"));
}

TEST_CASE("held models: a model that is registered under another name is the outer one's fault", "[train][held_models]") {
  const auto outer = holding("body", std::make_shared<Fake>());
  const Value parameters = parse_json(R"({"use": "acme/outer", "trunk": {"use": "acme/inner"}})", "c");
  CHECK(message_of([&] { held_models(*outer, parameters, catalog()); }) ==
        "[acme/outer] must register the model of its parameter trunk as the module trunk");
}
