#include <cmath>

#include "trunk_case.hpp"

using namespace graft;
using namespace graft::trunk_case;

namespace {

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}},
                        {"x", FieldKind::kVector, {5}, {}},
                        {"s", FieldKind::kSparse, {3}, {}},
                        {"tokens", FieldKind::kTokens, {-1}, {}}};

std::shared_ptr<Model> mmoe(const std::string& outputs, const std::string& more = "", const std::string& input = "x") {
  return built("graft/mmoe",
               R"({"trunk": {"use": "graft/identity", "input": ")" + input + R"("}, "outputs": )" + outputs + more + "}",
               kInputs);
}

}  // namespace

TEST_CASE("mmoe: two experts and two gates by hand", "[model][mmoe]") {
  auto model = mmoe(R"(["mood", "stars"])", R"(, "experts": 2, "hidden": [1])", "a");
  put(*model, "experts.0.0.weight", {2});
  put(*model, "experts.1.0.weight", {3});
  put(*model, "gates.mood.weight", {std::log(3.0), 0});  // for a row of 1: 3/4 and 1/4
  put(*model, "gates.stars.weight", {0, 0});
  const Batch output = model->forward(testing::batch({{"a", testing::numbers({1, 2})}}), Call());
  // for a row of 2: experts 4 and 6, the first gate 9/10 and 1/10
  CHECK(at::allclose(output.tensor("mood"), testing::matrix({{2.25}, {4.2}})));
  CHECK(at::allclose(output.tensor("stars"), testing::matrix({{2.5}, {5}})));
}

TEST_CASE("mmoe: outputs and gradients are those of the formula in PyTorch", "[model][mmoe]") {
  auto model = mmoe(R"(["a", "b"])", R"(, "experts": 3, "hidden": [4, 3], "activation": "tanh")");
  require_reference(*model, "mmoe", reference_rows());
}

TEST_CASE("mmoe: one expert alone is what every output is, and outputs nobody reads are not made", "[model][mmoe]") {
  auto model = mmoe(R"(["mood", "stars"])", R"(, "experts": 1)");
  const Batch output = model->forward(reference_rows(), Call());
  CHECK(at::allclose(output.tensor("mood"), output.tensor("stars")));
  CHECK(model->forward(reference_rows(), call_for({"stars"})).names() == Strings{"stars"});
}

TEST_CASE("mmoe: stages partition the parameters, a gradient reaches each, taps see trunk, gates and outputs", "[model][mmoe]") {
  auto model = built("graft/mmoe", R"({"outputs": ["tokens", "stars"], "trunk": {"use": "graft/bert", "input": "tokens",
      "vocab_size": 11, "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 12}})",
                     kInputs);
  const Batch rows = testing::batch({{"tokens", testing::tokens({{1, 2, 3}, {4}})}});
  require_contract(*model, rows);
  CHECK(model->stages() ==
        std::vector<std::string>{"trunk.embeddings", "trunk.encoder.layer.0", "trunk.pooler", "gates", "experts"});
  CHECK(points_of(*model, rows) == std::vector<std::string>{"trunk.embeddings", "trunk.layer.0", "trunk.features", "gates.tokens",
                                                            "tokens", "gates.stars", "stars"});
}

TEST_CASE("mmoe: a gate's weights are a distribution over the experts", "[model][mmoe]") {
  auto model = mmoe(R"(["mood"])");
  Tensor weights;
  model->forward(reference_rows(), call_for({}, false, [&](std::string_view point, const Tensor& value) {
                   if (point == "gates.mood") weights = value;
                   return value;
                 }));
  CHECK(weights.sizes() == at::IntArrayRef({6, 4}));
  CHECK(weights.min().item<double>() > 0);
  CHECK(at::allclose(weights.sum(1), at::ones({6})));
}

TEST_CASE("mmoe: what it cannot hold it refuses", "[model][mmoe]") {
  CHECK(message_of([] { mmoe(R"(["mood", "stars", "mood"])"); }) == "[graft/mmoe] outputs must differ, mood is there twice");
  CHECK(message_of([] { mmoe(R"(["mood.now"])"); }) ==
        "[graft/mmoe] outputs: a name has no dots and no slashes and is not empty, got \"mood.now\"");
  CHECK(message_of([] { mmoe(R"(["mood"])", "", "s"); }) ==
        "[graft/mmoe] trunk must give features, one dense vector a row; it gives features (sparse)");
  CHECK(message_of([] {
          built("graft/mmoe",
                R"({"outputs": ["mood"], "trunk": {"use": "graft/mmoe", "outputs": ["stars"],
                    "trunk": {"use": "graft/identity", "input": "x"}}})",
                kInputs);
        }) == "[graft/mmoe] trunk must give features, one dense vector a row; it gives stars (vector)");
}
