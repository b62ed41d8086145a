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
const Schema kSparse = {{"features", FieldKind::kSparse, {4}, {}}};

Field grades(int classes, FieldKind kind = FieldKind::kClass) {
  Field field{"grade", kind, {}, {}};
  for (int c = 0; c < classes; ++c) field.classes.push_back(std::to_string(c + 1));
  return field;
}

std::shared_ptr<Head> built(const Field& target = grades(4), const Schema& features = kFeatures, std::uint64_t seed = 1) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  auto head = plugin.make<Head>("graft/ordinal", R"({"target": "grade"})");
  head->build(features, {target}, Rng(seed));
  return head;
}

Batch labels(std::initializer_list<std::int64_t> values) { return testing::batch({{"grade", testing::integers(values)}}); }

Tensor floats(std::vector<float> values) { return at::tensor(values); }

// A list of numbers, or of lists of one length, as a float tensor.
Tensor tensor_of(const Value& list) {
  std::vector<Tensor> parts;
  for (const Value& item : list.list()) parts.push_back(item.is_list() ? tensor_of(item) : at::scalar_tensor(item.number()));
  return at::stack(parts).to(at::kFloat);
}

void set(Head& head, const std::string& name, const Tensor& value) {
  Tensor parameter = head.named_parameters()[name];
  write_parameter(parameter, value);
}

Tensor loss_of(Head& head, const Batch& features, const Batch& truth) {
  return head.loss(head.forward(features, Call()), truth).value;
}

}  // namespace

TEST_CASE("ordinal: at the threshold of each question a row costs ln 2 a question, and a missing label nothing",
          "[head][ordinal]") {
  const RowLoss loss = built()->loss({at::zeros({3, 3}), {}}, labels({0, kMissingClass, 3}));
  CHECK(at::allclose(loss.value, floats({2.0794415F, 0, 2.0794415F})));
  CHECK(at::equal(loss.weight, floats({1, 0, 1})));
}

TEST_CASE("ordinal: a miss by two classes costs more than a miss by one", "[head][ordinal]") {
  const Tensor sure_of_first = testing::matrix({{-2, -3, -4}});
  const auto cost = [&](std::int64_t label) { return built()->loss({sure_of_first, {}}, labels({label})).value.item<float>(); };
  CHECK(cost(0) < cost(1));
  CHECK(cost(1) < cost(2));
  CHECK(cost(2) < cost(3));
}

TEST_CASE("ordinal: scores, losses, gradients and labels are those of CORAL's authors", "[head][ordinal]") {
  const Value cases = read_json(GRAFT_TEST_DATA "/ordinal_reference.json");
  for (const Value& one : cases.list()) {
    const auto classes = static_cast<int>(one.at("classes").integer());
    INFO(classes << " classes");
    const auto head = built(grades(classes));
    set(*head, "ranker.weight", tensor_of(one.at("weight")));
    set(*head, "first", tensor_of(one.at("first")));
    if (classes > 2) set(*head, "gaps", tensor_of(one.at("gaps")));
    const Batch features = testing::batch({{"features", tensor_of(one.at("features"))}});
    const Batch truth = testing::batch({{"grade", tensor_of(one.at("truth")).to(at::kLong)}});
    const Value& expected = one.at("expected");
    const Scores scores = head->forward(features, Call());
    CHECK(at::allclose(scores.values, tensor_of(expected.at("scores")), 1e-5, 2e-6));
    const Tensor losses = head->loss(scores, truth).value;
    CHECK(at::allclose(losses, tensor_of(expected.at("losses")), 1e-5, 2e-6));
    CHECK(at::equal(head->predict(scores, truth).tensor("label"), tensor_of(expected.at("labels")).to(at::kLong)));
    losses.sum().backward();
    const auto parameters = head->named_parameters();
    CHECK(at::allclose(parameters["ranker.weight"].grad(), tensor_of(expected.at("weight_gradient")), 1e-5, 1e-5));
    CHECK(at::allclose(parameters["first"].grad(), tensor_of(expected.at("first_gradient")), 1e-5, 1e-5));
  }
}

