// Every balancer on 200 Jacobians of 2 to 8 tasks and 10 of 20: scales from 1e-2 to 1e6, conflicts, rows that depend on each other.
// Against torchjd where it has the method and its own constants do not decide, else against the paper's closed form.
#include <torch/types.h>

#include "adam_reference.hpp"
#include "hard_jacobians.hpp"

using namespace balancer_test;

namespace {

constexpr double kTolerance = 1e-4;  // of the length of the direction

Worst against_torchjd(const std::string& name, const std::string& parameters = "{}") {
  return worst_distance(name, parameters, [&](const HardJacobian& at) { return at.torchjd(name); });
}

double number(const Tensor& scalar) { return scalar.item<double>(); }

// How far (G w)_i w_i^p is from being the same for all tasks. `ridge` is added to the cosines, as bargain.hpp does.
double unfairness(const Tensor& gramian, const Tensor& w, double p, double ridge) {
  const Tensor share = (gramian.mv(w) + ridge * gramian.diagonal() * w) * w.pow(p);
  return number((share / share[0] - 1).abs().max());
}

}  // namespace

TEST_CASE("balancers: there are 200 hard Jacobians of 2 to 8 tasks and 10 of 20", "[balancer]") {
  CHECK(hard_jacobians().size() == 210);
  CHECK(std::count_if(hard_jacobians().begin(), hard_jacobians().end(), [](const auto& at) { return at.tasks <= 8; }) == 200);
}

TEST_CASE("upgrad: equals torchjd on hard Jacobians", "[balancer][upgrad]") {
  against_torchjd("upgrad").check("upgrad", kTolerance);
}

TEST_CASE("aligned_mtl: equals torchjd on hard Jacobians", "[balancer][aligned_mtl]") {
  against_torchjd("aligned_mtl").check("aligned_mtl", kTolerance);
}

TEST_CASE("imtl_g: equals torchjd on hard Jacobians", "[balancer][imtl_g]") {
  against_torchjd("imtl_g").check("imtl_g", kTolerance);
}

TEST_CASE("pcgrad: equals torchjd on hard Jacobians, in ascending order", "[balancer][pcgrad]") {
  against_torchjd("pcgrad", R"({"order": "fixed"})").check("pcgrad", kTolerance);
}

TEST_CASE("cagrad: equals torchjd on hard Jacobians", "[balancer][cagrad]") {
  against_torchjd("cagrad").check("cagrad", kTolerance);
}

// The worst task's gain min_i g_i . d can be no larger than g_w . g0 + c |g0| |g_w| of any w in the simplex; at the optimum they meet.
TEST_CASE("cagrad: the gain of the worst task meets its bound on hard Jacobians", "[balancer][cagrad]") {
  Worst worst;
  for (const HardJacobian& at : hard_jacobians()) {
    const Tensor g = at.gramian / at.gramian.trace(), w = make("cagrad", at.tasks)->combine(at.losses());
    if (w.eq(0).all().item<bool>()) continue;  // torchjd has 0 there too, by the test above
    const Tensor mean = torch::full({at.tasks}, 1.0 / static_cast<double>(at.tasks), torch::kDouble);
    const Tensor hull = (w - mean) / (w - mean).sum();
    const double radius = 0.5 * std::sqrt(number(mean.dot(g.mv(mean))));
    const double bound = number(hull.dot(g.mv(mean))) + radius * std::sqrt(std::max(0.0, number(hull.dot(g.mv(hull)))));
    worst.see(bound - number(g.mv(w).min()), at);
  }
  worst.check("cagrad, duality gap of a trace of 1", 1e-9);
}

TEST_CASE("mgda: a duality gap under 1e-12, and never longer than torchjd's, on hard Jacobians", "[balancer][mgda]") {
  Worst gap, longer;
  for (const HardJacobian& at : hard_jacobians()) {
    const Tensor g = at.gramian / at.gramian.trace(), w = make("mgda", at.tasks)->combine(at.losses()),
                 theirs = at.torchjd("mgda");
    const double square = number(w.dot(g.mv(w)));
    CHECK(number(w.min()) >= 0);
    CHECK(number(w.sum()) == Approx(1).epsilon(1e-12));
    gap.see(square - number(g.mv(w).min()), at);
    longer.see(square - number(theirs.dot(g.mv(theirs))), at);
  }
  gap.check("mgda, duality gap of a trace of 1", 1e-12);
  longer.check("mgda, longer than torchjd by", 1e-14);
}

TEST_CASE("nash_mtl, fairgrad: the fair shares of the paper on hard Jacobians", "[balancer][nash_mtl][fairgrad]") {
  const auto [name, parameters, p] = GENERATE(table<std::string, std::string, double>({{"nash_mtl", "{}", 1},
                                                                                       {"fairgrad", R"({"alpha": 1})", 1},
                                                                                       {"fairgrad", R"({"alpha": 2})", 0.5},
                                                                                       {"fairgrad", R"({"alpha": 0.5})", 2}}));
  Worst kept, plain;
  for (const HardJacobian& at : hard_jacobians()) {
    const Tensor w = make(name, at.tasks, parameters)->combine(at.losses());
    CHECK(number(w.min()) > 0);
    const double fair = unfairness(at.gramian, w, p, 0), with_ridge = unfairness(at.gramian, w, p, 1e-8);
    (fair <= with_ridge ? plain : kept).see(std::min(fair, with_ridge), at);
    if (at.kind() == "plain" || at.kind() == "lengths") CHECK(fair <= with_ridge);  // these can all be served
  }
  kept.check(name + " " + parameters + " where the ridge stays", kTolerance);
  plain.check(name + " " + parameters, 1e-8);
}

