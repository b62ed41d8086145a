// What plugin check finds in models, adapters, heads, metrics, balancers and tasks that have one fault each: the first test that fails
// is the one that names the fault, and the sound component passes them all.
#include "catch.hpp"
#include "core/conformance/report_text.hpp"
#include "hostile_check.hpp"

using namespace hostile;
using kit::Verdict;

namespace {

kit::Report check_component(const std::string& component) {
  kit::CheckOptions options;
  options.components = {component};
  options.except = {"^static/", "^library/"};
  return checked("faulty.so", options);
}

std::string failing_test(const std::string& component, const std::string& fault) {
  const Variable made("GRAFT_FAULT", fault);
  const kit::Report report = check_component(component);
  const kit::Result* failed = first_failure(report, component);
  return !failed ? "none" : failed->test + (failed->outcome.verdict == Verdict::kCrash ? " (crash)" : "");
}

struct Case {
  const char *fault, *test;
};

void check_all(const std::string& component, const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(component << " with the fault: " << one.fault);
    CHECK(failing_test(component, one.fault) == one.test);
  }
}

}  // namespace

TEST_CASE("plugin check: sound components of every kind pass", "[conformance][faults]") {
  for (const char* component :
       {"model acme/net", "adapter acme/scale", "head acme/classes", "metric acme/share", "balancer acme/sum", "task acme/plain"})
    for (const kit::Result& result : check_component(component).results) {
      INFO(kit::result_text(result));
      CHECK(result.outcome.verdict != Verdict::kFail);
      CHECK(result.outcome.verdict != Verdict::kCrash);
    }
}

TEST_CASE("plugin check: the first test that fails names the fault of a model", "[conformance][faults]") {
  check_all("model acme/net", {{"NaN", "forward-shape-dtype-device"},
                               {"wrong dtype", "forward-shape-dtype-device"},
                               {"wrong shape", "forward-shape-dtype-device"},
                               {"freed memory", "forward-shape-dtype-device (crash)"},
                               {"reused memory", "forward-deterministic"},
                               {"global generator", "forward-deterministic"},
                               {"dropout in evaluation", "eval-vs-train"},
                               {"parameter without gradient", "grad-flows"},
                               {"wrong gradient", "gradcheck-small"},
                               {"float alone", "gradcheck-small"},
                               {"state outside", "save-load-roundtrip"},
                               {"foreign state taken", "state-foreign-rejected"},
                               {"shared tensors", "clone-equal"},
                               {"thaws what is frozen", "freeze-respected"},
                               {"bfloat16 ignored", "to-dtype"},
                               {"rows that know each other", "batch-1-and-odd"},
                               {"no empty batch", "empty-batch-defined"},
                               {"cannot learn", "overfit-one-batch"},
                               {"unregistered parameter", "layers-by-name"},
                               {"stage left out", "stages-partition-parameters"},
                               {"tap that changes", "identity-tap-changes-nothing"}});
}

TEST_CASE("plugin check: the first test that fails names the fault of an adapter", "[conformance][faults]") {
  check_all("adapter acme/scale", {{"another start", "start-equals-base"},
                                   {"merge that forgets", "merged-equals-unmerged"},
                                   {"nothing trains", "frozen-set"},
                                   {"parameter without gradient", "grad-flows"},
                                   {"state outside", "save-load-roundtrip"},
                                   {"foreign model taken", "state-foreign-rejected"}});
}

TEST_CASE("plugin check: the first test that fails names the fault of a head", "[conformance][faults]") {
  check_all("head acme/classes", {{"loss averaged", "loss-one-value-per-row"},
                                  {"loss averaged and spread", "loss-one-value-per-row"},
                                  {"wrong slope", "loss-matches-finite-differences"},
                                  {"mask forgotten", "missing-labels-masked"},
                                  {"NaN where no label is", "missing-labels-masked"},
                                  {"features detached", "grad-flows"},
                                  {"state outside", "save-load-roundtrip"},
                                  {"rows that know each other", "batch-1-and-odd"},
                                  {"no empty batch", "empty-batch-defined"}});
}

TEST_CASE("plugin check: the first test that fails names the fault of a metric", "[conformance][faults]") {
  check_all("metric acme/share", {{"NaN", "metrics-range"},
                                  {"wrong direction", "metrics-range"},
                                  {"mean of batches", "merge-equals-whole"},
                                  {"merge that forgets", "merge-equals-whole"},
                                  {"0 for nothing", "empty-defined"},
                                  {"missing labels count", "empty-defined"}});
}

TEST_CASE("plugin check: the first test that fails names the fault of a balancer", "[conformance][faults]") {
  check_all("balancer acme/sum", {{"NaN without a gradient", "shape-and-finite"},
                                  {"one weight too many", "shape-and-finite"},
                                  {"state not saved", "state-restore-roundtrip"},
                                  {"order of tasks", "permutation-invariant"},
                                  {"gradients of length 1", "linear-under-scaling"},
                                  {"weights of 0", "strongly-stationary"}});
  CHECK(failing_test("balancer acme/boastful", "") == "non-conflicting");
}

TEST_CASE("plugin check: the first test that fails names the fault of a task", "[conformance][faults]") {
  check_all("task acme/plain", {{"NaN", "loss-scalar-finite"},
                                {"loss not reduced", "loss-scalar-finite"},
                                {"one head alone", "head-routing"},
                                {"loss weights ignored", "loss-weights-applied"},
                                {"rows counted without labels", "missing-labels-masked"},
                                {"global generator", "two-runs-bit-equal"},
                                {"state not saved", "resume-equals-uninterrupted"}});
}
