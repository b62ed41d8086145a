#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const Schema kFeatures = {{"first", FieldKind::kVector, {5}, {}}, {"second", FieldKind::kVector, {5}, {}}};

std::shared_ptr<Head> made(const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  return plugin.make<Head>("graft/similarity", R"({"target": "y")" + more + "}");
}

std::shared_ptr<Head> built(const std::string& more = "", FieldKind kind = FieldKind::kNumber) {
  auto head = made(more);
  head->build(kFeatures, {{"y", kind, {}, {}}}, Rng(1));
  return head;
}

Batch targets(std::initializer_list<double> values) { return testing::batch({{"y", testing::numbers(values)}}); }

void fit(Head& head, std::initializer_list<double> values) {
  head.fit(testing::Rows({{"y", FieldKind::kNumber, {}, {}}}, targets(values)));
}

Scores scores(std::vector<double> cosines) { return {at::tensor(cosines, at::kFloat), {}}; }

Tensor tensor_of(const Value& list) {  // a list of numbers, or of lists of one length
  std::vector<Tensor> parts;
  for (const Value& item : list.list()) parts.push_back(item.is_list() ? tensor_of(item) : at::scalar_tensor(item.number()));
  return at::stack(parts).to(at::kFloat);
}

Tensor floats(std::vector<float> values) { return at::tensor(values); }

}  // namespace

TEST_CASE("similarity: targets from 1 to 5 make 3 a cosine of a half, and a cosine of a half predicts 3", "[head][similarity]") {
  const auto head = built();
  fit(*head, {1, 5, NAN, 2});
  const RowLoss loss = head->loss(scores({0.5, 0.5, 1, 0}), targets({3, 5, NAN, 1}));
  CHECK(at::allclose(loss.value, floats({0, 0.25F, 0, 0})));
  CHECK(at::equal(loss.weight, floats({1, 1, 0, 1})));
  CHECK(at::allclose(head->predict(scores({0.5, 1, -0.5}), targets({0, 0, 0})).tensor("value"), testing::numbers({3, 5, -1})));
  CHECK((head->outputs() == Schema{{"value", FieldKind::kNumber, {}, {}}}));
}

TEST_CASE("similarity: cosines and losses are those of scikit-learn", "[head][similarity]") {
  const Value reference = read_json(GRAFT_TEST_DATA "/similarity_reference.json");
  const Value& expected = reference.at("expected");
  const Batch features =
      testing::batch({{"first", tensor_of(reference.at("first"))}, {"second", tensor_of(reference.at("second"))}});
  const auto check = [&](const std::string& loss, const std::string& range, const char* target) {
    const auto head = built(R"(, "loss": ")" + loss + R"(", "range": )" + range);
    const Scores scores = head->forward(features, Call());
    CHECK(at::allclose(scores.values, tensor_of(expected.at("cosine")), 1e-5, 1e-6));
    const Batch truth = testing::batch({{"y", tensor_of(reference.at(target)).to(at::kDouble)}});
    CHECK(at::allclose(head->loss(scores, truth).value, tensor_of(expected.at(loss)), 1e-5, 1e-6));
  };
  check("mse", "[0, 5]", "target");
  check("contrastive", "[0, 1]", "alike");
}

TEST_CASE("similarity: a pair that is not alike costs nothing beyond the margin", "[head][similarity]") {
  const auto head = built(R"(, "loss": "contrastive", "range": [0, 1], "margin": 0.75)");
  const RowLoss loss = head->loss(scores({0.25, 0.5, 0.5}), targets({0, 0, 1}));
  CHECK(at::allclose(loss.value, floats({0, 0.03125F, 0.125F})));
}

TEST_CASE("similarity: neither the order of the two nor their lengths matter, and zeros have cosine 0", "[head][similarity]") {
  torch::manual_seed(1);
  const Tensor u = at::randn({4, 5}), v = at::randn({4, 5});
  const auto of = [](const Tensor& a, const Tensor& b) {
    return built()->forward(testing::batch({{"first", a}, {"second", b}}), Call()).values;
  };
  CHECK(at::allclose(of(u, v), of(v, u)));
  CHECK(at::allclose(of(u, v), of(u.mul(7), v.mul(0.01))));
  CHECK(at::equal(of(at::zeros({4, 5}), v), at::zeros({4})));
  CHECK(of(u, v).abs().le(1).all().item<bool>());
}

