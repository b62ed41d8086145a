// What holds of a balancer: an answer of the right shape for gradients of any size and rank, and the properties that it claims.
#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include <cstdio>

#include "core/conformance/compare.hpp"
#include "core/conformance/host_parts.hpp"
#include "core/conformance/test.hpp"

namespace graft::core::conformance {
namespace {

constexpr int kDraws = 20;

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text;
}

std::shared_ptr<Balancer> built(Subject& subject, std::int64_t tasks) {
  auto balancer = subject.make<Balancer>();
  subject.call("build", [&] { balancer->build(tasks); });
  return balancer;
}

Tensor combined(Subject& subject, Balancer& balancer, const Losses& losses) {
  return subject.call("combine", [&] { return balancer.combine(losses); });
}

// A Jacobian that is hard to work with, and what it is called.
struct Hard {
  Tensor jacobian;  // [K, P] double
  std::vector<double> means;
  std::string what;
};

std::vector<Hard> hard_ones() {
  std::vector<Hard> all;
  for (const std::int64_t tasks : {1, 2, 3, 5})
    for (const double scale : {0.0, 1e-8, 1.0, 1e15})
      for (const char* form : {"of full rank", "of rank 1", "with a task without gradient", "with opposite tasks"}) {
        const std::string name = form;
        Tensor jacobian = drawn_jacobian(tasks, name == "of rank 1" ? 1 : tasks + 2, 3).mul(scale);
        if (name == "with a task without gradient") jacobian[0].zero_();
        if (name == "with opposite tasks" && tasks > 1) jacobian[1].copy_(jacobian[0].neg());
        std::vector<double> means;
        for (std::int64_t k = 0; k < tasks; ++k) means.push_back(scale * (0.5 + 0.3 * static_cast<double>(k)));
        all.push_back({jacobian, means,
                       "gradients of scale " + number_text(scale) + ", " + name + ", of " + std::to_string(tasks) +
                           (tasks == 1 ? " task" : " tasks")});
      }
  return all;
}

void check_answer(const Balancer& balancer, const DrawnLosses& losses, const Tensor& answer, const std::string& what) {
  const std::int64_t tasks = losses.gram.size(0), parameters = losses.jacob.size(1);
  using Wants = Balancer::Wants;
  const bool is_scalar = balancer.wants() == Wants::kLosses;
  expect(answer.defined() && answer.is_floating_point(), "floats from combine() for " + what,
         answer.defined() ? shape_text(answer) : "undefined");
  const std::vector<std::int64_t> shape = is_scalar                              ? std::vector<std::int64_t>{}
                                          : balancer.wants() == Wants::kJacobian ? std::vector<std::int64_t>{parameters}
                                                                                 : std::vector<std::int64_t>{tasks};
  const char* shape_name = is_scalar ? "a scalar []" : balancer.wants() == Wants::kJacobian ? "a direction [P]" : "weights [K]";
  expect(answer.sizes() == at::IntArrayRef(shape), std::string(shape_name) + " from combine() for " + what, shape_text(answer));
  expect(answer.isfinite().all().item<bool>(), "finite numbers for " + what, "NaN or infinity");
  if (!is_scalar) return;
  expect(answer.requires_grad(), "a function of values() that has a gradient", "none for " + what);
  const Tensor slope = torch::autograd::grad({answer}, {losses.loss})[0];
  expect(slope.isfinite().all().item<bool>(), "a finite gradient of the scalar for " + what, "NaN or infinity");
}

void shape_and_finite(Subject& subject) {
  for (const Hard& hard : hard_ones())
    for (const std::int64_t epoch : {0, 3}) {
      const auto balancer = built(subject, hard.jacobian.size(0));
      DrawnLosses losses = losses_of(*balancer, hard.jacobian, hard.means);
      losses.at.epoch = epoch;
      check_answer(*balancer, losses, combined(subject, *balancer, losses), hard.what);
      if (!balancer->reevaluates()) continue;
      losses.loss = losses.loss.detach().mul(0.9);
      subject.call("after_step", [&] { balancer->after_step(losses); });
    }
  const auto balancer = built(subject, 3);
  DrawnLosses some = losses_of(*balancer, drawn_jacobian(2, 5, 4));
  some.present = {0, 2};
  check_answer(*balancer, some, combined(subject, *balancer, some), "tasks 0 and 2 of 3");
}

Tensor step(Subject& subject, Balancer& balancer, std::int64_t number) {
  DrawnLosses losses = losses_of(balancer, drawn_jacobian(3, 7, static_cast<std::uint64_t>(number)),
                                 {1.0 / static_cast<double>(number + 1), 0.7, 2.0});
  losses.at.step = number;
  const Tensor answer = combined(subject, balancer, losses).detach();
  if (!balancer.reevaluates()) return answer;
  losses.loss = losses.loss.detach().mul(0.9);
  subject.call("after_step", [&] { balancer.after_step(losses); });
  return answer;
}

void state_roundtrip(Subject& subject) {
  const auto first = built(subject, 3), second = built(subject, 3);
  for (std::int64_t i = 0; i < 4; ++i) step(subject, *first, i);
  State state = subject.call("state", [&] { return first->state(); });
  for (auto& [name, tensor] : state.tensors) tensor = tensor.detach().clone();
  subject.call("restore", [&] { second->restore(state); });
  for (std::int64_t i = 4; i < 7; ++i) {
    const std::string what = difference(step(subject, *first, i), step(subject, *second, i));
    expect(what.empty(), "the same bits from a balancer that goes on from the saved state", what);
  }
}

void require_claim(const Subject& subject, const std::string& claim) {
  if (!subject.settings.claims.contains(claim)) skip("not claimed in check.claims of the manifest");
}

Tensor direction(Subject& subject, const Tensor& jacobian, const std::vector<double>& means = {}) {
  return direction_of(subject, *built(subject, jacobian.size(0)), jacobian, means);
}

double largest_row(const Tensor& jacobian) { return jacobian.norm(2, {1}).max().item<double>(); }

void non_conflicting(Subject& subject) {
  require_claim(subject, "non-conflicting");
  constexpr double kTolerance = 1e-3;
  for (int i = 0; i < kDraws; ++i) {
    const Tensor jacobian = drawn_jacobian(2 + i % 4, 2 + i % 4 + i / 4, subject.seed + static_cast<std::uint64_t>(i));
    const double worst = jacobian.mv(direction(subject, jacobian)).min().item<double>(), row = largest_row(jacobian);
    expect(worst >= -kTolerance * row * row, "a direction along which no task gets worse, J d >= 0",
           "a task with " + number_text(worst));
  }
}

void permutation_invariant(Subject& subject) {
  require_claim(subject, "permutation-invariant");
  constexpr double kTolerance = 1e-5;
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t tasks = 2 + i % 4;
    const auto seed = subject.seed + static_cast<std::uint64_t>(i);
    const Tensor jacobian = drawn_jacobian(tasks, tasks + 3, seed);
    std::vector<std::int64_t> order = some_order(tasks, seed);
    if (order == numbers_to(tasks)) std::swap(order.front(), order.back());
    std::vector<double> means, turned;
    for (std::int64_t k = 0; k < tasks; ++k) means.push_back(0.5 + 0.3 * static_cast<double>(k));
    for (const std::int64_t k : order) turned.push_back(means[static_cast<std::size_t>(k)]);
    const Tensor there = jacobian.index_select(0, at::tensor(at::ArrayRef<std::int64_t>(order)));
    const std::string what = difference(direction(subject, jacobian, means), direction(subject, there, turned), kTolerance);
    expect(what.empty(), "the same direction for the tasks in another order", what);
  }
}

