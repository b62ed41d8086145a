#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <ATen/ops/tensor.h>
#include <graft/model.hpp>
#include <graft/testing.hpp>
#include <graft/weights.hpp>

#include "catch.hpp"

using namespace graft;

namespace {

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}}, {"b", FieldKind::kNumber, {}, {}}};

std::shared_ptr<Model> made(const std::string& parameters, std::uint64_t seed = 1) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  auto model = plugin.make<Model>("acme/widget", parameters);
  model->build(kInputs, Rng(seed));
  return model;
}

void put(Model& model, const std::string& name, std::vector<float> values) {
  Tensor parameter = model.named_parameters()[name];
  write_parameter(parameter, at::tensor(values).view(parameter.sizes()));
}

Tensor features(Model& model) {
  return model.forward(testing::batch({{"a", testing::numbers({2, 1})}, {"b", testing::numbers({3, -1})}}), Call())
      .tensor("features");
}

}  // namespace

TEST_CASE("widget: a layer by hand", "[widget]") {
  auto model = made(R"({"input": ["a", "b"], "layers": 1})");
  put(*model, "cross_0.weight", {0, 1, 1, 0});
  put(*model, "cross_0.bias", {0, 1});
  // (2, 3): 2 * 3 + 2 and 3 * (2 + 1) + 3; (1, -1): 1 * -1 + 1 and -1 * (1 + 1) - 1
  CHECK(at::equal(features(*model), testing::matrix({{8, 12}, {0, -3}})));
}

TEST_CASE("widget: the seed alone decides the weights, and each layer has its own", "[widget]") {
  const std::string parameters = R"({"input": ["a", "b"]})";
  CHECK(at::equal(features(*made(parameters)), features(*made(parameters))));
  CHECK_FALSE(at::equal(features(*made(parameters)), features(*made(parameters, 2))));
  auto weights = made(parameters)->named_parameters();
  CHECK_FALSE(at::allclose(weights["cross_0.weight"], weights["cross_1.weight"]));
}

TEST_CASE("widget: what it cannot do it refuses", "[widget]") {
  CHECK(message_of([] { made(R"({"input": ["a", "b"], "layers": 0})"); }) ==
        "parameters:1:33: [acme/widget] layers must be >= 1, got 0");
  auto model = made(R"({"input": "a"})");
  CHECK(
      message_of([&] { model->forward(testing::batch({{"a", testing::numbers({std::nan("")})}}), Call()); }) ==
      "[acme/widget] column a must have no missing number, but has one in row 0: drop such rows or fill them in (a step impute)");
}
