#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const Schema kFeatures = {{"features", FieldKind::kVector, {4}, {}}};
const Schema kSparse = {{"features", FieldKind::kSparse, {4}, {}}};
const Field kLabel = {"label", FieldKind::kClass, {}, {"no", "maybe", "yes"}};

std::shared_ptr<Head> make(const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  return plugin.make<Head>("graft/classify", R"({"target": "label")" + more + "}");
}

std::shared_ptr<Head> built(const std::string& more = "", const Schema& features = kFeatures, const Field& label = kLabel) {
  auto head = make(more);
  head->build(features, {label}, Rng(1));
  return head;
}

Batch labels(std::initializer_list<std::int64_t> values) { return testing::batch({{"label", testing::integers(values)}}); }

Call training() {
  Call::Options options;
  options.training = true;
  return Call(options);
}

double mean_of(const RowLoss& loss) { return loss.value.sum().item<double>() / loss.weight.sum().item<double>(); }

}  // namespace

TEST_CASE("classify: equal scores cost ln C, and a missing label costs nothing", "[head][classify]") {
  const auto head = built();
  const RowLoss loss = head->loss({at::zeros({3, 3}), {}}, labels({0, kMissingClass, 2}));
  CHECK(at::allclose(loss.value, at::tensor(std::vector<float>{1.0986123F, 0, 1.0986123F})));
  CHECK(at::equal(loss.weight, at::tensor(std::vector<float>{1, 0, 1})));
}

TEST_CASE("classify: the weighted mean is torch's cross-entropy, with class weights and smoothing", "[head][classify]") {
  const double smoothing = GENERATE(0.0, 0.2);
  const bool weighs = GENERATE(false, true);
  const auto head =
      built(", \"label_smoothing\": " + std::to_string(smoothing) + (weighs ? R"(, "class_weights": [0.5, 2, 1])" : ""));
  torch::manual_seed(1);
  const Tensor scores = at::randn({6, 3}).mul(3);
  const Tensor target = testing::integers({0, 1, kMissingClass, 2, 2, 1});
  const std::optional<Tensor> weights = weighs ? std::optional<Tensor>(at::tensor(std::vector<float>{0.5, 2, 1})) : std::nullopt;
  const double reference =
      at::cross_entropy_loss(scores, target, weights, at::Reduction::Mean, kMissingClass, smoothing).item<double>();
  CHECK(mean_of(head->loss({scores, {}}, testing::batch({{"label", target}}))) == Approx(reference).epsilon(1e-6));
}

TEST_CASE("classify: a soft label of one class is that class, and a half costs half of each", "[head][classify]") {
  const Field soft = {"label", FieldKind::kSoftClass, {3}, kLabel.classes};
  const auto head = built(R"(, "label_smoothing": 0.1, "class_weights": [0.5, 2, 1])", kFeatures, soft);
  const Tensor scores = testing::matrix({{1, 2, -1}});
  const auto soft_loss = [&](Tensor row) { return head->loss({scores, {}}, testing::batch({{"label", row}})); };
  const auto hard_loss = [&](std::int64_t label) { return head->loss({scores, {}}, labels({label})); };
  CHECK(at::allclose(soft_loss(testing::matrix({{0, 1, 0}})).value, hard_loss(1).value));
  CHECK(at::allclose(soft_loss(testing::matrix({{0.5, 0, 0.5}})).value, hard_loss(0).value.add(hard_loss(2).value).div(2)));
  CHECK(at::allclose(soft_loss(testing::matrix({{0.5, 0, 0.5}})).weight, hard_loss(0).weight.add(hard_loss(2).weight).div(2)));
  for (double missing : {0.0, static_cast<double>(NAN)}) {
    const RowLoss none = soft_loss(testing::matrix({{missing, missing, missing}}));
    CHECK(none.value.item<float>() == 0);
    CHECK(none.weight.item<float>() == 0);
  }
}

TEST_CASE("classify: gradients match central differences, and are zero, not NaN, where no label is", "[head][classify]") {
  const auto head = built(R"(, "label_smoothing": 0.1)");
  const Tensor scores = at::randn({4, 3}, at::kDouble).requires_grad_();
  head->loss({scores, {}}, labels({kMissingClass, kMissingClass, kMissingClass, kMissingClass})).value.sum().backward();
  CHECK(scores.grad().abs().sum().item<double>() == 0);
  const Tensor weight = head->named_parameters()["classifier.weight"];
  const Tensor features = at::randn({4, 4});
  const auto loss = [&](const Tensor& w) {
    return head->loss({at::linear(features.to(w.scalar_type()), w), {}}, labels({0, 1, kMissingClass, 2})).value.sum();
  };
  Tensor w = weight.detach().clone().requires_grad_();
  const Tensor gradient = torch::autograd::grad({loss(w)}, {w})[0];
  const Tensor step = at::zeros_like(w);
  step[1][2] = 1e-2;
  const double rise = (loss(w.detach().add(step)).item<double>() - loss(w.detach().sub(step)).item<double>()) / 2e-2;
  CHECK(rise == Approx(gradient[1][2].item<double>()).epsilon(1e-3).margin(1e-4));  // float losses, step 0.01
}

