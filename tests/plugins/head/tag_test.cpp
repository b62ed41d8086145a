#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

constexpr std::int64_t kNone = kMissingClass;
const Schema kFeatures = {{"features", FieldKind::kVector, {4}, {}}, {"tokens", FieldKind::kVector, {-1, 4}, {}}};

Schema data(int tags, FieldKind kind = FieldKind::kTags) {
  Field field{"tags", kind, {-1}, {}};
  for (int c = 0; c < tags; ++c) field.classes.push_back("tag" + std::to_string(c));
  return {field, {"words", FieldKind::kInteger, {-1}, {}}};
}

std::shared_ptr<Head> made(const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  return plugin.make<Head>("graft/tag", R"({"target": "tags", "words": "words")" + more + "}");
}

std::shared_ptr<Head> built(int tags = 3, std::uint64_t seed = 1) {
  auto head = made();
  head->build(kFeatures, data(tags), Rng(seed));
  return head;
}

// Two rows: [CLS] a a b [SEP] with the words a (first token 1) and b (3); [CLS] c d [SEP] with c (1), d cut off.
Scores scores(Tensor values) { return {std::move(values), at::tensor(std::vector<int>{0, 5, 9}, at::kInt)}; }
Batch labelled(std::initializer_list<std::initializer_list<std::int64_t>> tags) {
  return testing::batch({{"words", testing::tokens({{1, 3}, {1, -1}})}, {"tags", testing::tokens(tags)}});
}

Batch features(Tensor values) {
  return testing::batch({{"tokens", Ragged{std::move(values), at::tensor(std::vector<int>{0, 5, 9}, at::kInt), 5}}});
}

}  // namespace

TEST_CASE("tag: a word costs at its first token alone; special tokens, cut words and words without a tag cost nothing",
          "[head][tag]") {
  const RowLoss loss = built()->loss(scores(at::zeros({9, 3})), labelled({{2, 0}, {1, 1}}));
  const float ln3 = std::log(3.0F);
  CHECK(at::allclose(loss.value, at::tensor(std::vector<float>{0, ln3, 0, ln3, 0, 0, ln3, 0, 0})));
  CHECK(at::equal(loss.weight, at::tensor(std::vector<float>{0, 1, 0, 1, 0, 0, 1, 0, 0})));
  const RowLoss none = built()->loss(scores(at::zeros({9, 3})), labelled({{kNone, 0}, {kNone, 1}}));
  CHECK(at::equal(none.weight, at::tensor(std::vector<float>{0, 0, 0, 1, 0, 0, 0, 0, 0})));
}

TEST_CASE("tag: the mean loss is torch's cross_entropy with labels on first tokens and -100 elsewhere", "[head][tag]") {
  torch::manual_seed(3);
  const Tensor values = at::randn({9, 3});
  const RowLoss loss = built()->loss(scores(values), labelled({{2, 0}, {1, 1}}));
  const Tensor labels = testing::integers({kNone, 2, kNone, 0, kNone, kNone, 1, kNone, kNone});
  const Tensor reference = at::cross_entropy_loss(values, labels, {}, at::Reduction::Mean, -100);
  CHECK((loss.value.sum() / loss.weight.sum()).item<float>() == Approx(reference.item<float>()));
}

TEST_CASE("tag: predicts a tag for each word from its first token, none for a word that was cut off", "[head][tag]") {
  const Tensor values = at::zeros({9, 3});
  values[1][2] = 3, values[2][0] = 9, values[3][1] = 2, values[6][0] = 1;
  const Batch predicted = built()->predict(scores(values), labelled({{0, 0}, {0, 0}}));
  const Ragged &label = predicted.ragged("label"), &probability = predicted.ragged("probability");
  CHECK(at::equal(label.values, testing::integers({2, 1, 0, kNone})));
  CHECK(at::equal(label.offsets, at::tensor(std::vector<int>{0, 2, 4}, at::kInt)));
  CHECK(at::allclose(probability.values[0], at::softmax(values[1], 0)));
  CHECK((built()->outputs() == Schema{{"label", FieldKind::kTags, {-1}, data(3)[0].classes},
                                      {"probability", FieldKind::kVector, {-1, 3}, data(3)[0].classes}}));
}

