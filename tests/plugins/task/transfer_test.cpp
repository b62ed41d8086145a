#include <ATen/Functions.h>

#include <cmath>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/model.hpp"
#include "graft/task.hpp"
#include "graft/testing.hpp"
#include "toy_host.hpp"

using namespace graft;

namespace {

std::shared_ptr<Task> transfer(const std::string& parameters = "{}") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_task.so");
  return plugin.make<Task>("graft/transfer", parameters);
}

// A host with the model prediction = w x, one head with a squared error, and stochastic gradient descent.
class OneWeight final : public toy::Host {
 public:
  explicit OneWeight(std::vector<Batch> batches) : batches_(std::move(batches)) { weight_.set_requires_grad(true); }

  Batch next(std::string_view role) override {
    calls += "next(" + std::string(role) + ") ";
    return batches_[taken_++ % batches_.size()];
  }
  Batch forward(const Batch& batch, const ForwardOptions&) override {
    calls += "forward ";
    Batch features(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    features.set("features", batch.tensor("x").mul(weight_));
    return features;
  }
  Terms terms(const Batch& features, const Batch& batch, const std::vector<std::string>&) override {
    calls += "terms ";
    const Tensor known = batch.tensor("y").isnan().logical_not();
    const Tensor error = features.tensor("features").sub(batch.tensor("y").nan_to_num());
    return {{"head", error.mul(error).mul(known).sum(), known.sum().to(at::kDouble)}};
  }
  void minimise(const std::function<Terms()>& closure, std::size_t) override {
    calls += "minimise ";
    for (int i = 0; i < evaluations; ++i) {
      weight_.mutable_grad() = Tensor();
      Tensor total = at::zeros({}, at::kDouble);
      for (const Term& term : closure()) total = total.add(term.sum.div(term.count.clamp_min(1)));
      loss = total.item<double>();
      total.backward();
    }
    weight_.data().sub_(weight_.grad().mul(0.1));
  }
  double weight() const { return weight_.item<double>(); }
  Model& model() override { return model_; }

  std::string calls;
  double loss = 0;
  int evaluations = 1;

 private:
  std::vector<Batch> batches_;
  std::size_t taken_ = 0;
  Tensor weight_ = at::scalar_tensor(1.0, at::kDouble);
  struct Holder final : Model {
    explicit Holder(Tensor& weight) { register_parameter("weight", weight); }
    Schema build(const Schema&, Rng) override { return {}; }
    Batch forward(const Batch& batch, const Call&) override { return batch; }
  } model_{weight_};
};

// A pass gives other scores than the one before it, as dropout does: x times 1, 1.5, 1, 1.5 ...
class TwoViews final : public toy::Host {
 public:
  TwoViews() { add("films", torch::tensor({{1.0, 0.0, -1.0}, {0.5, 2.0, 0.0}}, at::kDouble), {0, 2}); }
  Batch forward(const Batch& batch, const ForwardOptions& options) override {
    Batch features = Host::forward(batch, options);
    features.set("features", features.tensor("features").mul(passes++ % 2 ? 1.5 : 1.0));
    return features;
  }
  int passes = 0;
};

// The same with one number a row, x itself, that a head takes for its answer to 0.
class TwoNumbers final : public toy::Host {
 public:
  TwoNumbers() { add("films", torch::tensor({1.0, 4.0}, at::kDouble)); }
  Batch forward(const Batch& batch, const ForwardOptions& options) override {
    Batch features = Host::forward(batch, options);
    features.set("features", features.tensor("features").mul(passes_++ % 2 ? 1.5 : 1.0));
    return features;
  }
  std::vector<std::pair<std::string, Head*>> heads() override { return {{"head", &number_}}; }
  Scores scores(const Batch& features, std::string_view) override { return number_.forward(features, Call()); }
  Terms terms(const Batch& features, const Batch&, const std::vector<std::string>&) override {
    return {{"head", features.tensor("features").square().sum(), at::scalar_tensor(2.0, at::kDouble)}};
  }

 private:
  struct Number final : Head {
    std::string target() const override { return "y"; }
    void build(const Schema&, const Schema&, Rng) override {}
    Schema outputs() const override { return {{"value", FieldKind::kNumber, {}, {}}}; }
    Scores forward(const Batch& features, const Call&) override { return {features.tensor("features"), {}}; }
    RowLoss loss(const Scores& scores, const Batch&) const override { return {scores.values, scores.values}; }
    Batch predict(const Scores&, const Batch& rows) const override { return rows; }
  } number_;
  int passes_ = 0;
};

Batch pairs(std::initializer_list<double> x, std::initializer_list<double> y) {
  return testing::batch({{"x", testing::numbers(x)}, {"y", testing::numbers(y)}});
}

}  // namespace

TEST_CASE("transfer: one step moves the weight as worked out by hand", "[task][transfer]") {
  OneWeight host({pairs({1, 2}, {3, 6})});
  transfer()->step(host);
  CHECK(host.loss == 10.0);             // ((1 - 3)^2 + (2 - 6)^2) / 2
  CHECK(host.weight() == Approx(2.0));  // 1 - 0.1 * (2 * -2 * 1 + 2 * -4 * 2) / 2
}