void linear_under_scaling(Subject& subject) {
  require_claim(subject, "linear-under-scaling");
  constexpr double kTolerance = 5e-2;  // a false claim is off by its own length
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t tasks = 2 + i % 4;
    Rng rng = Rng(subject.seed).fork("scales").fork(static_cast<std::uint64_t>(i));
    const Tensor jacobian = drawn_jacobian(tasks, tasks + 3, subject.seed + static_cast<std::uint64_t>(i));
    const Tensor a = rng.uniform_like(at::empty({tasks}, at::kDouble)).add(0.1);
    const Tensor b = rng.uniform_like(at::empty({tasks}, at::kDouble)).add(0.1);
    const auto scaled = [&](const Tensor& by) {
      std::vector<double> means;
      for (std::int64_t k = 0; k < tasks; ++k) means.push_back(by[k].item<double>() * (0.5 + 0.3 * static_cast<double>(k)));
      return direction(subject, jacobian.mul(by.unsqueeze(1)), means);
    };
    const std::string what = difference(scaled(a + b), scaled(a) + scaled(b), kTolerance);
    expect(what.empty(), "the direction for gradients scaled by a + b to be the sum of those by a and by b", what);
  }
}

// Two tasks oppose each other, the others don't: no step is bad for all, but 0 is not the answer.
void strongly_stationary(Subject& subject) {
  require_claim(subject, "strongly-stationary");
  for (int i = 0; i < kDraws; ++i) {
    const std::int64_t tasks = 3 + i % 3, parameters = 6;
    Tensor jacobian = drawn_jacobian(tasks, parameters, subject.seed + static_cast<std::uint64_t>(i));
    jacobian.slice(1, 0, 1).slice(0, 2).zero_();                      // the others know nothing of the first parameter,
    jacobian.slice(0, 0, 2).slice(1, 1).zero_();                      // the two of it alone,
    jacobian[0][0].fill_(1.0), jacobian[1][0].fill_(-0.5 - 0.1 * i);  // and there they disagree
    jacobian.slice(0, 2).slice(1, 1, 2).abs_();  // the others agree somewhere, so no weights make them cancel
    const double length = direction(subject, jacobian).norm().item<double>();
    expect(length > 1e-3 * largest_row(jacobian), "a direction other than 0 where two tasks oppose and the others agree",
           "one of length " + number_text(length));
  }
}

}  // namespace

const std::vector<Test>& balancer_tests() {
  static const std::vector<Test> tests = {
      {"shape-and-finite", "", shape_and_finite},         {"state-restore-roundtrip", "", state_roundtrip},
      {"non-conflicting", "", non_conflicting},           {"permutation-invariant", "", permutation_invariant},
      {"linear-under-scaling", "", linear_under_scaling}, {"strongly-stationary", "", strongly_stationary}};
  return tests;
}

}  // namespace graft::core::conformance
