#include <torch/types.h>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const Schema kFeatures = {{"features", FieldKind::kVector, {3}, {}}};

std::shared_ptr<Head> built(const std::string& more = "", FieldKind kind = FieldKind::kNumber) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_head.so");
  auto head = plugin.make<Head>("graft/regress", R"({"target": "y")" + more + "}");
  head->build(kFeatures, {{"y", kind, {}, {}}}, Rng(1));
  return head;
}

Batch targets(std::initializer_list<double> values) { return testing::batch({{"y", testing::numbers(values)}}); }

void fit(Head& head, std::initializer_list<double> values) {
  head.fit(testing::Rows({{"y", FieldKind::kNumber, {}, {}}}, targets(values)));
}

Scores scores(std::vector<double> values) { return {at::tensor(values, at::kFloat), {}}; }

}  // namespace

TEST_CASE("regress: targets 1 and 5 have mean 3 and deviation 2, so a score of 0.5 predicts 4", "[head][regress]") {
  const auto head = built();
  fit(*head, {1, 5, NAN});
  CHECK(at::equal(head->predict(scores({0.5, -1}), targets({0, 0})).tensor("value"), testing::numbers({4, 1})));
  CHECK((head->outputs() == Schema{{"value", FieldKind::kNumber, {}, {}}}));
}

TEST_CASE("regress: losses are LibTorch's on the standardised target", "[head][regress]") {
  const std::string loss = GENERATE("mse", "mae", "huber");
  const auto head = built(", \"loss\": \"" + loss + "\"");
  fit(*head, {1, 5});
  const Tensor score = at::tensor(std::vector<double>{0.2, -2.5, 1.0, 3.0}, at::kFloat);
  const Tensor z = at::tensor(std::vector<double>{0, 1, 1.5, -1}, at::kFloat);
  const Tensor reference = loss == "mse"   ? at::mse_loss(score, z, at::Reduction::None)
                           : loss == "mae" ? at::l1_loss(score, z, at::Reduction::None)
                                           : at::huber_loss(score, z, at::Reduction::None);
  const RowLoss ours = head->loss({score, {}}, targets({3, 5, 6, 1}));
  CHECK(at::allclose(ours.value, reference));
  CHECK(at::equal(ours.weight, at::ones({4})));
}

TEST_CASE("regress: a missing number costs nothing and has no gradient", "[head][regress]") {
  const std::string loss = GENERATE("mse", "mae", "huber");
  const auto head = built(", \"loss\": \"" + loss + "\"");
  const Tensor score = at::tensor(std::vector<float>{2, 2}).requires_grad_();
  const RowLoss ours = head->loss({score, {}}, targets({NAN, 0}));
  CHECK(ours.value[0].item<float>() == 0);
  CHECK(at::equal(ours.weight, at::tensor(std::vector<float>{0, 1})));
  ours.value.sum().backward();
  CHECK(score.grad()[0].item<float>() == 0);
  CHECK(score.grad()[1].item<float>() != 0);
}

TEST_CASE("regress: units of the target do not matter to the loss", "[head][regress]") {
  const auto small = built(), large = built();
  fit(*small, {1, 2, 4});
  fit(*large, {1001, 2001, 4001});
  CHECK(at::allclose(small->loss(scores({0.5, 1, 2}), targets({1, 2, 4})).value,
                     large->loss(scores({0.5, 1, 2}), targets({1001, 2001, 4001})).value));
}

TEST_CASE("regress: integers are numbers, scores come one a row, and its state is the module's", "[head][regress]") {
  const auto head = built(R"(, "dropout": 0)", FieldKind::kInteger);
  head->fit(testing::Rows({{"y", FieldKind::kInteger, {}, {}}}, testing::batch({{"y", testing::integers({2, 4})}})));
  CHECK(head->forward(testing::batch({{"features", at::ones({5, 3})}}), Call()).values.sizes() == at::IntArrayRef({5}));
  CHECK(head->forward(testing::batch({{"features", at::ones({0, 3})}}), Call()).values.sizes() == at::IntArrayRef({0}));
  std::vector<std::string> names;
  for (const auto& named : named_tensors(*head)) names.push_back(named.first);
  CHECK(names == std::vector<std::string>{"regressor.weight", "regressor.bias", "mean", "deviation"});
}

TEST_CASE("regress: what it cannot learn it refuses", "[head][regress]") {
  CHECK(message_of([] { built("", FieldKind::kClass); }) ==
        "[graft/regress] target must be number or integer, y is class: use the head classify");
  CHECK(message_of([] { built("", FieldKind::kText); }) == "[graft/regress] column y must be number or integer, is text");
  const auto fitting = [](std::initializer_list<double> values) { return message_of([&] { fit(*built(), values); }); };
  CHECK(fitting({3.5, 3.5, NAN}) == "[graft/regress] target y must vary, but is 3.5 in all training rows");
  CHECK(fitting({NAN}) == "[graft/regress] target y has no number in the training rows");
  CHECK(fitting({1, INFINITY}) == "[graft/regress] target y must be finite, but is infinite in a training row");
}