TEST_CASE("graddrop: equals the paper's formula on hard Jacobians", "[balancer][graddrop]") {
  Worst worst;
  for (const HardJacobian& at : hard_jacobians()) {
    const FakeLosses losses = at.losses();
    const Tensor& j = losses.j;
    const Tensor size = j.abs().sum(0), p = 0.5 * (1 + torch::where(size > 0, j.sum(0) / size, torch::zeros_like(size)));
    const Tensor u = losses.rng().fork("graft/graddrop").uniform_like(p);
    const Tensor stays = (p > u).logical_and(j > 0).logical_or((p <= u).logical_and(j < 0));
    const Tensor expected = (j * stays).sum(0), d = make("graddrop", at.tasks)->combine(losses);
    worst.see(number((d - expected).norm()) / number(expected.norm()), at);
  }
  worst.check("graddrop", kTolerance);
}

TEST_CASE("sum, gls, rlw, dwa, stch: the closed forms on hard Jacobians", "[balancer][sum][gls][rlw][dwa][stch]") {
  worst_in_turn("sum", "{}", [](std::int64_t) {
    return [](FakeLosses& at) { return torch::ones_like(at.loss); };
  }).check("sum", kTolerance);
  worst_in_turn("gls", "{}", [](std::int64_t tasks) {
    return [tasks](FakeLosses& at) { return at.loss.log().mean().exp() / (static_cast<double>(tasks) * at.loss); };
  }).check("gls", kTolerance);
  worst_in_turn("rlw", "{}", [](std::int64_t tasks) {
    return [tasks](FakeLosses& at) {
      std::vector<double> draws;
      for (std::int64_t i = 0; i < tasks; ++i)
        draws.push_back(at.rng().fork("graft/rlw").fork(static_cast<std::uint64_t>(i)).normal());
      return torch::softmax(vector(draws), 0);
    };
  }).check("rlw", kTolerance);
  worst_in_turn("dwa", "{}", [](std::int64_t tasks) {
    return [tasks](FakeLosses& at) {
      at.epochs = [](std::int64_t task, std::int64_t ago) { return 1.0 + 0.1 * static_cast<double>(task * ago); };
      const Tensor task = torch::arange(tasks, torch::kDouble);
      return static_cast<double>(tasks) * torch::softmax((1 + 0.1 * task) / (1 + 0.2 * task) / 2, 0);
    };
  }).check("dwa", kTolerance);
  worst_in_turn("stch", R"({"mu": 0.5})", [](std::int64_t tasks) {
    return [tasks](FakeLosses& at) {
      at.at.epoch = 1;
      at.epochs = [](std::int64_t task, std::int64_t) { return 10.0 + static_cast<double>(task); };
      const Tensor ratio = (at.loss / (10 + torch::arange(tasks, torch::kDouble))).log();
      return static_cast<double>(tasks) * torch::softmax(ratio / 0.5, 0) / at.loss;
    };
  }).check("stch", kTolerance);
}

TEST_CASE("uw, imtl_l, famo: the formula and LibTorch's Adam on hard Jacobians", "[balancer][uw][imtl_l][famo]") {
  worst_in_turn("uw", "{}", [](std::int64_t tasks) {
    return [s = std::make_shared<AdamReference>(tasks, 0, 0.025)](FakeLosses& at) {
      const Tensor weights = (-s->x).exp().detach() / 2;
      s->step((at.loss.detach() / (2 * s->x.exp()) + s->x / 2).sum());
      return weights;
    };
  }).check("uw", kTolerance);
  worst_in_turn("imtl_l", "{}", [](std::int64_t tasks) {
    return [s = std::make_shared<AdamReference>(tasks, 0, 0.025)](FakeLosses& at) {
      const Tensor weights = s->x.exp().detach();
      s->step((s->x.exp() * at.loss.detach() - s->x).sum());
      return weights;
    };
  }).check("imtl_l", kTolerance);
  worst_in_turn("famo", "{}", [](std::int64_t tasks) {
    return [w = std::make_shared<AdamReference>(tasks, 0, 0.025, 0.001)](FakeLosses& at) {
      const Tensor z = torch::softmax(w->x, 0), d = at.loss.detach() + 1e-8;
      const Tensor weights = (z / d / (z / d).sum()).detach();
      w->step(z.dot(d.log() - (losses_after(at).loss + 1e-8).log()));
      return weights;
    };
  }).check("famo", kTolerance);
}

TEST_CASE("gradnorm: the formula and LibTorch's Adam on hard Jacobians", "[balancer][gradnorm]") {
  worst_in_turn("gradnorm", "{}", [](std::int64_t tasks) {
    return [w = std::make_shared<AdamReference>(tasks, 1, 0.025), first = Tensor(), tasks](FakeLosses& at) mutable {
      const Tensor weights = w->x.detach().clone(), loss = at.loss.detach();
      if (!first.defined()) first = loss;
      const Tensor norms = w->x * at.g.diagonal().sqrt(), rate = loss / first;
      w->step((norms - (norms.mean() * (rate / rate.mean()).pow(1.5)).detach()).abs().sum());
      const torch::NoGradGuard guard;
      w->x.clamp_min_(1e-3);
      w->x.mul_(static_cast<double>(tasks) / w->x.sum());
      return weights;
    };
  }).check("gradnorm", kTolerance);
}
