#include "domain_case.hpp"

using namespace graft;

TEST_CASE("mmd: the value is that of the paper's formula, times the weight", "[task][mmd]") {
  for (const double weight : {1.0, 0.25}) {
    toy::Adapting host;
    const auto task = toy::task("mmd", "{\"weight\": " + std::to_string(weight) + "}");
    host.run(*task);
    CHECK(host.value("mmd") == Approx(weight * toy::reference().tensor("mmd").item<double>()).epsilon(1e-12));
  }
}

TEST_CASE("mmd: of a domain with itself it is zero", "[task][mmd]") {
  toy::DomainHost host;
  host.add_movies();
  host.add("editorials", toy::reference().tensor("source").clone());
  const auto task = toy::task("mmd");
  host.run(*task);
  CHECK(host.value("mmd") == Approx(0).margin(1e-12));
}

TEST_CASE("mmd: gradients in both domains match finite differences", "[task][mmd]") {
  toy::check_gradient<toy::Adapting>("mmd", "mmd");
}

TEST_CASE("mmd: what it cannot use is refused", "[task][mmd]") {
  toy::check_needs_vectors("mmd");
  toy::check_needs_two_domains("mmd");
  CHECK(message_of([] { toy::task("mmd", R"({"weight": 0})"); }) == "parameters:1:12: [graft/mmd] weight must be > 0, got 0");
}

TEST_CASE("mmd: contract: two streams, no state, the heads learn from the first, two runs give the same bits", "[task][mmd]") {
  toy::check_adaptation("mmd");
}
