// What plugin check finds in extractors, sources and augmenters that break one rule each: one test fails, it is the one that names the
// fault, and those that stand on it are skipped. The sound ones pass them all.
#include <map>
#include <set>

#include "catch.hpp"
#include "core/conformance/report_text.hpp"
#include "core/conformance/test.hpp"
#include "graft/kind.hpp"
#include "hostile_check.hpp"

using namespace hostile;
using kit::Verdict;

namespace {

struct Case {
  const char *component, *test;
  Verdict verdict;
  const char* got;  // part of what the report says
};

constexpr Verdict kFail = Verdict::kFail, kCrash = Verdict::kCrash;

const std::vector<Case> kMaking = {
    {"throws-int", "construct-defaults", kFail, "int in constructor: [acme/throws-int] constructor: threw int"},
    {"throws-torch", "construct-defaults", kFail, "c10::Error in constructor: [acme/throws-torch] constructor: sizes 3 and 4"},
    {"segfaults", "construct-defaults", kCrash, "killed by SIGSEGV during constructor"},
    {"hangs", "construct-defaults", kCrash, "no end within 2 s during constructor"},
    {"exits", "construct-defaults", kCrash, "the process was left by exit(7) during constructor"},
    {"allocates-20-gb", "construct-defaults", kFail, "std::bad_alloc"},
    {"reads-undeclared", "construct-defaults", kFail, "reads the parameter undeclared, which its manifest does not declare"},
    {"destructor-throws", "destroy-without-use", kCrash, "threw std::runtime_error: too late"},
    {"destructor-segfaults", "destroy-without-use", kCrash, "killed by SIGSEGV during destructor"},
    {"refuses-preset", "construct-each-preset", kFail, "n must be odd, got 2"},
    {"never-reads", "param-unused", kFail, "never read: n"},
    {"fails-over-three", "param-fuzz", kFail, "std::out_of_range"},
    {"divides-by-zero", "param-fuzz", kCrash, "killed by SIGFPE during constructor"},
    {"reads-other-type", "param-fuzz", kFail, "must be an integer, got "}};

const std::vector<Case> kConduct = {
    {"changes-grad-mode", "global-state-unchanged", kFail, "grad mode was on, is off"},
    {"changes-thread-number", "global-state-unchanged", kFail, "the number of torch threads was 1, is 2"},
    {"changes-default-dtype", "global-state-unchanged", kFail, "the default dtype was float, is double"},
    {"draws-from-torch", "global-state-unchanged", kFail, "the state of torch's generator was "},
    {"changes-locale", "global-state-unchanged", kFail, "the locale was C, is C.UTF-8"},
    {"changes-rounding", "global-state-unchanged", kFail, "the rounding mode was "},
    {"changes-folder", "global-state-unchanged", kFail, "the working folder was "},
    {"prints", "global-state-unchanged", kFail, "the number of bytes on standard output was 0, is 13"},
    {"leaks-thread", "global-state-unchanged", kFail, "the number of threads was 1, is 2"},
    {"shares-static", "two-instances-independent", kFail, "other results"},
    {"keeps-first", "two-instances-independent", kFail, "other results"},
    {"throws-foreign", "throw-is-attributed", kFail, "std::out_of_range: map::at"},
    {"thread-bound", "thread-affinity", kFail, "48 of 48 values differ"}};

const std::vector<Case> kExtractors = {
    {"gives-other-dtype", "shape-contract", kFail, "int64 [12, 4] where the kind vector is float"},
    {"gives-other-width", "shape-contract", kFail, "float [12, 3] where the schema says [12, 4]"},
    {"gives-other-form", "shape-contract", kFail, "strings where the schema says vector"},
    {"gives-other-device", "shape-contract", kFail, "on meta, the rows are on cpu"},
    {"gives-other-class", "shape-contract", kFail, "a class outside [0, 2)"},
    {"gives-wrong-offsets", "shape-contract", kFail, "offsets end at 24 of 48 entries"},
    {"gives-freed-memory", "shape-contract", kCrash, "killed by SIGSEGV"},
    {"segfaults-in-transform", "shape-contract", kCrash, "killed by SIGSEGV during transform"},
    {"hangs-in-transform", "shape-contract", kCrash, "no end within 2 s during transform"},
    {"throws-int-in-transform", "shape-contract", kFail, "int in transform"},
    {"forgets-column", "shape-contract", kFail, "forgets-column: no such column"},
    {"adds-unsaid-column", "shape-contract", kFail, "length: outputs() says no such column"},
    {"breaks-promise", "shape-contract", kFail, "has another shape"},
    {"changes-undeclared", "in-place-declared", kFail, "number: 12 of 12 values differ"},
    {"writes-in-place", "in-place-declared", kFail, "number: 12 of 12 values differ"},
    {"counts-calls", "transform-const", kFail, "values differ"},
    {"reuses-memory", "transform-const", kFail, "values differ"},
    {"keeps-batch", "transform-const", kFail, "values differ"},
    {"looks-at-neighbours", "transform-const", kFail, "values differ"},
    {"shares-scratch", "worker-thread-safe", kFail, "values differ"},
    {"gives-nan", "finite-output", kFail, "48 of 48 values are not finite"},
    {"keeps-no-state", "state-restore-roundtrip", kFail, "values differ"}};

const std::vector<Case> kSources = {{"says-text", "rows-match-schema", kFail, "square"},
                                    {"other-ids", "rows-match-schema", kFail, "others"},
                                    {"counts-rows", "rows-by-index-exact", kFail, "square"},
                                    {"sorts-numbers", "rows-by-index-exact", kFail, "other row ids"},
                                    {"clamps-numbers", "row-out-of-range-refused", kFail, "rows"},
                                    {"reads-beyond", "row-out-of-range-refused", kCrash, "killed by SIGSEGV during rows"},
                                    {"shares-position", "worker-thread-safe", kFail, "square"}};

const std::vector<Case> kAugmenters = {{"taps-by-row", "shape-contract", kFail, "one from scope row"},
                                       {"changes-label", "label-consistency", kFail, "class"},
                                       {"augments-in-place", "label-consistency", kFail, "vector"},
                                       {"shares-over-one", "label-consistency", kFail, "soft_class"},
                                       {"own-generator", "rng-only-from-host", kFail, "vector"},
                                       {"counts-steps", "rng-only-from-host", kFail, "vector"},
                                       {"augments-to-nan", "finite-output", kFail, "vector"},
                                       {"one-stream-for-all", "row-order-independent", kFail, "vector"},
                                       {"shares-key", "worker-thread-safe", kFail, "vector"}};

const std::vector<const char*> kSound = {"extractor acme/sound", "source acme/squares", "augmenter acme/noise"};

kit::Report check_components(const std::vector<std::string>& components) {
  kit::CheckOptions options;
  options.components = components;
  options.except = {"^static/", "^library/"};
  options.limit_seconds = 2;
  return checked("conduct.so", options);
}

std::map<std::string, std::string> needs_of(graft::Kind kind) {
  std::map<std::string, std::string> needs;
  for (const kit::Test& test : kit::tests_of(kind)) needs[test.name] = test.needs;
  return needs;
}

// What stands on a test that failed is skipped, and nothing else fails.
void check_others(const kit::Report& report, const kit::Result& failed, graft::Kind kind) {
  const std::map<std::string, std::string> needs = needs_of(kind);
  for (const kit::Result& result : report.results) {
    if (result.group != failed.group || result.test == failed.test) continue;
    INFO(kit::result_text(result));
    CHECK_FALSE(has_failed(result));
    if ((" " + needs.at(result.test) + " ").find(" " + failed.test + " ") == std::string::npos) continue;
    CHECK(result.outcome.verdict == Verdict::kSkip);
    CHECK(result.outcome.got == "stands on " + failed.test);
  }
}

void check_all(graft::Kind kind, const std::vector<Case>& cases) {
  std::vector<std::string> groups;
  for (const Case& one : cases) groups.push_back(std::string(graft::kind_name(kind)) + " acme/" + one.component);
  const kit::Report report = check_components(groups);
  for (std::size_t i = 0; i < cases.size(); ++i) {
    INFO(groups[i]);
    const kit::Result* failed = first_failure(report, groups[i]);
    CHECK(failed);
    if (!failed) continue;
    INFO(kit::result_text(*failed));
    CHECK(failed->test == cases[i].test);
    CHECK(failed->outcome.verdict == cases[i].verdict);
    CHECK(failed->outcome.got.find(cases[i].got) != std::string::npos);
    CHECK_FALSE(failed->outcome.expected.empty());
    CHECK(failed->again.find(" -t '^" + failed->id + "$'") != std::string::npos);
    check_others(report, *failed, kind);
  }
}

}  // namespace

