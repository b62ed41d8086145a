// What plugin check finds in a model that takes its process down in each place of its life: the test that goes there is a CRASH which
// names the plugin, the place and the signal, those that stand on it are skipped, and the check goes on to its end.
#include "catch.hpp"
#include "core/conformance/report_text.hpp"
#include "hostile_check.hpp"

using namespace hostile;
using kit::Verdict;

namespace {

struct Case {
  const char *how, *id, *got;  // GRAFT_CRASH; the first test that fails; parts of what the report says
  const char* where = nullptr;
};

const std::vector<Case> kCases = {
    {"static segv", "library/acme-crash/load-now", "killed by SIGSEGV during loading",
     "during its static initialisers (SIGSEGV)"},
    {"registration abort", "library/acme-crash/registered-equals-declared", "killed by SIGABRT", "during registration (SIGABRT)"},
    {"constructor segv", "model/acme/crash/construct-defaults", "killed by SIGSEGV", "during constructor (SIGSEGV)"},
    {"destructor throw", "model/acme/crash/destroy-without-use", "killed by SIGABRT",
     "threw std::runtime_error: the cat sat on the keyboard"},
    {"call.1 fpe", "model/acme/crash/forward-shape-dtype-device", "killed by SIGFPE during forward", "during forward (SIGFPE)"},
    {"call.1 overflow", "model/acme/crash/forward-shape-dtype-device", "killed by SIGSEGV", "during forward (SIGSEGV)"},
    {"thread segv", "model/acme/crash/forward-shape-dtype-device", "killed by SIGSEGV", "in a thread of its own (SIGSEGV)"},
    {"backward ill", "model/acme/crash/grad-flows", "killed by SIGILL", "during backward (SIGILL)"},
    {"call.40 bus", "model/acme/crash/overfit-one-batch", "killed by SIGBUS", "during forward (SIGBUS)"},
    {"call.1 exit", "model/acme/crash/forward-shape-dtype-device", "the process was left by exit(0) during forward"},
    {"call.1 hang", "model/acme/crash/forward-shape-dtype-device", "no end within 2 s during forward"}};

kit::Report checked_crash(const char* how) {
  const Variable made("GRAFT_CRASH", how);
  kit::CheckOptions options;
  options.limit_seconds = 2;
  return checked("crash.so", options);
}

}  // namespace

TEST_CASE("plugin check: a model that does not crash passes all", "[conformance][crash]") {
  const kit::Report report = checked_crash("nowhere");
  for (const kit::Result& result : report.results) {
    INFO(kit::result_text(result));
    CHECK_FALSE(has_failed(result));
  }
}

TEST_CASE("plugin check: wherever a plugin crashes, the test that goes there says so and the check goes on",
          "[conformance][crash]") {
  const std::size_t all = checked_crash("nowhere").results.size();
  for (const Case& one : kCases) {
    INFO(one.how);
    const kit::Report report = checked_crash(one.how);
    CHECK(report.results.size() == all);
    const auto first = std::find_if(report.results.begin(), report.results.end(), has_failed);
    REQUIRE(first != report.results.end());
    INFO(kit::result_text(*first));
    CHECK(first->id == one.id);
    CHECK(first->outcome.verdict == Verdict::kCrash);
    CHECK(first->outcome.got.find(one.got) != std::string::npos);
    if (one.where) CHECK(first->outcome.got.find(one.where) != std::string::npos);
  }
}
