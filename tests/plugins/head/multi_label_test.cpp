#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const Schema kFeatures = {{"features", FieldKind::kVector, {4}, {}}};

Field genres(int classes) {
  Field field{"genres", FieldKind::kLabelSet, {classes}, {}};
  for (int c = 0; c < classes; ++c) field.classes.push_back("class" + std::to_string(c));
  return field;
}

std::shared_ptr<Head> made(const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  return plugin.make<Head>("graft/multi_label", R"({"target": "genres")" + more + "}");
}

std::shared_ptr<Head> built(int classes = 3, const std::string& more = "", const Schema& features = kFeatures,
                            std::uint64_t seed = 1) {
  auto head = made(more);
  head->build(features, {genres(classes)}, Rng(seed));
  return head;
}

Batch truth(Tensor sets) { return testing::batch({{"genres", std::move(sets)}}); }

Tensor tensor_of(const Value& list) {  // a list of numbers, or of lists of one length
  std::vector<Tensor> parts;
  for (const Value& item : list.list()) parts.push_back(item.is_list() ? tensor_of(item) : at::scalar_tensor(item.number()));
  return at::stack(parts).to(at::kFloat);
}

void set(Head& head, const std::string& name, const Tensor& value) {
  Tensor parameter = head.named_parameters()[name];
  write_parameter(parameter, value);
}

double mean(const RowLoss& loss) { return (loss.value.sum() / loss.weight.sum()).item<double>(); }

}  // namespace

TEST_CASE("multi_label: at logits of 0 a row costs ln 2, whatever its set; a row without a label costs and weighs nothing",
          "[head][multi_label]") {
  const RowLoss loss = built()->loss({at::zeros({3, 3}), {}}, truth(testing::matrix({{1, 0, 1}, {NAN, NAN, NAN}, {0, 0, 0}})));
  CHECK(at::allclose(loss.value, at::tensor(std::vector<float>{0.6931472F, 0, 0.6931472F})));
  CHECK(at::equal(loss.weight, at::tensor(std::vector<float>{1, 0, 1})));
}

TEST_CASE("multi_label: losses are scikit-learn's, and their mean is over rows and classes", "[head][multi_label]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/label_sets.json");
  for (const Value& one : cases.at("losses").list()) {
    const Value& weights = one.at("positive_weight");
    const auto head = built(static_cast<int>(one.at("classes").integer()),
                            weights.is_null() ? "" : ", \"positive_weight\": " + to_json(weights));
    const RowLoss loss = head->loss({tensor_of(one.at("scores")), {}}, truth(tensor_of(one.at("truth"))));
    CHECK(at::allclose(loss.value, tensor_of(one.at("expected").at("losses")), 1e-5, 1e-6));
    CHECK(mean(loss) == Approx(one.at("expected").at("loss").number()).epsilon(1e-6));
  }
}

TEST_CASE("multi_label: a class that is missing in a row is left out of value and weight", "[head][multi_label]") {
  const Tensor scores = testing::matrix({{1, -2, 0.5}, {-1, 3, 2}});
  const RowLoss part = built()->loss({scores, {}}, truth(testing::matrix({{1, NAN, 0}, {NAN, NAN, 1}})));
  const RowLoss whole = built()->loss({scores, {}}, truth(testing::matrix({{1, 0, 0}, {1, 1, 1}})));
  CHECK(at::allclose(part.weight, at::tensor(std::vector<float>{2.0F / 3, 1.0F / 3})));
  CHECK((part.value < whole.value).all().item<bool>());
  const double by_hand = std::log1p(std::exp(-1.0)) + std::log1p(std::exp(0.5)) + std::log1p(std::exp(-2.0));
  CHECK(mean(part) == Approx(by_hand / 3));
}

