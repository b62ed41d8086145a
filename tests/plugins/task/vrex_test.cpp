#include "domain_case.hpp"

using namespace graft;

TEST_CASE("vrex: the value is that of the paper's formula, beside the mean loss of the domains", "[task][vrex]") {
  toy::Labelled host;
  const auto task = toy::task("vrex", R"({"weight": 3})");
  host.run(*task);
  CHECK(host.value("domains") == Approx((toy::risk(0) + toy::risk(1)) / 2).epsilon(1e-12));
  CHECK(host.value("vrex") == Approx(3 * toy::reference().tensor("vrex").item<double>()).epsilon(1e-10));
}

TEST_CASE("vrex: gradients match finite differences", "[task][vrex]") {
  toy::check_gradient<toy::Labelled>("vrex", "vrex");
  toy::check_gradient<toy::Labelled>("vrex", "domains");
}

TEST_CASE("vrex: the penalty begins after a share of the run, and the optimizer with it", "[task][vrex]") {
  toy::check_annealed("vrex");
}

TEST_CASE("vrex: one domain and impossible parameters are refused, one without labels is left out", "[task][vrex]") {
  toy::check_one_domain("vrex");
  toy::check_absent("vrex", "domains");
  CHECK(message_of([] { toy::task("vrex", R"({"anneal": 2})"); }) == "parameters:1:12: [graft/vrex] anneal must be <= 1, got 2");
}

TEST_CASE("vrex: contract: each stream in every step, not split, two runs give the same bits", "[task][vrex]") {
  toy::check_domains("vrex");
  CHECK(toy::task("vrex")->state().empty());
}
