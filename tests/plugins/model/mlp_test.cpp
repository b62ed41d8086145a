#include <torch/types.h>

#include "catch.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_model.so");
  return opened;
}

const Schema kInputs = {{"a", FieldKind::kNumber, {}, {}},
                        {"v", FieldKind::kVector, {2}, {}},
                        {"s", FieldKind::kSparse, {3}, {}},
                        {"t", FieldKind::kText, {}, {}},
                        {"job", FieldKind::kClass, {}, {"x", "y", "z"}},
                        {"city", FieldKind::kClass, {}, {"here", "there"}}};

std::shared_ptr<Model> built(const std::string& parameters) {
  auto model = plugin().make<Model>("graft/mlp", parameters);
  model->build(kInputs, Rng(1));
  return model;
}

Batch batch() {
  return testing::batch(
      {{"a", testing::numbers({1, -2})},
       {"v", testing::matrix({{3, 4}, {5, 6}})},
       {"s", SparseRows{at::tensor(std::vector<int>{0, 2, 1}, at::kInt), at::tensor(std::vector<float>{3, 5, 2}),
                        at::tensor(std::vector<int>{0, 2, 3}, at::kInt), 3}}});
}

void put(Model& model, const std::string& name, std::vector<double> values) {
  Tensor parameter = model.named_parameters()[name];
  write_parameter(parameter, at::tensor(values).view(parameter.sizes()));
}

Call training(bool on, Tap tap = {}) {
  Call::Options options;
  options.training = on;
  options.tap = std::move(tap);
  return Call(options);
}

}  // namespace

TEST_CASE("mlp: two layers by hand", "[model][mlp]") {
  auto model = built(R"({"input": ["a", "v"], "hidden": [2, 1]})");
  put(*model, "hidden.0.weight", {1, 1, 0, 0, 0, -1});
  put(*model, "hidden.0.bias", {0, 5});
  put(*model, "hidden.1.weight", {2, 3});
  put(*model, "hidden.1.bias", {1});
  // rows (1, 3, 4) and (-2, 5, 6): hidden (4, 1) and (3, 0), features 2 * 4 + 3 * 1 + 1 and 2 * 3 + 1
  CHECK(at::equal(model->forward(batch(), Call()).tensor("features"), testing::matrix({{12}, {7}})));
}

TEST_CASE("mlp: is what LibTorch's operations give, for every activation", "[model][mlp]") {
  const std::string activation = GENERATE("relu", "gelu", "tanh");
  auto model = built(R"({"input": ["v", "a"], "hidden": [5, 4], "activation": ")" + activation + "\"}");
  auto p = model->named_parameters();
  const auto act = [&](const Tensor& x) {
    return activation == "relu" ? x.clamp_min(0) : activation == "gelu" ? at::gelu(x) : at::tanh(x);
  };
  const Tensor x = testing::matrix({{3, 4, 1}, {5, 6, -2}});
  const Tensor hidden = act(at::linear(x, p["hidden.0.weight"], p["hidden.0.bias"]));
  CHECK(at::allclose(model->forward(batch(), Call()).tensor("features"),
                     act(at::linear(hidden, p["hidden.1.weight"], p["hidden.1.bias"]))));
}

TEST_CASE("mlp: a class is looked up, a missing one has a vector of its own, numbers come first", "[model][mlp]") {
  auto model = built(R"({"input": ["job", "a", "city"], "hidden": [1], "embedding_width": 2})");
  put(*model, "embeddings.0.weight", {9, 9, 1, 2, 3, 4, 5, 6});  // missing, x, y, z
  put(*model, "embeddings.1.weight", {10, 20, 30, 40, 50, 60});  // missing, here, there
  put(*model, "hidden.0.weight", {1000, 1, 0, 0, 1});            // a, job's two, city's two
  put(*model, "hidden.0.bias", {0});
  const Batch rows = testing::batch({{"a", testing::numbers({1, 2, 3})},
                                     {"job", testing::integers({2, kMissingClass, 0})},
                                     {"city", testing::integers({0, 1, kMissingClass})}});
  CHECK(at::equal(model->forward(rows, Call()).tensor("features"), testing::matrix({{1045}, {2069}, {3021}})));
}