TEST_CASE("multi_label: balanced weighs rows with a class as much in all as those without it", "[head][multi_label]") {
  const auto head = built(4, R"(, "positive_weight": "balanced")");
  const Tensor sets = testing::matrix({{1, 0, 1, 0}, {0, 0, 1, 1}, {0, 0, 1, NAN}, {0, 0, 1, 0}});
  head->fit(testing::Rows({genres(4)}, truth(sets)));
  CHECK(at::allclose(head->named_buffers()["positive_weight"], at::tensor(std::vector<float>{3, 1, 1, 2})));
  const RowLoss loss = head->loss({at::zeros({4, 4}), {}}, truth(sets));
  CHECK(loss.value[0].item<double>() == Approx(std::log(2.0) * (3 + 1 + 1 + 1) / 4));
}

TEST_CASE("multi_label: gradients match central differences, and are zero, not NaN, where no label is", "[head][multi_label]") {
  const auto head = built(3, R"(, "positive_weight": 2.5)");
  const Batch features = testing::batch({{"features", testing::matrix({{1, -1, 2, 0.5}, {0, 3, -1, 1}, {-2, 1, 1, 0}})}});
  const std::string name = GENERATE("classifier.weight", "classifier.bias");
  Tensor parameter = head->named_parameters()[name];
  head->loss(head->forward(features, Call()), truth(at::full({3, 3}, NAN))).value.sum().backward();
  CHECK(parameter.grad().abs().sum().item<double>() == 0);
  const Batch sets = truth(testing::matrix({{1, 0, 1}, {NAN, 1, 0}, {0, 0, 0}}));
  const auto total = [&] { return head->loss(head->forward(features, Call()), sets).value.sum(); };
  const Tensor gradient = torch::autograd::grad({total()}, {parameter})[0].flatten();
  const Tensor kept = parameter.detach().clone();
  for (std::int64_t i = 0; i < kept.numel(); ++i) {
    const Tensor step = at::zeros({kept.numel()});
    step[i] = 1e-2;
    const auto at_step = [&](double sign) {
      write_parameter(parameter, kept.add(step.view_as(kept), sign));
      return total().item<double>();
    };
    CHECK((at_step(1) - at_step(-1)) / 2e-2 == Approx(gradient[i].item<double>()).epsilon(1e-3).margin(1e-3));  // float losses
    write_parameter(parameter, kept);
  }
}

TEST_CASE("multi_label: predicts each class by itself, above the threshold", "[head][multi_label]") {
  const Scores scores{testing::matrix({{2, 1, -1}, {-1, -2, -3}, {0, 0, 0}}), {}};
  const Batch predicted = built()->predict(scores, truth(at::zeros({3, 3})));
  CHECK(at::equal(predicted.tensor("label"), testing::matrix({{1, 1, 0}, {0, 0, 0}, {0, 0, 0}})));
  CHECK(at::allclose(predicted.tensor("probability"), scores.values.sigmoid()));
  CHECK(at::equal(built(3, R"(, "threshold": 0.25)")->predict(scores, truth(at::zeros({3, 3}))).tensor("label"),
                  testing::matrix({{1, 1, 1}, {1, 0, 0}, {1, 1, 1}})));
  CHECK((built()->outputs() == Schema{{"label", FieldKind::kLabelSet, {3}, genres(3).classes},
                                      {"probability", FieldKind::kLabelSet, {3}, genres(3).classes}}));
}

TEST_CASE("multi_label: one row and no rows have their losses and predictions", "[head][multi_label]") {
  const auto head = built();
  for (std::int64_t rows : {0, 1}) {
    const Batch features = testing::batch({{"features", at::ones({rows, 4})}, {"genres", at::ones({rows, 3})}});
    const Scores scores = head->forward(features, Call());
    CHECK(head->loss(scores, features).value.size(0) == rows);
    CHECK(head->predict(scores, features).tensor("label").size(0) == rows);
  }
}

