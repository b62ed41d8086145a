#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("graddrop: gradients that agree are added up, and one task alone is left as it is", "[balancer][graddrop]") {
  const Tensor agree = torch::tensor({{1.0, -2.0, 0.0}, {3.0, -1.0, 0.0}}), one = torch::tensor({{1.0, -2.0, 0.0}});
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    check_close(make("graddrop", 2)->combine(of_jacobian(agree, seed)), {4, -3, 0}, 0);
    check_close(make("graddrop", 1)->combine(of_jacobian(one, seed)), {1, -2, 0}, 0);
  }
}

TEST_CASE("graddrop: equals the paper's formula, task by task", "[balancer][graddrop]") {
  const Tensor j = drawn_jacobian(4, 50, 9).to(torch::kFloat), leak = torch::tensor(0.25f);
  const Tensor p = 0.5 * (1 + j.sum(0) / j.abs().sum(0)), u = Rng(3).fork("graft/graddrop").uniform_like(p);
  Tensor expected = torch::zeros({50});
  for (int i = 0; i < 4; ++i) {
    const Tensor mask = ((p > u).logical_and(j[i] > 0)).logical_or((p < u).logical_and(j[i] < 0)).to(torch::kFloat);
    expected += (leak + (1 - leak) * mask) * j[i];
  }
  check_close(make("graddrop", 4, R"({"leak": 0.25})")->combine(of_jacobian(j, 3)), list(expected), 1e-5);
}

TEST_CASE("graddrop: gradients of 3 and -1 give 3 in three draws of four", "[balancer][graddrop]") {
  const Tensor j = torch::tensor({{3.0f}, {-1.0f}}).expand({2, 20000});
  const Tensor d = make("graddrop", 2)->combine(of_jacobian(j));
  CHECK(d.eq(3).logical_or(d.eq(-1)).all().item<bool>());
  CHECK(d.mean().item<double>() == Approx(0.75 * 3 - 0.25).margin(0.05));
}

TEST_CASE("graddrop: a leak above 1 is refused", "[balancer][graddrop]") {
  CHECK(refusal("graddrop", R"({"leak": 1.5})") == "parameters:1:10: [graft/graddrop] leak must be <= 1, got 1.5");
}

TEST_CASE("graddrop: contract of a balancer", "[balancer][graddrop]") {
  const auto graddrop = make("graddrop", 3);
  CHECK(graddrop->wants() == Balancer::Wants::kJacobian);
  CHECK(graddrop->scales_heads() == false);
  for (double scale : {0.0, 1e-2, 1e6, 1e15}) {
    const Tensor d = graddrop->combine(of_jacobian(scale * drawn_jacobian(3, 8, 1)));
    CHECK(d.sizes().equals({8}));
    CHECK(d.isfinite().all().item<bool>());
  }
  check_keeps_no_state("graddrop");
}
