#include "domain_case.hpp"

using namespace graft;

TEST_CASE("mcc: the value is that of the paper's formula, times the weight", "[task][mcc]") {
  for (const double weight : {1.0, 0.25}) {
    toy::Adapting host;
    const auto task = toy::task("mcc", "{\"weight\": " + std::to_string(weight) + "}");
    host.run(*task);
    CHECK(host.value("mcc") == Approx(weight * toy::reference().tensor("mcc").item<double>()).epsilon(1e-12));
  }
}

TEST_CASE("mcc: predictions that are sure cost next to nothing", "[task][mcc]") {
  toy::DomainHost host;
  host.add_movies();
  host.add("editorials", at::eye(3, at::kDouble).mul(200));
  const auto task = toy::task("mcc");
  host.run(*task);
  CHECK(host.value("mcc") == Approx(0).margin(1e-12));
}

TEST_CASE("mcc: the gradient is that of the formula with the weights of rows held", "[task][mcc]") {
  toy::Adapting host;
  host.during = [&] {
    const Tensor gradient = torch::autograd::grad({host.total("mcc")}, {host.x(1)})[0];
    CHECK(at::allclose(gradient, toy::reference().tensor("mcc_gradient"), 1e-6, 1e-9));
  };
  const auto task = toy::task("mcc");
  host.run(*task);
  CHECK(host.order == "0");
}

TEST_CASE("mcc: what it cannot use is refused", "[task][mcc]") {
  toy::check_needs_vectors("mcc");
  toy::check_needs_classes("mcc");
}

TEST_CASE("mcc: contract: two streams, no state, the heads learn from the first, two runs give the same bits", "[task][mcc]") {
  toy::check_adaptation("mcc");
}
