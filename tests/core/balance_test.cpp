// What a balancer is shown in a step, and what becomes of its answer.
#include "core/train/balance.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <cmath>
#include <functional>

#include "catch.hpp"
#include "core/train/accumulator.hpp"
#include "core/train/cut_features.hpp"
#include "core/train/last_stage.hpp"
#include "graft/error.hpp"

using namespace graft;
using namespace graft::core;

namespace {

using Answer = std::function<Tensor(const Losses&)>;

class Fake final : public Balancer {
 public:
  Fake(Wants wants, Answer answer, bool scales_heads) : wants_(wants), answer_(std::move(answer)), scales_heads_(scales_heads) {}
  void build(std::int64_t tasks) override { tasks_ = tasks; }
  Wants wants() const override { return wants_; }
  Tensor combine(const Losses& losses) override { return answer_(losses); }
  bool scales_heads() const override { return scales_heads_; }
  State state() const override { return {{}, {{"tasks", std::to_string(tasks_)}}}; }
  void restore(const State& state) override { restored = state.texts.at("tasks"); }
  std::string restored;

 private:
  Wants wants_;
  Answer answer_;
  bool scales_heads_;
  std::int64_t tasks_ = 0;
};

using Wants = Balancer::Wants;

Balance balance(Wants wants, Answer answer, BalanceAt at = BalanceAt::kParameters, bool scales_heads = false) {
  auto plugin = std::make_shared<PluginInfo>();
  plugin->component = "acme/fake";
  return Balance(std::make_shared<Fake>(wants, std::move(answer), scales_heads), plugin, {"a", "b"}, at, 1);
}

Answer weights(double first, double second) {
  return [=](const Losses& losses) {
    REQUIRE(losses.tasks().size() == 2);
    return torch::tensor({first, second}, torch::kDouble);
  };
}

// features = x w, a trunk of one matrix; task a is the mean of (features u)^2, task b of features v, on three rows.
struct Toy {
  Tensor x = torch::tensor({{1.0f, 2.0f}, {-1.0f, 0.5f}, {3.0f, -2.0f}});
  Parameters parameters = {{"w", torch::tensor({{0.5f, -1.0f}, {2.0f, 0.25f}}).set_requires_grad(true)},
                           {"heads.a.u", torch::tensor({1.0f, -2.0f}).set_requires_grad(true)},
                           {"heads.b.v", torch::tensor({0.5f, 3.0f}).set_requires_grad(true)}};

  Tensor features(std::int64_t begin = 0, std::int64_t end = 3) const {
    return at::mm(x.slice(0, begin, end), parameters[0].tensor);
  }
  Terms terms(const Tensor& features, bool has_b = true) const {
    const auto count = [&](bool has) { return torch::tensor(has ? static_cast<double>(features.size(0)) : 0.0); };
    return {{"a", at::mv(features, parameters[1].tensor).pow(2).sum(), count(true)},
            {"b", at::mv(features, parameters[2].tensor).sum() * has_b, count(has_b)}};
  }
  std::vector<Tensor> gradients() const {
    std::vector<Tensor> all;
    for (const Parameter& parameter : parameters) all.push_back(parameter.tensor.grad());
    return all;
  }
};

std::vector<Tensor> by_terms(Balance* balance, const std::vector<std::pair<int, int>>& batches = {{0, 3}}, bool has_b = true) {
  Toy toy;
  Accumulator accumulator;
  for (const auto& [begin, end] : batches)
    accumulator.add(toy.terms(toy.features(begin, end), has_b), toy.parameters, Pass::kByTerm);
  accumulator.settle(toy.parameters, balance, {});
  return toy.gradients();
}

std::vector<Tensor> by_cut(Balance& balance, bool has_b = true) {
  Toy toy;
  Batch features({0, 1, 2});
  features.set("features", toy.features());
  CutFeatures cut;
  cut.cut(features);
  cut.backward(toy.terms(features.tensor("features"), has_b), toy.parameters, balance, {});
  return toy.gradients();
}

std::vector<Tensor> by_last_stage(Balance& balance, bool has_b = true) {
  Toy toy;
  backward_by_last_stage(toy.terms(toy.features(), has_b), toy.parameters, {"w"}, balance, {});
  return toy.gradients();
}

std::vector<Tensor> gradients_at(BalanceAt at, Balance& balance, bool has_b = true) {
  if (at == BalanceAt::kFeatures) return by_cut(balance, has_b);
  return at == BalanceAt::kLastStage ? by_last_stage(balance, has_b) : by_terms(&balance, {{0, 3}}, has_b);
}

// The gradient of one task alone.
std::vector<Tensor> of_task(std::size_t task) {
  Toy toy;
  Accumulator accumulator;
  accumulator.add({toy.terms(toy.features())[task]}, toy.parameters, Pass::kAtOnce);
  return toy.gradients();
}

double value_of_b() {
  const at::NoGradGuard no_grad;
  const Toy toy;
  return toy.terms(toy.features())[1].sum.item<double>() / 3;
}

void check_close(const Tensor& got, const Tensor& wanted) {
  REQUIRE(got.defined());
  CHECK(at::allclose(got, wanted, 1e-5, 1e-6));
}

}  // namespace