TEST_CASE("multi_label: sparse features score as their dense form, from weights of 0", "[head][multi_label]") {
  const auto sparse = built(2, "", {{"features", FieldKind::kSparse, {4}, {}}}), dense = built(2);
  const SparseRows rows{at::tensor(std::vector<int>{0, 3, 2}, at::kInt), at::tensor(std::vector<float>{1, 2, 3}),
                        at::tensor(std::vector<int>{0, 2, 3}, at::kInt), 4};
  CHECK(sparse->named_parameters()["classifier.weight"].abs().sum().item<float>() == 0);
  for (const auto& head : {sparse, dense}) set(*head, "classifier.weight", testing::matrix({{0.5, -1, 2, 0.25}, {1, 1, -1, 0}}));
  const Tensor ours = sparse->forward(testing::batch({{"features", rows}}), Call()).values;
  const Tensor matrix = testing::matrix({{1, 0, 0, 2}, {0, 0, 3, 0}});
  CHECK(at::allclose(ours, dense->forward(testing::batch({{"features", matrix}}), Call()).values));
}

TEST_CASE("multi_label: learns classes that overlap", "[head][multi_label]") {
  const auto head = built(2);
  torch::manual_seed(2);
  const Tensor drawn = at::randn({60, 4}), x = drawn.add(drawn.sign().mul(0.3));  // with a gap around 0
  const Tensor sets = at::stack({x.select(1, 0).gt(0), x.select(1, 1).lt(0)}, 1).to(at::kFloat);
  const Batch features = testing::batch({{"features", x}});
  for (int step = 0; step < 300; ++step) {
    head->zero_grad();
    head->loss(head->forward(features, Call()), truth(sets)).value.mean().backward();
    for (Tensor& parameter : head->parameters()) write_parameter(parameter, parameter.detach().sub(parameter.grad(), 5));
  }
  CHECK(at::equal(head->predict(head->forward(features, Call()), truth(sets)).tensor("label"), sets));
}

TEST_CASE("multi_label: written and read back it scores the same", "[head][multi_label]") {
  const auto head = built(3, R"(, "positive_weight": [1, 2, 3])"), other = built(3, R"(, "positive_weight": 7)", kFeatures, 2);
  const std::string path = (std::filesystem::temp_directory_path() / "graft_multi_label_test.safetensors").string();
  write_safetensors(path, named_tensors(*head));
  copy_weights(*other, Safetensors(path));
  std::filesystem::remove(path);
  const Batch both = testing::batch({{"features", at::randn({5, 4})}, {"genres", at::ones({5, 3})}});
  CHECK(at::equal(head->forward(both, Call()).values, other->forward(both, Call()).values));
  CHECK(at::equal(head->loss(head->forward(both, Call()), both).value, other->loss(other->forward(both, Call()), both).value));
  CHECK(built()->named_buffers().size() == 0);
}

TEST_CASE("multi_label: what it cannot learn it refuses", "[head][multi_label]") {
  const auto refusal = [](FieldKind kind) {
    return message_of([&] { made()->build(kFeatures, {{"genres", kind, {}, {}}}, Rng(1)); });
  };
  CHECK(refusal(FieldKind::kText) ==
        "[graft/multi_label] target must be a label set, genres is text: add a step "
        "{\"use\": \"label_set\", \"columns\": \"genres\"}");
  CHECK(refusal(FieldKind::kClass) ==
        "[graft/multi_label] target must be a label set, genres is class: use the head classify, for one class a row");
  CHECK(refusal(FieldKind::kVector) == "[graft/multi_label] target must be a label set, genres is vector");
  CHECK(refusal(FieldKind::kLabelSet) == "[graft/multi_label] target genres has no classes");
  CHECK(message_of([] { built(3, R"(, "positive_weight": [1, 2])"); }) ==
        "[graft/multi_label] positive_weight must have one number a class, 3, got 2");
  CHECK(message_of([] { built(3, R"(, "positive_weight": "inverse")"); }) ==
        "[graft/multi_label] positive_weight must be a number, a list of numbers or \"balanced\", got \"inverse\"");
  CHECK(message_of([] { made(R"(, "treshold": 0.3)"); }) ==
        "parameters:1:22: [graft/multi_label] treshold is not a parameter, did you mean threshold?");
}