TEST_CASE("similarity: gradients match central differences, and are zero, not NaN, for zeros and rows without a target",
          "[head][similarity]") {
  const std::string loss = GENERATE("mse", "contrastive");
  const auto head = built(R"(, "range": [0, 1], "loss": ")" + loss + "\"");
  torch::manual_seed(3);
  const Tensor u = at::randn({3, 5}).requires_grad_(), v = at::randn({3, 5}).requires_grad_();
  const auto total = [&](const Tensor& first, const Tensor& second) {
    const Scores cosines = head->forward(testing::batch({{"first", first}, {"second", second}}), Call());
    return head->loss(cosines, targets({1, 0.25, 0})).value.sum();
  };
  total(u, v).backward();
  const Tensor kept = u.detach().clone();
  for (std::int64_t i = 0; i < kept.numel(); ++i) {
    const Tensor step = at::zeros({kept.numel()});
    step[i] = 1e-2;
    const auto at_step = [&](double sign) { return total(kept.add(step.view_as(kept), sign), v.detach()).item<double>(); };
    CHECK((at_step(1) - at_step(-1)) / 2e-2 ==
          Approx(u.grad().flatten()[i].item<double>()).epsilon(2e-3).margin(2e-3));  // float losses
  }
  const Tensor none = at::zeros({2, 5}).requires_grad_();
  const Scores cosines = head->forward(testing::batch({{"first", none}, {"second", v.detach().slice(0, 0, 2)}}), Call());
  head->loss(cosines, targets({NAN, 1})).value.sum().backward();
  CHECK(none.grad().isfinite().all().item<bool>());
  CHECK(none.grad()[0].abs().sum().item<float>() == 0);
}

TEST_CASE("similarity: one row and no rows have their losses and predictions", "[head][similarity]") {
  for (std::int64_t rows : {0, 1}) {
    const Batch batch =
        testing::batch({{"first", at::ones({rows, 5})}, {"second", at::ones({rows, 5})}, {"y", at::ones({rows}, at::kDouble)}});
    const auto head = built(R"(, "range": [0, 1])");
    CHECK(head->loss(head->forward(batch, Call()), batch).value.numel() == rows);
    CHECK(head->predict(head->forward(batch, Call()), batch).tensor("value").numel() == rows);
  }
}

TEST_CASE("similarity: written and read back it predicts the same; other names of columns are read", "[head][similarity]") {
  const auto head = built(), other = built();
  fit(*head, {-2, 6});
  const std::string path = (std::filesystem::temp_directory_path() / "graft_similarity_test.safetensors").string();
  write_safetensors(path, named_tensors(*head));
  copy_weights(*other, Safetensors(path));
  std::filesystem::remove(path);
  CHECK(other->predict(scores({0.5}), targets({0})).tensor("value").item<double>() == 2);
  CHECK(head->parameters().empty());
  CHECK(made()->reads() == std::vector<std::string>{"first", "second"});
  CHECK(made(R"(, "first": "query", "second": "answer")")->reads() == std::vector<std::string>{"query", "answer"});
}

TEST_CASE("similarity: what it cannot learn it refuses", "[head][similarity]") {
  CHECK(message_of([] { built("", FieldKind::kClass); }) ==
        "[graft/similarity] target must be number or integer, y is class: use the head classify");
  CHECK(message_of([] { built("", FieldKind::kText); }) == "[graft/similarity] column y must be number or integer, is text");
  const auto refusal = [](const Schema& features) {
    return message_of([&] { made()->build(features, {{"y", FieldKind::kNumber, {}, {}}}, Rng(1)); });
  };
  CHECK(refusal({{"features", FieldKind::kVector, {5}, {}}}) ==
        "[graft/similarity] there is no column first (columns: features)");
  CHECK(refusal({kFeatures[0], {"second", FieldKind::kVector, {4}, {}}}) ==
        "[graft/similarity] first and second must be vectors of one width, got [5] and [4]");
  CHECK(message_of([] { made(R"(, "range": [5, 0])"); }) == "[graft/similarity] range must rise, got [5, 0]");
  CHECK(message_of([] { fit(*built(), {NAN}); }) == "[graft/similarity] target y has no number in the training rows");
  CHECK(message_of([] { fit(*built(), {2, 2}); }) ==
        "[graft/similarity] target y must vary, but is 2.0 in all training rows: set range");
  CHECK(message_of([] { fit(*built(), {2, INFINITY}); }) ==
        "[graft/similarity] target y must be finite, but is infinite in a training row");
}