TEST_CASE("balance: weights act on the trunk; heads keep their own gradient unless weights scale them", "[train][balance]") {
  const auto a = of_task(0), b = of_task(1);
  for (const bool scales_heads : {false, true})
    for (const BalanceAt at : {BalanceAt::kParameters, BalanceAt::kFeatures, BalanceAt::kLastStage}) {
      Balance fixed = balance(Wants::kGramian, weights(2, 0.5), at, scales_heads);
      const auto got = gradients_at(at, fixed);
      check_close(got[0], a[0] * 2 + b[0] * 0.5);
      check_close(got[1], a[1] * (scales_heads ? 2 : 1));
      check_close(got[2], b[2] * (scales_heads ? 0.5 : 1));
    }
}

// Two layers: the second is the last stage, and its gradients alone say the weights, which act on both.
TEST_CASE("balance: at the last stage the balancer sees that stage, and its weights act on all of the model",
          "[train][balance]") {
  const auto both = [](Balance* balance, double first, double second) {
    const Tensor x = torch::tensor({{1.0f, 2.0f}, {-1.0f, 0.5f}});
    Parameters parameters = {{"low.w", torch::tensor({{0.5f, -1.0f}, {2.0f, 0.25f}}).set_requires_grad(true)},
                             {"high.w", torch::tensor({{1.0f, 3.0f}, {-2.0f, 0.5f}}).set_requires_grad(true)},
                             {"heads.a.u", torch::tensor({1.0f, -2.0f}).set_requires_grad(true)}};
    const Tensor low = at::mm(x, parameters[0].tensor).tanh(), high = at::mm(low, parameters[1].tensor);
    const Tensor rows = torch::tensor(2.0), penalty = parameters[0].tensor.pow(2).sum();
    const Tensor a = at::mv(high, parameters[2].tensor).pow(2).sum(), b = high.pow(2).sum();
    if (balance)
      backward_by_last_stage({{"a", a, rows}, {"b", b, rows}, {"p", penalty, torch::tensor(1.0), false}}, parameters,
                             {"low", "high", "unused"}, *balance, {});
    else
      torch::autograd::backward({a * (first / 2) + b * (second / 2) + penalty}, {});
    return std::pair(parameters[0].tensor.grad(), parameters[1].tensor.grad());
  };
  std::int64_t shared = 0;
  Balance seen = balance(
      Wants::kGramian,
      [&](const Losses& losses) {
        shared = losses.gramian().size(0);
        return torch::tensor({2.0, 0.5}, torch::kDouble);
      },
      BalanceAt::kLastStage);
  const auto got = both(&seen, 0, 0), wanted = both(nullptr, 2, 0.5);
  check_close(got.first, wanted.first);
  check_close(got.second, wanted.second);
  CHECK(shared == 2);
  CHECK(seen.at() == "parameters of high");
}

TEST_CASE("balance: the Gramian and the Jacobian are those of the mean losses at the trunk", "[train][balance]") {
  const Tensor a = of_task(0)[0].reshape(-1), b = of_task(1)[0].reshape(-1);
  Balance seen = balance(Wants::kJacobian, [&](const Losses& losses) {
    check_close(losses.jacobian(), at::stack({a, b}));
    const Tensor wide = at::stack({a, b}).to(torch::kDouble);
    check_close(losses.gramian(), at::mm(wide, wide.t()));
    CHECK(losses.values()[1].item<double>() == Approx(value_of_b()));
    return losses.jacobian()[0].mul(3);
  });
  const auto got = by_terms(&seen, {{0, 1}, {1, 3}});
  check_close(got[0], of_task(0)[0] * 3);
  check_close(got[1], of_task(0)[1]);
}

TEST_CASE("balance: a function of the losses gives its derivative as weights, over several batches as over one",
          "[train][balance]") {
  const Answer product = [](const Losses& losses) { return losses.values().prod(); };
  Balance whole = balance(Wants::kLosses, product), parts = balance(Wants::kLosses, product);
  const auto one = by_terms(&whole), three = by_terms(&parts, {{0, 1}, {1, 2}, {2, 3}});
  Toy toy;
  const Terms terms = toy.terms(toy.features());
  (terms[0].sum / 3 * (terms[1].sum / 3)).backward();
  for (std::size_t i = 0; i < 3; ++i) {
    check_close(one[i], toy.gradients()[i]);
    check_close(three[i], toy.gradients()[i]);
  }
}

