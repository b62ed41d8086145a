#include <ATen/ops/allclose.h>
#include <ATen/ops/equal.h>
#include <graft/adapter.hpp>
#include <graft/model.hpp>
#include <graft/nn/linear.hpp>
#include <graft/testing.hpp>
#include <graft/weights.hpp>

#include "catch.hpp"

using namespace graft;

namespace {

// Two layers, x [B, 2] -> [B, 2]: first y = (x0 + x1, x1 + 1), then the same sum of y without a bias.
struct Toy final : Model {
  Toy() {
    first = register_module("first", std::make_shared<nn::Linear>(2, 2, Rng(1)));
    second = register_module("second", std::make_shared<nn::Linear>(2, 2, Rng(1), /*with_bias=*/false));
    for (const auto& layer : {first, second}) write_parameter(layer->weight, testing::matrix({{1, 1}, {0, 1}}));
    write_parameter(first->bias, testing::matrix({{0, 1}})[0]);
  }
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
  Tensor run(const Tensor& x) { return second->forward(first->forward(x, Call()), Call()).detach(); }
  std::shared_ptr<nn::Linear> first, second;
};

std::shared_ptr<Adapter> made(const std::string& parameters = "{}") {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  return plugin.make<Adapter>("acme/widget", parameters, "ssf");
}

void put(Model& model, const std::string& name, const Tensor& value) {
  Tensor parameter = model.named_parameters()[name];
  write_parameter(parameter, value);
}

}  // namespace

TEST_CASE("widget: scales and shifts what a layer gives, by hand", "[widget]") {
  Toy model;
  made(R"({"layers": ["first"]})")->attach(model, Rng(1));
  put(model, "first.ssf.scale", testing::matrix({{2, 3}})[0]);
  put(model, "first.ssf.shift", testing::matrix({{10, 0}})[0]);
  // x = (1, 2): first gives (3, 3), scaled and shifted (16, 9); second sums to (25, 9)
  CHECK(at::equal(model.run(testing::matrix({{1, 2}})), testing::matrix({{25, 9}})));
}

TEST_CASE("widget: begins as the base model, trains its own parameters only, and merged equals unmerged", "[widget]") {
  Toy model;
  const Tensor x = testing::matrix({{1, 2}, {-3, 0.5}}), base = model.run(x);
  const auto adapter = made();
  adapter->attach(model, Rng(1));
  CHECK(at::equal(model.run(x), base));
  for (const auto& parameter : model.named_parameters()) {
    INFO(parameter.key());
    CHECK(parameter.value().requires_grad() == (parameter.key().find(".ssf.") != std::string::npos));
  }
  CHECK(model.named_parameters().size() == 3 + 3);  // no shift on the layer without a bias
  put(model, "first.ssf.shift", testing::matrix({{4, -1}})[0]);
  put(model, "second.ssf.scale", testing::matrix({{0.5, -2}})[0]);
  const Tensor adapted = model.run(x);
  CHECK_FALSE(at::allclose(adapted, base));
  adapter->merge(model);
  CHECK(model.named_parameters().size() == 3);
  CHECK(at::allclose(model.run(x), adapted));
}

TEST_CASE("widget: what it cannot do it refuses", "[widget]") {
  Toy model;
  CHECK(message_of([&] { made(R"({"layers": ["secnd"]})")->attach(model, Rng(1)); }) ==
        "[acme/widget] layers: no linear layer of this model has a name that ends in secnd, did you mean second?");
}