TEST_CASE("plugin check: a sound extractor, source and augmenter pass all", "[conformance][conduct]") {
  const kit::Report report = check_components({kSound.begin(), kSound.end()});
  for (const kit::Result& result : report.results) {
    INFO(kit::result_text(result));
    CHECK((result.outcome.verdict == Verdict::kPass || result.outcome.verdict == Verdict::kSkip));
    CHECK(result.outcome.got.find("stands on") == std::string::npos);
  }
  for (const char* group : kSound)
    CHECK(std::any_of(report.results.begin(), report.results.end(), [&](const auto& result) { return result.group == group; }));
}

TEST_CASE("plugin check: one test fails and names what is wrong in making a component", "[conformance][conduct]") {
  check_all(graft::Kind::kExtractor, kMaking);
}

TEST_CASE("plugin check: one test fails and names what a component does to those beside it", "[conformance][conduct]") {
  check_all(graft::Kind::kExtractor, kConduct);
}

TEST_CASE("plugin check: one test fails and names the fault of an extractor", "[conformance][conduct]") {
  check_all(graft::Kind::kExtractor, kExtractors);
}

TEST_CASE("plugin check: one test fails and names the fault of a source", "[conformance][conduct]") {
  check_all(graft::Kind::kSource, kSources);
}

TEST_CASE("plugin check: one test fails and names the fault of an augmenter", "[conformance][conduct]") {
  check_all(graft::Kind::kAugmenter, kAugmenters);
}

TEST_CASE("plugin check: no component with a fault is left out of these tests", "[conformance][conduct]") {
  std::set<std::string> held, known;
  for (const auto* cases : {&kMaking, &kConduct, &kExtractors, &kSources, &kAugmenters})
    for (const Case& one : *cases) held.insert(std::string("acme/") + one.component);
  for (const std::string group : kSound) held.insert(group.substr(group.find(' ') + 1));
  for (const graft::core::Component& component : graft::core::inspect(GRAFT_HOSTILE_DIR "/conduct.so", true).components)
    known.insert(component.name);
  CHECK(held == known);
}
