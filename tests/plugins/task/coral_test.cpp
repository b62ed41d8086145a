#include "domain_case.hpp"

using namespace graft;

TEST_CASE("coral: the value is that of the paper's formula, times the weight", "[task][coral]") {
  for (const double weight : {1.0, 0.25}) {
    toy::Adapting host;
    const auto task = toy::task("coral", "{\"weight\": " + std::to_string(weight) + "}");
    host.run(*task);
    CHECK(host.value("coral") == Approx(weight * toy::reference().tensor("coral").item<double>()).epsilon(1e-12));
  }
}

TEST_CASE("coral: of a domain with itself it is zero", "[task][coral]") {
  toy::DomainHost host;
  host.add_movies();
  host.add("editorials", toy::reference().tensor("source").clone());
  const auto task = toy::task("coral");
  host.run(*task);
  CHECK(host.value("coral") == Approx(0).margin(1e-12));
}

TEST_CASE("coral: gradients in both domains match finite differences", "[task][coral]") {
  toy::check_gradient<toy::Adapting>("coral", "coral");
}

TEST_CASE("coral: what it cannot use is refused", "[task][coral]") {
  toy::check_needs_vectors("coral");
  toy::check_needs_two_domains("coral");
  CHECK(message_of([] { toy::task("coral", R"({"weight": 0})"); }) == "parameters:1:12: [graft/coral] weight must be > 0, got 0");
}

TEST_CASE("coral: contract: two streams, no state, the heads learn from the first, two runs give the same bits",
          "[task][coral]") {
  toy::check_adaptation("coral");
}