TEST_CASE("mlp: vectors of classes are torch.nn.Embedding's, as wide as fastai's, and learn", "[model][mlp]") {
  auto model = built(R"({"input": ["job", "city"], "hidden": [4], "activation": "tanh"})");
  auto p = model->named_parameters();
  CHECK(p["embeddings.0.weight"].sizes() == at::IntArrayRef{4, 3});  // 1.6 * 3^0.56 = 2.96
  CHECK(p["embeddings.1.weight"].sizes() == at::IntArrayRef{3, 2});  // 1.6 * 2^0.56 = 2.36
  const Batch rows = testing::batch({{"job", testing::integers({2, 0})}, {"city", testing::integers({1, 1})}});
  const Tensor x = at::cat({at::embedding(p["embeddings.0.weight"], testing::integers({3, 1})),
                            at::embedding(p["embeddings.1.weight"], testing::integers({2, 2}))},
                           1);
  const Tensor features = model->forward(rows, Call()).tensor("features");
  CHECK(at::allclose(features, at::tanh(at::linear(x, p["hidden.0.weight"], p["hidden.0.bias"]))));
  features.sum().backward();
  CHECK(p["embeddings.0.weight"].grad().abs().sum(1).gt(0).equal(testing::integers({0, 1, 0, 1}).to(at::kBool)));
  CHECK(model->stages() == std::vector<std::string>{"embeddings", "hidden.0"});
}

TEST_CASE("mlp: a sparse column gives what its dense form gives", "[model][mlp]") {
  auto sparse = built(R"({"input": "s", "hidden": [4]})");
  auto p = sparse->named_parameters();
  const Tensor dense = testing::matrix({{3, 0, 5}, {0, 2, 0}});
  CHECK(at::allclose(sparse->forward(batch(), Call()).tensor("features"),
                     at::relu(at::linear(dense, p["hidden.0.weight"], p["hidden.0.bias"]))));
}

TEST_CASE("mlp: starts with variance 2 / in for relu and 1 / in for tanh", "[model][mlp]") {
  const auto variance = [](const std::string& activation) {
    auto model = built(R"({"input": "v", "hidden": [4000, 500], "activation": ")" + activation + "\"}");
    return model->named_parameters()["hidden.1.weight"].detach().var().item<double>() * 4000;
  };
  CHECK(variance("relu") == Approx(2).epsilon(0.01));
  CHECK(variance("tanh") == Approx(1).epsilon(0.01));
}

TEST_CASE("mlp: gradients reach every parameter, stages partition them, identity taps change nothing", "[model][mlp]") {
  auto model = built(R"({"input": ["a", "v"], "hidden": [6, 5], "activation": "tanh"})");
  std::vector<std::string> points;
  const Tensor plain = model->forward(batch(), Call()).tensor("features");
  const Tensor tapped = model
                            ->forward(batch(), training(false,
                                                        [&](std::string_view point, const Tensor& value) {
                                                          points.emplace_back(point);
                                                          return value;
                                                        }))
                            .tensor("features");
  CHECK(at::equal(plain, tapped));
  CHECK(points == std::vector<std::string>{"hidden.0", "hidden.1", "features"});
  plain.sum().backward();
  for (const auto& named : model->named_parameters()) {
    int owners = 0;
    for (const std::string& stage : model->stages()) owners += named.key().rfind(stage + ".", 0) == 0;
    CHECK(owners == 1);
    CHECK(named.value().grad().abs().sum().item<double>() > 0);
  }
}

TEST_CASE("mlp: dropout acts in training only", "[model][mlp]") {
  auto model = built(R"({"input": "v", "hidden": [200], "dropout": 0.5})");
  const auto zeros = [&](bool on) {
    return model->forward(batch(), training(on)).tensor("features").eq(0).sum().item<std::int64_t>();
  };
  CHECK(zeros(true) > zeros(false) + 50);
}

TEST_CASE("mlp: what it cannot read it refuses", "[model][mlp]") {
  CHECK(message_of([] { built(R"({"input": ["a", "s"]})"); }) ==
        "[graft/mlp] a sparse column must be the only input, s is one of 2");
  CHECK(message_of([] { built(R"({"input": "t"})"); }) ==
        "[graft/mlp] column t must be number, integer, vector or class, is text");
  CHECK(message_of([] { built(R"({"input": "w"})"); }).rfind("[graft/mlp] there is no column w", 0) == 0);
  auto sparse = built(R"({"input": "s"})");
  const auto first = std::dynamic_pointer_cast<nn::Linear>(sparse->named_modules()["hidden.0"]);
  first->attach("lora", std::make_shared<nn::Patch>());
  CHECK(message_of([&] { sparse->forward(batch(), Call()); }) ==
        "[graft/mlp] hidden.0 reads the sparse column s, which no adapter can act on: set layers of lora to [\"*\", "
        "\"!hidden.0\"]");
  auto model = built(R"({"input": "a"})");
  CHECK(message_of([&] { model->forward(testing::batch({{"a", testing::numbers({NAN})}}), Call()); }) ==
        "[graft/mlp] column a must have no missing number, but has one in row 0: drop such rows or fill them in (a step impute)");
  CHECK(model->forward(testing::batch({{"a", testing::numbers({})}}), Call()).tensor("features").size(0) == 0);
}
