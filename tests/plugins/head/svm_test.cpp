#include <torch/types.h>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const Schema kDense = {{"features", FieldKind::kVector, {2}, {}}};
const Schema kSparse = {{"features", FieldKind::kSparse, {2}, {}}};

Field kinds(int classes, FieldKind kind = FieldKind::kClass) {
  Field field{"kind", kind, {}, {}};
  for (int c = 0; c < classes; ++c) field.classes.push_back(std::string(1, static_cast<char>('a' + c)));
  return field;
}

std::shared_ptr<Head> built(const Field& target = kinds(3), const Schema& features = kDense) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  auto head = plugin.make<Head>("graft/svm", R"({"target": "kind"})");
  head->build(features, {target}, Rng(1));
  return head;
}

Batch labels(std::initializer_list<std::int64_t> values) { return testing::batch({{"kind", testing::integers(values)}}); }
Tensor row(std::vector<float> values) { return at::tensor(values); }

}  // namespace

TEST_CASE("svm: squared hinges of three scores, by hand", "[head][svm]") {
  // class a: (1 - 0.5)^2 + (1 + -0.5)^2 + (1 + 2)^2; beyond the margin a score costs nothing; no label costs nothing
  const Scores scores{testing::matrix({{0.5, -0.5, 2}, {3, -1, -4}, {9, 9, 9}}), {}};
  const RowLoss loss = built()->loss(scores, labels({0, 0, kMissingClass}));
  CHECK(at::allclose(loss.value, row({0.25F + 0.25F + 9, 0, 0})));
  CHECK(at::equal(loss.weight, row({1, 1, 0})));
}

TEST_CASE("svm: two classes share one score, that of the second", "[head][svm]") {
  const auto head = built(kinds(2));
  CHECK(head->named_parameters()["classifier.weight"].size(0) == 1);
  const Scores scores{testing::matrix({{0.5}, {0.5}}), {}};
  CHECK(at::allclose(head->loss(scores, labels({1, 0})).value, row({0.25, 2.25})));
  CHECK(at::equal(head->predict(scores, labels({1, 0})).tensor("label"), testing::integers({1, 1})));
}

TEST_CASE("svm: losses are those of torch's one-against-all hinge, squared", "[head][svm]") {
  torch::manual_seed(2);
  const Tensor scores = at::randn({40, 3}) * 2, label = at::randint(3, {40}, at::kLong);
  const Tensor sign = at::one_hot(label, 3) * 2 - 1;
  const Tensor expected = at::relu(1 - sign * scores).pow(2).sum(1);
  CHECK(at::allclose(built()->loss({scores, {}}, testing::batch({{"kind", label}})).value, expected));
}

TEST_CASE("svm: the predicted class is the one that costs least", "[head][svm]") {
  torch::manual_seed(3);
  const auto head = built();
  const Tensor scores = at::randn({50, 3});
  std::vector<Tensor> costs;
  for (std::int64_t c = 0; c < 3; ++c)
    costs.push_back(head->loss({scores, {}}, testing::batch({{"kind", at::full({50}, c, at::kLong)}})).value);
  const Batch predicted = head->predict({scores, {}}, Batch(std::vector<std::int64_t>(50)));
  CHECK(at::equal(predicted.tensor("label"), at::stack(costs, 1).argmin(1)));
  CHECK(at::equal(predicted.tensor("probability").argmax(1), predicted.tensor("label")));
  CHECK(at::allclose(predicted.tensor("probability").sum(1), at::ones({50})));
}

TEST_CASE("svm: a soft label costs what its classes cost, by their shares", "[head][svm]") {
  const auto soft = built(kinds(3, FieldKind::kSoftClass)), hard = built();
  const Scores scores{testing::matrix({{0.3, -2, 1}}), {}};
  const auto cost = [&](const std::vector<float>& shares) {
    return soft->loss(scores, testing::batch({{"kind", row(shares).unsqueeze(0)}})).value.item<float>();
  };
  const auto hard_cost = [&](std::int64_t c) { return hard->loss(scores, labels({c})).value.item<float>(); };
  CHECK(cost({0, 1, 0}) == Approx(hard_cost(1)));
  CHECK(cost({0.25, 0, 0.75}) == Approx(0.25 * hard_cost(0) + 0.75 * hard_cost(2)));
  CHECK(cost({0, 0, 0}) == 0);
}

TEST_CASE("svm: sparse features score as their dense form, and dropout is off unless asked for", "[head][svm]") {
  const auto sparse = built(kinds(3), kSparse), dense = built();
  const Tensor weight = testing::matrix({{1, 2}, {3, 4}, {5, 6}});
  for (const auto& head : {sparse, dense}) {
    Tensor parameter = head->named_parameters()["classifier.weight"];
    write_parameter(parameter, weight);
    Tensor bias = head->named_parameters()["classifier.bias"];
    write_parameter(bias, at::zeros({3}));
  }
  const SparseRows rows{at::tensor(std::vector<int>{1}, at::kInt), row({2}), at::tensor(std::vector<int>{0, 1}, at::kInt), 2};
  Call::Options options;
  options.training = true;
  CHECK(at::equal(sparse->forward(testing::batch({{"features", rows}}), Call()).values,
                  dense->forward(testing::batch({{"features", testing::matrix({{0, 2}})}}), Call(options)).values));
}

TEST_CASE("svm: what it cannot learn it refuses", "[head][svm]") {
  const auto refusal = [](FieldKind kind, std::vector<std::string> classes = {}) {
    return message_of([&] { built({"kind", kind, {}, classes}); });
  };
  CHECK(refusal(FieldKind::kText) ==
        "[graft/svm] target must be a class, kind is text: add a step {\"use\": \"category\", \"column\": \"kind\"}");
  CHECK(refusal(FieldKind::kNumber) ==
        "[graft/svm] target must be a class, kind is number: add a step {\"use\": \"binarize\", \"column\": \"kind\"}");
  CHECK(refusal(FieldKind::kVector) == "[graft/svm] target must be a class, kind is vector");
  CHECK(refusal(FieldKind::kClass, {"good"}) == "[graft/svm] target kind must have two classes or more, has only \"good\"");
  CHECK(refusal(FieldKind::kClass) == "[graft/svm] target kind has no classes: no row of the training data has a label");
}