TEST_CASE("transfer: 100 steps of it find the closed-form least squares solution", "[task][transfer]") {
  OneWeight host({pairs({0.5, -1, 2, 1.5}, {1, -1, 3, 4})});
  const auto task = transfer();
  for (int i = 0; i < 100; ++i) task->step(host);
  CHECK(host.weight() == Approx(13.5 / 7.5).epsilon(1e-12));  // sum x y / sum x^2
}

TEST_CASE("transfer: a step takes one batch and runs the model once for each evaluation of the loss", "[task][transfer]") {
  OneWeight host({pairs({1}, {1})});
  transfer()->step(host);
  CHECK(host.calls == "next(main) minimise forward terms ");
  host.calls.clear();
  host.evaluations = 2;
  transfer()->step(host);
  CHECK(host.calls == "next(main) minimise forward terms forward terms ");
}

TEST_CASE("transfer: l2_sp pulls a weight that has moved back to where it began", "[task][transfer]") {
  OneWeight host({pairs({1, 2}, {3, 6})});
  const auto task = transfer(R"({"l2_sp": 0.5})");
  task->setup(host);
  task->step(host);
  CHECK(host.loss == 10.0);  // at the start the pull is nothing
  CHECK(host.weight() == Approx(2.0));
  task->step(host);
  CHECK(host.loss == Approx(2.5 + 0.25));                                   // ((2 - 3)^2 + (4 - 6)^2) / 2 + 0.5 / 2 * (2 - 1)^2
  CHECK(host.weight() == Approx(2.0 - 0.1 * (-5.0 + 0.5)).epsilon(1e-12));  // + 0.5 * (2 - 1) in the gradient
}

TEST_CASE("transfer: l2_sp moves nothing while no row has a label and no weight has moved", "[task][transfer]") {
  OneWeight host({pairs({5}, {NAN})});
  const auto task = transfer(R"({"l2_sp": 3})");
  task->setup(host);
  task->step(host);
  CHECK(host.weight() == 1.0);
}

TEST_CASE("transfer: r_drop takes the mean loss of two passes and half of both divergences", "[task][transfer]") {
  TwoViews host;
  transfer(R"({"r_drop": 4})")->step(host);
  const Tensor x = torch::tensor({{1.0, 0.0, -1.0}, {0.5, 2.0, 0.0}}, at::kDouble), y = torch::tensor({0, 2});
  const Tensor p = at::log_softmax(x, 1), q = at::log_softmax(x.mul(1.5), 1);
  const double both = at::nll_loss(p, y).item<double>() + at::nll_loss(q, y).item<double>();
  CHECK(host.value("head") == Approx(both / 2).epsilon(1e-12));
  const auto kl = [](const Tensor& from, const Tensor& to) {
    return at::kl_div(to, from, at::Reduction::Sum, /*log_target=*/true).item<double>() / 2;
  };
  CHECK(host.value("head/r_drop") == Approx(4 * (kl(p, q) + kl(q, p)) / 2).epsilon(1e-12));
  CHECK(host.passes == 2);
}

TEST_CASE("transfer: r_drop of a head of numbers is the mean square of their difference", "[task][transfer]") {
  TwoNumbers host;
  transfer(R"({"r_drop": 3})")->step(host);
  CHECK(host.value("head/r_drop") == Approx(3 * (0.25 * 1 + 0.25 * 16) / 2).epsilon(1e-12));
}

TEST_CASE("transfer: two passes that agree cost nothing by r_drop, and its gradient matches finite differences",
          "[task][transfer]") {
  toy::Host host;
  host.add("films", torch::tensor({{1.0, 0.0, -1.0}}, at::kDouble), {0});
  transfer(R"({"r_drop": 4})")->step(host);
  CHECK(host.value("head/r_drop") == 0.0);
  TwoViews views;
  views.during = [&] { CHECK(views.gradient_error("head/r_drop", 0) < 1e-6); };
  transfer(R"({"r_drop": 1})")->step(views);
}

TEST_CASE("transfer: it names one stream and lets a batch be split", "[task][transfer]") {
  CHECK(transfer()->streams() == std::vector<std::string>{"main"});
  CHECK(transfer()->splittable());
}

TEST_CASE("transfer: a parameter or a state that it does not have is refused", "[task][transfer]") {
  CHECK(message_of([] { transfer(R"({"alpha": 1})"); }) ==
        "parameters:1:2: [graft/transfer] alpha is not a parameter; there are l2_sp and r_drop");
  State state;
  state.texts["alpha"] = "1";
  CHECK(message_of([&] { transfer()->restore(state); }) == "[task] was given a state to restore, but keeps none");
  CHECK(transfer()->state().empty());
  transfer()->restore({});
}

TEST_CASE("transfer: contract: the loss is finite, missing labels change nothing, two runs give the same bits",
          "[task][transfer]") {
  const std::vector<Batch> masked = {pairs({1, 2, 9}, {3, 6, NAN}), pairs({5}, {NAN})};
  OneWeight first(masked), second(masked), clean({pairs({1, 2}, {3, 6})});
  for (int i = 0; i < 2; ++i) {
    transfer()->step(first);
    transfer()->step(second);
    CHECK(std::isfinite(first.loss));
  }
  transfer()->step(clean);
  CHECK(first.weight() == second.weight());
  CHECK(first.weight() == clean.weight());  // the second batch has no label at all
}