TEST_CASE("balance: a task without labels is left out, and one task alone is not balanced", "[train][balance]") {
  for (const BalanceAt at : {BalanceAt::kParameters, BalanceAt::kFeatures, BalanceAt::kLastStage}) {
    Balance never = balance(Wants::kGramian, [](const Losses&) -> Tensor { throw Error("fake", "was asked"); }, at);
    const auto got = gradients_at(at, never, false);
    check_close(got[0], of_task(0)[0]);
    CHECK_FALSE((got[2].defined() && got[2].abs().sum().item<float>() > 0));
  }
  Balance losses = balance(Wants::kLosses, [](const Losses& losses) {
    CHECK(std::vector<std::int64_t>(losses.tasks().begin(), losses.tasks().end()) == std::vector<std::int64_t>{0});
    return losses.values().sum() * 5;
  });
  check_close(by_terms(&losses, {{0, 3}}, false)[0], of_task(0)[0] * 5);
}

TEST_CASE("balance: counts weights, cosines and steps that made a task worse, epoch by epoch", "[train][balance]") {
  const Tensor a = of_task(0)[0].reshape(-1), b = of_task(1)[0].reshape(-1);
  const double cosine = (a.dot(b) / (a.norm() * b.norm())).item<double>();
  int asked = 0;
  Balance counted = balance(Wants::kGramian, [&](const Losses& losses) {
    CHECK(std::isnan(losses.epoch_mean(0, 1)));
    return asked++ ? torch::tensor({1.0, 0.0}, torch::kDouble) : torch::tensor({-1.0, 0.0}, torch::kDouble);
  });
  by_terms(&counted);
  by_terms(&counted);
  counted.epoch_end();
  REQUIRE(counted.epochs().size() == 1);
  const BalanceEpoch epoch = counted.epochs()[0];
  CHECK(epoch.weights == std::vector<double>{0, 0});
  CHECK(epoch.cosines[1] == Approx(cosine).epsilon(1e-6));
  CHECK(epoch.cosines[0] == Approx(1));
  CHECK(epoch.conflicts >= 0.5);  // the step against task a
}

TEST_CASE("balance: features may be several columns, read by one head, by two, or by none", "[train][balance]") {
  Toy toy;
  const Tensor features = toy.features();
  Batch given({0, 1, 2});
  given.set("left", features.narrow(1, 0, 1));
  given.set("both", features);
  given.set("unread", features.mul(2));
  const auto terms = [&](const Tensor& left, const Tensor& both) -> Terms {
    const Tensor three = torch::tensor(3.0);
    return {{"a", at::mv(both, toy.parameters[1].tensor).pow(2).sum(), three},
            {"b", at::mv(at::cat({left, both.narrow(1, 1, 1)}, 1), toy.parameters[2].tensor).sum(), three}};
  };
  Tensor gramian;
  Balance fixed = balance(
      Wants::kGramian,
      [&](const Losses& losses) {
        gramian = losses.gramian();
        return torch::tensor({2.0, 0.5}, torch::kDouble);
      },
      BalanceAt::kFeatures);
  CutFeatures cut;
  cut.cut(given);
  cut.backward(terms(given.tensor("left"), given.tensor("both")), toy.parameters, fixed, {});
  const Tensor again = toy.features();
  const Terms apart = terms(again.narrow(1, 0, 1), again);
  const auto slope = [&](const Term& term) {
    return torch::autograd::grad({term.sum / term.count}, {toy.parameters[0].tensor}, {}, true)[0];
  };
  check_close(toy.gradients()[0], slope(apart[0]) * 2 + slope(apart[1]) * 0.5);
  // a reads both alone, b the left column and the right half of both: they meet in the right half
  const Tensor errors = at::mv(features, toy.parameters[1].tensor) * (2.0 / 3);
  const double wanted = (errors * toy.parameters[1].tensor[1] * toy.parameters[2].tensor[1] / 3).sum().item<double>();
  CHECK(gramian[0][1].item<double>() == Approx(wanted).epsilon(1e-5));
}

