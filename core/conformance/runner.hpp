// Runner: the conformance kit over plugin files. Each test in a process of its own; tests that stand on a failed one are skipped, so
// that the first failure of a component names its fault.
//
//   ids      static/<plugin id>/<test>, library/<plugin id>/<test>, <kind>/<vendor>/<name>/<test>
//   -t       chosen tests, and before them those that they stand on, which are told of only where they fail
//   order    files as given; static, library, then components in the manifest's order
//   calls    from a program of one thread that has run no tensor code
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/conformance/outcome.hpp"
#include "core/registry/plugin_catalog.hpp"

namespace graft::core::conformance {

struct CheckOptions {
  std::vector<std::string> only, except;  // regular expressions over ids; empty `only`: all
  std::vector<std::string> components;    // "kind vendor/name"; empty: all of the files
  bool only_static = false;
  bool in_process = false;
  std::uint64_t seed = 1;
  double limit_seconds = 20;  // of one test
};

struct Result {
  std::string id;     // "model/graft/bert/grad-flows"
  std::string group;  // "model graft/bert"
  std::string test;   // "grad-flows"
  Outcome outcome;
  double seconds = 0;
  std::string again;  // the command that runs it alone
};

struct Report {
  std::vector<Result> results;
  int needed = 0;  // tests beside: not chosen, and passed, but the chosen ones stand on them
  double seconds = 0;
  int count(Verdict verdict) const;
  bool has_failed() const { return count(Verdict::kFail) + count(Verdict::kCrash) > 0; }
};

// `files` are all in `catalog`, or refused. `told` hears of each result as it comes; may be empty.
Report check_plugins(const std::vector<PluginFile>& files, const PluginCatalog& catalog, const CheckOptions& options,
                     const std::function<void(const Result&)>& told = {});

}  // namespace graft::core::conformance
