#include <torch/types.h>

#include "balancer_test_case.hpp"

using namespace balancer_test;

TEST_CASE("mgda: the golden value of torchjd", "[balancer][mgda]") {
  check_close(weights("mgda", torch::tensor({{18.0, -22.0}, {-22.0, 38.0}}, torch::kDouble)), {0.6, 0.4}, 1e-14);
  check_close(direction("mgda", golden()), {0, 1, 1}, 1e-14);
}

TEST_CASE("mgda: never longer than torchjd's Frank-Wolfe after 20000 steps, and as close as that comes", "[balancer][mgda]") {
  const Safetensors file(GRAFT_TEST_DATA "/balancers.safetensors");
  for (int tasks : {2, 3, 4, 6, 10}) {
    const Tensor gramians = file.tensor("gramian." + std::to_string(tasks)), all = file.tensor("mgda." + std::to_string(tasks));
    for (std::int64_t i = 0; i < gramians.size(0); ++i) {
      const Tensor g = gramians[i].clone(), w = weights("mgda", g);
      const double ours = w.dot(g.mv(w)).item<double>(), theirs = all[i].dot(g.mv(all[i])).item<double>();
      CHECK(ours <= theirs * (1 + 1e-12));
      CHECK(ours == Approx(theirs).epsilon(1e-3));
    }
  }
}

TEST_CASE("mgda: on the simplex, with a duality gap below 1e-12 of the trace", "[balancer][mgda]") {
  for (const Tensor& g : hard_gramians()) {
    const Tensor w = weights("mgda", g), slope = g.mv(w);
    REQUIRE(w.min().item<double>() >= 0);
    REQUIRE(w.sum().item<double>() == Approx(1).epsilon(1e-12));
    REQUIRE(w.dot(slope).item<double>() - slope.min().item<double>() <= 1e-12 * g.trace().item<double>());
  }
}

TEST_CASE("mgda: hurts no task, and sees neither order nor scale", "[balancer][mgda]") {
  check_hurts_none("mgda", 1e-9);
  check_order_and_scale("mgda", 1e-10);
}

TEST_CASE("mgda: has no parameters", "[balancer][mgda]") {
  CHECK(refusal("mgda", R"({"normalise": true})") == "parameters:1:2: [graft/mgda] normalise is not a parameter");
}

TEST_CASE("mgda: contract of a balancer", "[balancer][mgda]") {
  check_gramian_contract("mgda", false);
  check_keeps_no_state("mgda");
}