TEST_CASE("classify: balanced weights are n / (C count), as scikit-learn's, of labelled training rows", "[head][classify]") {
  const auto head = built(R"(, "class_weights": "balanced")");
  head->fit(testing::Rows({kLabel}, labels({0, 0, 0, 1, 2, 2, kMissingClass})));
  CHECK(at::allclose(head->named_buffers()["class_weights"], at::tensor(std::vector<float>{6 / 9.0F, 6 / 3.0F, 6 / 6.0F})));
  head->fit(testing::Rows({kLabel}, labels({0, 1})));
  CHECK(head->named_buffers()["class_weights"][2].item<float>() == 1);  // no such row
  CHECK(built()->named_buffers().is_empty());
}

TEST_CASE("classify: predicts the likeliest class and a distribution", "[head][classify]") {
  const auto head = built();
  const Batch predicted = head->predict({testing::matrix({{0, 1, 3}, {5, 5, 0}}), {}}, labels({0, 0}));
  CHECK(at::equal(predicted.tensor("label"), testing::integers({2, 0})));
  CHECK(at::allclose(predicted.tensor("probability").sum(1), at::ones({2})));
  CHECK((head->outputs() ==
         Schema{{"label", FieldKind::kClass, {}, kLabel.classes}, {"probability", FieldKind::kSoftClass, {3}, kLabel.classes}}));
  CHECK(head->predict({at::zeros({0, 3}), {}}, labels({})).tensor("label").size(0) == 0);
}

TEST_CASE("classify: sparse features score as their dense form, and start at zero", "[head][classify]") {
  const auto head = built("", kSparse);
  const SparseRows rows{at::tensor(std::vector<int>{0, 3, 2}, at::kInt), at::tensor(std::vector<float>{1, 2, 3}),
                        at::tensor(std::vector<int>{0, 2, 3}, at::kInt), 4};
  const Batch features = testing::batch({{"features", rows}});
  CHECK(at::equal(head->forward(features, training()).values, at::zeros({2, 3})));
  Tensor weight = head->named_parameters()["classifier.weight"];
  write_parameter(weight, at::randn({3, 4}));
  CHECK(at::allclose(head->forward(features, Call()).values,
                     at::matmul(testing::matrix({{1, 0, 0, 2}, {0, 0, 3, 0}}), weight.t())));
  head->loss(head->forward(features, Call()), labels({0, 1})).value.sum().backward();
  CHECK(weight.grad().defined());
}

TEST_CASE("classify: dense weights start normal with deviation 0.02, and dropout acts in training", "[head][classify]") {
  const auto head = built("", {{"features", FieldKind::kVector, {5000}, {}}});
  const Tensor weight = head->named_parameters()["classifier.weight"].detach();
  CHECK(weight.std().item<double>() == Approx(0.02).epsilon(0.03));
  const Batch features = testing::batch({{"features", at::ones({2, 5000})}});
  CHECK_FALSE(at::equal(head->forward(features, training()).values, head->forward(features, Call()).values));
  CHECK(at::equal(head->forward(features, Call()).values, head->forward(features, Call()).values));
}

TEST_CASE("classify: what it cannot learn it refuses", "[head][classify]") {
  const auto refusal = [](FieldKind kind, std::vector<std::string> classes = {}) {
    return message_of([&] { built("", kFeatures, {"label", kind, {}, classes}); });
  };
  CHECK(refusal(FieldKind::kText) ==
        "[graft/classify] target must be a class, label is text: add a step {\"use\": \"category\", \"column\": \"label\"}");
  CHECK(refusal(FieldKind::kInteger) ==
        "[graft/classify] target must be a class, label is integer: add a step {\"use\": \"category\", \"column\": \"label\"}");
  CHECK(refusal(FieldKind::kNumber) ==
        "[graft/classify] target must be a class, label is number: add a step "
        "{\"use\": \"binarize\", \"column\": \"label\"}, or use the head regress");
  CHECK(refusal(FieldKind::kClass, {"yes"}) == "[graft/classify] target label must have two classes or more, has only \"yes\"");
  CHECK(refusal(FieldKind::kClass) == "[graft/classify] target label has no classes: no row of the training data has a label");
  CHECK(message_of([] { built(R"(, "class_weights": [1, 2])"); }) ==
        "[graft/classify] class_weights must have one number a class, 3, got 2");
  CHECK(message_of([] { built(R"(, "class_weights": [0, 0, 0])"); }) ==
        "[graft/classify] class_weights must be finite and not all 0");
  CHECK(message_of([] { built(R"(, "class_weights": "balance")"); }) ==
        "[graft/classify] class_weights must be \"none\", \"balanced\" or a list of numbers, got \"balance\"");
}