TEST_CASE("ordinal: gradients match central differences, and are zero, not NaN, where no label is", "[head][ordinal]") {
  const auto head = built();
  const Batch features = testing::batch({{"features", testing::matrix({{1, -1, 2, 0.5}, {0, 3, -1, 1}, {-2, 1, 1, 0}})}});
  const std::string name = GENERATE("ranker.weight", "first", "gaps");
  Tensor parameter = head->named_parameters()[name];
  loss_of(*head, features, labels({kMissingClass, kMissingClass, kMissingClass})).sum().backward();
  CHECK(parameter.grad().abs().sum().item<double>() == 0);
  const auto total = [&] { return loss_of(*head, features, labels({0, 3, 2})).sum(); };
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

TEST_CASE("ordinal: questions never contradict each other, whatever the parameters", "[head][ordinal]") {
  torch::manual_seed(4);
  const auto head = built(grades(6));
  for (int draw = 0; draw < 20; ++draw) {
    for (const char* name : {"ranker.weight", "first", "gaps"})
      set(*head, name, at::randn_like(head->named_parameters()[name]).mul(10));
    const Scores scores = head->forward(testing::batch({{"features", at::randn({50, 4})}}), Call());
    CHECK(scores.values.diff(1, 1).le(0).all().item<bool>());
    const Batch predicted = head->predict(scores, Batch(std::vector<std::int64_t>(50)));
    CHECK(predicted.tensor("probability").ge(0).all().item<bool>());
    CHECK(at::allclose(predicted.tensor("probability").sum(1), at::ones({50})));
    const Tensor label = predicted.tensor("label"), below = predicted.tensor("probability").cumsum(1);
    CHECK(below.gather(1, label.unsqueeze(1)).ge(0.5 - 1e-6).all().item<bool>());  // the label is the median
  }
}

TEST_CASE("ordinal: at a score of zero every class is equally likely in a new head", "[head][ordinal]") {
  for (int classes : {2, 3, 7}) {
    const auto head = built(grades(classes), kSparse);
    const SparseRows empty{at::zeros({0}, at::kInt), at::zeros({0}), at::zeros({2}, at::kInt), 4};
    const Scores scores = head->forward(testing::batch({{"features", empty}}), Call());
    CHECK(at::allclose(head->predict(scores, labels({0})).tensor("probability"), at::full({1, classes}, 1.0 / classes)));
  }
}

TEST_CASE("ordinal: predicts how many thresholds are passed, and what lies between them", "[head][ordinal]") {
  const auto head = built();
  const Batch predicted =
      head->predict({testing::matrix({{2, 1, -1}, {-1, -2, -3}, {3, 2, 1}, {1, 0, -1}}), {}}, labels({0, 0, 0, 0}));
  CHECK(at::equal(predicted.tensor("label"), testing::integers({2, 0, 3, 1})));
  CHECK(at::allclose(predicted.tensor("probability")[0], floats({0.1192029F, 0.1497385F, 0.4621172F, 0.2689414F})));
  CHECK((head->outputs() == Schema{{"label", FieldKind::kClass, {}, grades(4).classes},
                                   {"probability", FieldKind::kSoftClass, {4}, grades(4).classes}}));
  CHECK(head->predict({at::zeros({0, 3}), {}}, labels({})).tensor("label").size(0) == 0);
}

TEST_CASE("ordinal: a soft label of one class is that class, and a half costs half of each", "[head][ordinal]") {
  const auto head = built(grades(4, FieldKind::kSoftClass)), hard = built();
  const Scores scores{testing::matrix({{2, 0.5, -1}}), {}};
  const auto soft_loss = [&](Tensor row) { return head->loss(scores, testing::batch({{"grade", row}})); };
  const auto hard_loss = [&](std::int64_t label) { return hard->loss(scores, labels({label})).value; };
  CHECK(at::allclose(soft_loss(testing::matrix({{0, 1, 0, 0}})).value, hard_loss(1)));
  CHECK(at::allclose(soft_loss(testing::matrix({{0.5, 0, 0, 0.5}})).value, hard_loss(0).add(hard_loss(3)).div(2)));
  for (double missing : {0.0, static_cast<double>(NAN)}) {
    const RowLoss none = soft_loss(testing::matrix({{missing, missing, missing, missing}}));
    CHECK(none.value.item<float>() == 0);
    CHECK(none.weight.item<float>() == 0);
  }
}

TEST_CASE("ordinal: sparse features score as their dense form", "[head][ordinal]") {
  const auto sparse = built(grades(4), kSparse), dense = built();
  const SparseRows rows{at::tensor(std::vector<int>{0, 3, 2}, at::kInt), floats({1, 2, 3}),
                        at::tensor(std::vector<int>{0, 2, 3}, at::kInt), 4};
  for (const auto& head : {sparse, dense}) set(*head, "ranker.weight", testing::matrix({{0.5, -1, 2, 0.25}}));
  const Scores ours = sparse->forward(testing::batch({{"features", rows}}), Call());
  const Scores theirs = dense->forward(testing::batch({{"features", testing::matrix({{1, 0, 0, 2}, {0, 0, 3, 0}})}}), Call());
  CHECK(at::allclose(ours.values, theirs.values));
  sparse->loss(ours, labels({0, 3})).value.sum().backward();
  CHECK(sparse->named_parameters()["ranker.weight"].grad().defined());
}

TEST_CASE("ordinal: learns grades along a line, and where they end", "[head][ordinal]") {
  const auto head = built(grades(3));
  const Tensor x = at::linspace(-3, 3, 31);
  const Tensor grade = x.gt(-1.05).to(at::kLong).add(x.gt(1.95));
  const Batch features = testing::batch({{"features", at::stack({x, x.neg(), at::zeros_like(x), at::ones_like(x)}, 1)}});
  const Batch truth = testing::batch({{"grade", grade}});
  for (int step = 0; step < 400; ++step) {
    head->zero_grad();
    loss_of(*head, features, truth).mean().backward();
    for (Tensor& parameter : head->parameters()) write_parameter(parameter, parameter.detach().sub(parameter.grad()));
  }
  CHECK(at::equal(head->predict(head->forward(features, Call()), truth).tensor("label"), grade));
}

TEST_CASE("ordinal: dropout acts in training only", "[head][ordinal]") {
  const auto head = built(grades(4), {{"features", FieldKind::kVector, {5000}, {}}});
  const Batch features = testing::batch({{"features", at::ones({2, 5000})}});
  Call::Options options;
  options.training = true;
  CHECK_FALSE(at::equal(head->forward(features, Call(options)).values, head->forward(features, Call()).values));
  CHECK(at::equal(head->forward(features, Call()).values, head->forward(features, Call()).values));
  CHECK(head->named_parameters()["ranker.weight"].std().item<double>() == Approx(0.02).epsilon(0.05));
}

TEST_CASE("ordinal: written and read back it scores the same; two classes have no gaps", "[head][ordinal]") {
  const auto names = [](const Head& head) {
    std::vector<std::string> all;
    for (const auto& named : named_tensors(head)) all.push_back(named.first);
    return all;
  };
  const auto head = built(), other = built(grades(4), kFeatures, 2);
  CHECK(names(*head) == std::vector<std::string>{"first", "gaps", "ranker.weight"});
  CHECK(names(*built(grades(2))) == std::vector<std::string>{"first", "ranker.weight"});
  set(*head, "gaps", floats({0.1F, 3}));
  const std::string path = (std::filesystem::temp_directory_path() / "graft_ordinal_test.safetensors").string();
  write_safetensors(path, named_tensors(*head));
  copy_weights(*other, Safetensors(path));
  std::filesystem::remove(path);
  const Batch features = testing::batch({{"features", at::randn({5, 4})}});
  CHECK(at::equal(head->forward(features, Call()).values, other->forward(features, Call()).values));
}

TEST_CASE("ordinal: what it cannot learn it refuses", "[head][ordinal]") {
  const auto refusal = [](FieldKind kind, std::vector<std::string> classes = {}) {
    return message_of([&] { built({"grade", kind, {}, classes}); });
  };
  CHECK(refusal(FieldKind::kText) ==
        "[graft/ordinal] target must be a class, grade is text: add a step "
        "{\"use\": \"category\", \"column\": \"grade\", \"classes\": [...]} with its values from low to high");
  CHECK(refusal(FieldKind::kInteger) ==
        "[graft/ordinal] target must be a class, grade is integer: add a step {\"use\": \"category\", \"column\": \"grade\"}");
  CHECK(refusal(FieldKind::kNumber) == "[graft/ordinal] target must be a class, grade is number: use the head regress");
  CHECK(refusal(FieldKind::kVector) == "[graft/ordinal] target must be a class, grade is vector");
  CHECK(refusal(FieldKind::kClass, {"good"}) == "[graft/ordinal] target grade must have two classes or more, has only \"good\"");
  CHECK(refusal(FieldKind::kClass) == "[graft/ordinal] target grade has no classes: no row of the training data has a label");
  CHECK(message_of([] {
          testing::Plugin(GRAFT_PLUGIN_DIR "/graft_head.so").make<Head>("graft/ordinal", R"({"target": "grade", "drop_out": 0})");
        }) == "parameters:1:21: [graft/ordinal] drop_out is not a parameter, did you mean dropout?");
}