TEST_CASE("tag: gradients match central differences, and are zero, not NaN, where no tag is", "[head][tag]") {
  const auto head = built();
  torch::manual_seed(5);
  const Batch tokens = features(at::randn({9, 4}));
  const std::string name = GENERATE("classifier.weight", "classifier.bias");
  Tensor parameter = head->named_parameters()[name];
  head->loss(head->forward(tokens, Call()), labelled({{kNone, kNone}, {kNone, kNone}})).value.sum().backward();
  CHECK(parameter.grad().abs().sum().item<double>() == 0);
  const auto total = [&] { return head->loss(head->forward(tokens, Call()), labelled({{2, 0}, {1, 1}})).value.sum(); };
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

TEST_CASE("tag: a row's losses and tags do not depend on the rows beside it", "[head][tag]") {
  torch::manual_seed(6);
  const Tensor values = at::randn({9, 3});
  const Batch both = labelled({{2, 0}, {1, 1}});
  const Batch second = both.select(std::vector<std::int64_t>{1});
  const Scores alone{values.slice(0, 5), at::tensor(std::vector<int>{0, 4}, at::kInt)};
  CHECK(at::allclose(built()->loss(alone, second).value, built()->loss(scores(values), both).value.slice(0, 5)));
  CHECK(at::equal(built()->predict(alone, second).ragged("label").values,
                  built()->predict(scores(values), both).ragged("label").values.slice(0, 2)));
}

TEST_CASE("tag: no rows, and a row without words, have their losses and predictions", "[head][tag]") {
  const auto head = built();
  const auto check = [&](const Ragged& tokens, const Ragged& words) {
    const Batch batch = testing::batch({{"tokens", tokens}, {"words", words}, {"tags", words}});
    const Scores scores = head->forward(batch, Call());
    CHECK(head->loss(scores, batch).weight.sum().item<float>() == 0);
    CHECK(head->predict(scores, batch).ragged("label").values.numel() == 0);
  };
  const Ragged none = ragged_of(at::empty({0}, at::kLong), {});
  check({at::empty({0, 4}), none.offsets, 0}, none);
  check({at::ones({2, 4}), at::tensor(std::vector<int>{0, 2}, at::kInt), 2}, testing::tokens({{}}));
}

TEST_CASE("tag: learns the tags of words", "[head][tag]") {
  const auto head = built();
  torch::manual_seed(4);
  const Batch tokens = features(at::randn({9, 4})), truth = labelled({{2, 0}, {1, 1}});
  for (int step = 0; step < 200; ++step) {
    head->zero_grad();
    head->loss(head->forward(tokens, Call()), truth).value.sum().backward();
    for (Tensor& parameter : head->parameters()) write_parameter(parameter, parameter.detach().sub(parameter.grad(), 0.3));
  }
  CHECK(at::equal(head->predict(head->forward(tokens, Call()), truth).ragged("label").values.slice(0, 0, 3),
                  testing::integers({2, 0, 1})));
}

TEST_CASE("tag: written and read back it scores the same; dropout acts in training only", "[head][tag]") {
  const auto head = built(), other = built(3, 2);
  const std::string path = (std::filesystem::temp_directory_path() / "graft_tag_test.safetensors").string();
  write_safetensors(path, named_tensors(*head));
  copy_weights(*other, Safetensors(path));
  std::filesystem::remove(path);
  const Batch tokens = features(at::randn({9, 4}));
  CHECK(at::equal(head->forward(tokens, Call()).values, other->forward(tokens, Call()).values));
  Call::Options options;
  options.training = true;
  CHECK_FALSE(at::equal(head->forward(tokens, Call(options)).values, head->forward(tokens, Call()).values));
}

TEST_CASE("tag: what it cannot learn it refuses", "[head][tag]") {
  const auto refusal = [](const Schema& features, const Schema& rows) {
    return message_of([&] { made()->build(features, rows, Rng(1)); });
  };
  CHECK(refusal(kFeatures, data(3, FieldKind::kText)) ==
        "[graft/tag] target must be tags, tags is text: add a step "
        "{\"use\": \"word_tags\", \"column\": \"tags\", \"words\": ...}");
  CHECK(refusal(kFeatures, data(3, FieldKind::kClass)) ==
        "[graft/tag] target must be tags, tags is class: use the head classify, for one class a row");
  CHECK(refusal(kFeatures, data(1)) == "[graft/tag] target tags must have two tags or more, has only \"tag0\"");
  CHECK(refusal({kFeatures[0]}, data(3)) == "[graft/tag] there is no column tokens (columns: features)");
  CHECK(refusal({{"tokens", FieldKind::kVector, {4}, {}}}, data(3)) ==
        "[graft/tag] input must have a vector for each token, tokens has one a row; bert gives them as tokens");
  CHECK(refusal(kFeatures, {data(3)[0], {"words", FieldKind::kTokens, {-1}, {}}}) ==
        "[graft/tag] words must be places of words among tokens, words is tokens: set words of the step wordpiece, and name the "
        "column that it makes");
  CHECK(message_of([] { built()->loss(scores(at::zeros({9, 3})), labelled({{1, 1, 1}, {1, 1}})); }) ==
        "[graft/tag] tags and words must be of the same words, a batch has 5 tags and 4 words");
}
