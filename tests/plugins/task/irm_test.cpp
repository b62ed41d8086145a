#include "domain_case.hpp"

using namespace graft;

TEST_CASE("irm: the value is that of the paper's formula, beside the mean loss of the domains", "[task][irm]") {
  toy::Labelled host;
  const auto task = toy::task("irm", R"({"weight": 3})");
  host.run(*task);
  CHECK(host.value("domains") == Approx((toy::risk(0) + toy::risk(1)) / 2).epsilon(1e-12));
  CHECK(host.value("irm") == Approx(3 * toy::reference().tensor("irm").item<double>()).epsilon(1e-10));
}

TEST_CASE("irm: gradients match finite differences", "[task][irm]") {
  toy::check_gradient<toy::Labelled>("irm", "irm");
  toy::check_gradient<toy::Labelled>("irm", "domains");
}

TEST_CASE("irm: the penalty begins after a share of the run, and the optimizer with it", "[task][irm]") {
  toy::check_annealed("irm");
}

TEST_CASE("irm: one domain and impossible parameters are refused, one without labels is left out", "[task][irm]") {
  toy::check_one_domain("irm");
  toy::check_absent("irm", "domains");
  CHECK(message_of([] { toy::task("irm", R"({"anneal": 2})"); }) == "parameters:1:12: [graft/irm] anneal must be <= 1, got 2");
}

TEST_CASE("irm: contract: each stream in every step, not split, two runs give the same bits", "[task][irm]") {
  toy::check_domains("irm");
  CHECK(toy::task("irm")->state().empty());
}

TEST_CASE("irm: a domain of one row gives no penalty", "[task][irm]") {
  toy::DomainHost host;
  host.add("movies", toy::reference().tensor("source").slice(0, 0, 1).clone(), {1});
  host.add("tweets", toy::reference().tensor("third").slice(0, 0, 1).clone(), {1});
  const auto task = toy::task("irm");
  host.run(*task);
  REQUIRE(host.last[0].size() == 1);
  CHECK(host.last[0][0].name == "domains");
}
