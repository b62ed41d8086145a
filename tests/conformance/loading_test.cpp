// What plugin check finds in a plugin that goes wrong while it is loaded: in a static initialiser, in registration, as the process ends.
#include "catch.hpp"
#include "core/conformance/report_text.hpp"
#include "hostile_check.hpp"

using namespace hostile;
using kit::Verdict;

namespace {

struct Case {
  const char *fault, *test;
  Verdict verdict;
  const char* got;  // part of what the report says
};

kit::Report loaded(const std::string& fault) {
  const Variable made("GRAFT_HOSTILE", fault);
  kit::CheckOptions options;
  options.only = {"^library/", "/construct-defaults$"};
  options.limit_seconds = 2;
  return checked("loading.so", options);
}

const kit::Result* first_word(const kit::Report& report) {  // the first that is neither PASS nor SKIP
  for (const kit::Result& result : report.results)
    if (has_failed(result) || result.outcome.verdict == Verdict::kWarn) return &result;
  return nullptr;
}

const kit::Result& result_of(const kit::Report& report, const std::string& test) {
  for (const kit::Result& result : report.results)
    if (result.test == test) return result;
  throw std::out_of_range(test);
}

int failures(const kit::Report& report) {
  return static_cast<int>(std::count_if(report.results.begin(), report.results.end(), has_failed));
}

void check_all(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    INFO(one.fault);
    const kit::Report report = loaded(one.fault);
    const kit::Result* word = first_word(report);
    REQUIRE(word);
    INFO(kit::result_text(*word));
    CHECK(word->test == one.test);
    CHECK(word->outcome.verdict == one.verdict);
    CHECK(word->outcome.got.find(one.got) != std::string::npos);
    CHECK(failures(report) == (one.verdict == Verdict::kWarn ? 0 : 1));
  }
}

}  // namespace

TEST_CASE("plugin check: a plugin that loads as it should passes", "[conformance][loading]") {
  for (const kit::Result& result : loaded("nothing").results) {
    INFO(kit::result_text(result));
    CHECK(result.outcome.verdict == Verdict::kPass);
  }
}

TEST_CASE("plugin check: a static initialiser that ends the process is found when the file is loaded", "[conformance][loading]") {
  check_all({{"init-throws", "load-now", Verdict::kCrash, "G142 a static initialiser threw std::runtime_error: the cat sat on"},
             {"init-segfaults", "load-now", Verdict::kCrash,
              "killed by SIGSEGV during loading; it printed: graft: crashed inside plugin acme-loading 0.1.0, during its static"},
             {"init-exits", "load-now", Verdict::kCrash, "the process was left by exit(0) during loading"},
             {"init-hangs", "load-now", Verdict::kCrash, "no end within 2 s during loading"}});
}

TEST_CASE("plugin check: what a plugin does while it is loaded, and should not, is named", "[conformance][loading]") {
  check_all({{"init-slow", "load-time", Verdict::kWarn, " ms, should be under 250"},
             {"init-prints", "static-init-silent", Verdict::kFail, "22 bytes"},
             {"init-thread", "static-init-silent", Verdict::kFail, "1 more"},
             {"init-namespace", "torch-namespaces-declared", Verdict::kFail, "acme_undeclared"},
             {"init-grad-mode", "global-state-unchanged", Verdict::kFail, "grad mode was on, is off"},
             {"init-threads", "global-state-unchanged", Verdict::kFail, "the number of torch threads was 1, is 3"},
             {"init-dtype", "global-state-unchanged", Verdict::kFail, "the default dtype was float, is double"},
             {"init-deterministic", "global-state-unchanged", Verdict::kFail, "deterministic algorithms was off, is on"},
             {"init-seed", "global-state-unchanged", Verdict::kFail, "the state of torch's generator was "},
             {"init-locale", "global-state-unchanged", Verdict::kFail, "the locale was C, is C.UTF-8"},
             {"init-rounding", "global-state-unchanged", Verdict::kFail, "the rounding mode was "},
             {"init-folder", "global-state-unchanged", Verdict::kFail, ", is /"}});
}

TEST_CASE("plugin check: a registration that fails, or differs from the manifest, is named", "[conformance][loading]") {
  check_all(
      {{"register-throws", "registered-equals-declared", Verdict::kFail, "std::runtime_error: no licence server"},
       {"register-int", "registered-equals-declared", Verdict::kFail, "int: threw int"},
       {"register-segfaults", "registered-equals-declared", Verdict::kCrash, "plugin acme-loading 0.1.0, during registration"},
       {"register-less", "registered-equals-declared", Verdict::kFail, "declares but does not register extractor acme/nothing"},
       {"register-more", "registered-equals-declared", Verdict::kFail, "registers but does not declare extractor acme/more"},
       {"register-twice", "registered-equals-declared", Verdict::kFail, "registers twice extractor acme/nothing"},
       {"register-once", "second-load-noop", Verdict::kFail, "0"}});
}

TEST_CASE("plugin check: a plugin that fails as the process ends is named", "[conformance][loading]") {
  check_all({{"exit-aborts", "exit-clean", Verdict::kCrash, "killed by SIGABRT during exit"},
             {"exit-status", "exit-clean", Verdict::kCrash, "exit status 3 during exit"}});
}

TEST_CASE("plugin check: what stands on a plugin that does not load is skipped", "[conformance][loading]") {
  const kit::Report report = loaded("init-segfaults");
  CHECK(result_of(report, "registered-equals-declared").outcome.got == "stands on load-now");
  CHECK(result_of(report, "load-time").outcome.got == "stands on registered-equals-declared");
  CHECK(result_of(report, "exit-clean").outcome.got == "stands on registered-equals-declared");
  CHECK(result_of(report, "construct-defaults").outcome.got == "stands on the library's tests");
  CHECK(report.count(Verdict::kSkip) == static_cast<int>(report.results.size()) - 1);
}
