// The Jacobians of tests/data/balancers_hard.py, and how far a direction is from another.
#pragma once

#include <cstdio>
#include <string>

#include "balancer_test_case.hpp"

namespace balancer_test {

struct HardJacobian {
  std::int64_t tasks, number;  // the Jacobian is the `number`th of so many tasks
  Tensor jacobian, gramian;    // [K, P] and [K, K], double

  std::string kind() const {
    static const std::vector<std::string> kinds = {"plain", "conflict", "deficient", "opposite", "lengths"};
    return kinds[static_cast<std::size_t>(number) % kinds.size()];
  }
  Tensor torchjd(const std::string& name) const {
    static const Safetensors file(GRAFT_TEST_DATA "/balancers_hard.safetensors");
    return file.tensor(name + "." + std::to_string(tasks))[number].clone();
  }
  FakeLosses losses() const {  // each loss as large as its gradient is long
    FakeLosses losses = of_jacobian(jacobian, static_cast<std::uint64_t>(number));
    losses.loss = jacobian.norm(2, 1).set_requires_grad(true);
    return losses;
  }
};

// 200 of 2 to 8 tasks, then 10 of 20.
inline const std::vector<HardJacobian>& hard_jacobians() {
  static const std::vector<HardJacobian> all = [] {
    const Safetensors file(GRAFT_TEST_DATA "/balancers_hard.safetensors");
    std::vector<HardJacobian> cases;
    for (std::int64_t tasks : {2, 3, 4, 5, 6, 7, 8, 20}) {
      const Tensor jacobians = file.tensor("jacobian." + std::to_string(tasks)).to(torch::kDouble);
      for (std::int64_t i = 0; i < jacobians.size(0); ++i)
        cases.push_back({tasks, i, jacobians[i].clone(), jacobians[i].matmul(jacobians[i].t())});
    }
    return cases;
  }();
  return all;
}

// The largest error over all Jacobians, and which one had it.
struct Worst {
  double error = 0;
  std::string where = "none";

  void see(double value, const HardJacobian& at) {
    if (value <= error) return;  // NaN is not
    error = value;
    where = std::to_string(at.tasks) + " tasks, Jacobian " + std::to_string(at.number);
  }
  void check(const std::string& name, double tolerance) const {
    std::printf("worst of hard Jacobians  %-44s %7.1e of %7.1e  %s\n", name.c_str(), error, tolerance, where.c_str());
    CHECK(error <= tolerance);
  }
};

// |J^T (a - b)| in lengths of J^T b; where that is 0, a must be 0 too.
inline double distance(const HardJacobian& at, const Tensor& a, const Tensor& b) {
  const double apart = at.jacobian.t().mv(a - b).norm().item<double>(), length = at.jacobian.t().mv(b).norm().item<double>();
  return apart == 0 ? 0 : apart / length;
}

// How far the direction is from that of `expected(at)` [K], at worst.
template <class Expected>
Worst worst_distance(const std::string& name, const std::string& parameters, Expected expected) {
  Worst worst;
  for (const HardJacobian& at : hard_jacobians())
    worst.see(distance(at, make(name, at.tasks, parameters)->combine(at.losses()), expected(at)), at);
  return worst;
}

// The same losses after a step that helped some tasks and hurt others.
inline FakeLosses losses_after(const FakeLosses& before) {
  FakeLosses after = before;
  after.loss = before.loss.detach() * torch::linspace(0.8, 1.1, before.loss.size(0), torch::kDouble);
  return after;
}

// The weights that a balancer gives, whatever it takes.
inline Tensor weights_of(Balancer& balancer, const FakeLosses& losses) {
  return balancer.wants() == Balancer::Wants::kLosses ? vector(scalar(balancer, losses).gradient) : balancer.combine(losses);
}

// One balancer sees all Jacobians of so many tasks in turn, and so does the reference that `start(tasks)` gives: a call
// reference(losses) -> weights [K], which may change the losses' epochs first.
template <class Start>
Worst worst_in_turn(const std::string& name, const std::string& parameters, Start start) {
  Worst worst;
  std::shared_ptr<Balancer> balancer;
  std::function<Tensor(FakeLosses&)> reference;
  for (const HardJacobian& at : hard_jacobians()) {
    if (at.number == 0) {
      balancer = make(name, at.tasks, parameters);
      reference = start(at.tasks);
    }
    FakeLosses losses = at.losses();
    const Tensor expected = reference(losses).detach();
    worst.see(distance(at, weights_of(*balancer, losses), expected), at);
    if (balancer->reevaluates()) balancer->after_step(losses_after(losses));
  }
  return worst;
}

}  // namespace balancer_test