TEST_CASE("balance: a penalty counts in full wherever tasks are balanced, past the features and on the heads too",
          "[train][balance]") {
  const Answer half = [](const Losses&) { return torch::tensor({0.5, 0.5}, torch::kDouble); };
  const auto penalties = [](const Toy& toy, const Tensor& features) -> Terms {
    const Tensor weights = toy.parameters[0].tensor.pow(2).sum() + toy.parameters[1].tensor.pow(2).sum();
    return {{"weights", weights, torch::tensor(1.0), false}, {"spread", features.pow(2).sum(), torch::tensor(3.0), false}};
  };
  for (const BalanceAt at : {BalanceAt::kParameters, BalanceAt::kFeatures, BalanceAt::kLastStage}) {
    CAPTURE(static_cast<int>(at));
    Toy toy, alone;
    Balance balanced = balance(Wants::kGramian, half, at), again = balance(Wants::kGramian, half, at);
    Batch given({0, 1, 2});
    given.set("features", toy.features());
    CutFeatures cut;
    if (at == BalanceAt::kFeatures) cut.cut(given);
    Terms terms = toy.terms(given.tensor("features"));
    for (Term& term : penalties(toy, given.tensor("features"))) terms.push_back(std::move(term));
    if (at == BalanceAt::kFeatures) cut.backward(terms, toy.parameters, balanced, {});
    if (at == BalanceAt::kLastStage) backward_by_last_stage(terms, toy.parameters, {"w"}, balanced, {});
    if (at == BalanceAt::kParameters) {
      Accumulator accumulator;
      accumulator.add(terms, toy.parameters, Pass::kByTerm);
      accumulator.settle(toy.parameters, &balanced, {});
    }
    const std::vector<Tensor> tasks = gradients_at(at, again);
    Accumulator().add(penalties(alone, alone.features()), alone.parameters, Pass::kAtOnce);
    check_close(toy.gradients()[0], tasks[0] + alone.gradients()[0]);
    check_close(toy.gradients()[1], tasks[1] + alone.gradients()[1]);
    check_close(toy.gradients()[2], tasks[2]);
  }
}

TEST_CASE("balance: its record and the balancer's state come back from a checkpoint", "[train][balance][resume]") {
  double before = 0, ago = 0;
  const Answer answer = [&](const Losses& losses) {
    before = losses.epoch_mean(1, 1);
    ago = losses.epoch_mean(1, 2);
    return losses.values().sum();
  };
  Balance first = balance(Wants::kLosses, answer), second = balance(Wants::kLosses, answer);
  by_terms(&first);
  first.epoch_end();
  by_terms(&first);
  second.restore(first.state());
  for (Balance* each : {&first, &second}) {
    each->epoch_end();
    before = ago = 0;
    by_terms(each);
    CHECK(before == Approx(value_of_b()));
    CHECK(ago == before);
    CHECK(each->epochs().size() == 3);  // two that ended, and the present one
    CHECK(each->epochs()[1].weights == std::vector<double>{1, 1});
  }
}

TEST_CASE("balance: sparse gradients of an embedding count as their dense ones, and stay sparse under weights",
          "[train][balance]") {
  const auto rows = [](std::vector<std::int64_t> ids, double scale) {
    const Tensor where = torch::tensor(ids, torch::kLong).unsqueeze(0);
    return torch::sparse_coo_tensor(where, torch::arange(1.0, 2.0 * where.numel() + 1, torch::kFloat).view({-1, 2}) * scale,
                                    {5, 2});
  };
  const Tensor a = rows({3, 1, 3}, 1);
  for (const Tensor& b : {rows({1, 3}, -2), rows({0, 1}, 1)}) {
    const Tensor dense = at::stack({a.to_dense().reshape(-1), b.to_dense().reshape(-1)});
    Tensor gramian;
    Balance fixed = balance(Wants::kGramian, [&](const Losses& losses) {
      gramian = losses.gramian();
      return torch::tensor({2.0, 0.5}, torch::kDouble);
    });
    const Balance::Combined combined = fixed.combine({{0, 1}, {1, 1}}, {{a}, {b}}, {});
    CHECK(at::allclose(gramian.to(torch::kFloat), at::mm(dense, dense.t())));
    CHECK(combined.shared[0].is_sparse());
    CHECK(at::allclose(combined.shared[0].to_dense(), a.to_dense() * 2 + b.to_dense() * 0.5));
    Balance direct = balance(Wants::kJacobian, [](const Losses& losses) { return losses.jacobian().sum(0); });
    CHECK(at::allclose(direct.combine({{0, 1}, {1, 1}}, {{a}, {b}}, {}).shared[0], a.to_dense() + b.to_dense()));
  }
}

TEST_CASE("balance: an answer of another size is the balancer's fault, and says so", "[train][balance]") {
  Balance wrong = balance(Wants::kGramian, [](const Losses&) { return torch::ones({3}, torch::kDouble); });
  CHECK(message_of([&] { by_terms(&wrong); }) == "[acme/fake] combine must give 2 numbers, gave 3");
  Balance flat = balance(Wants::kLosses, [](const Losses&) { return torch::ones({}, torch::kDouble); });
  CHECK(message_of([&] { by_terms(&flat); }) == "[acme/fake] combine must give a differentiable scalar of the losses");
}
