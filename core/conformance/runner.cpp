#include "core/conformance/runner.hpp"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/conformance/child.hpp"
#include "core/conformance/test.hpp"
#include "graft/error.hpp"

namespace graft::core::conformance {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  return text;
}

// As a shell reads it as one word.
std::string in_shell(const std::string& path) {
  constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-";
  if (path.find_first_not_of(kPlain) == std::string::npos) return path;
  std::string word = "'";
  for (const char sign : path) word += sign == '\'' ? std::string("'\\''") : std::string(1, sign);
  return word + "'";
}

// A folder for the files of settings, gone when the check ends.
struct Scratch {
  std::string path;
  Scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "graft-check-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw Error("check", "no folder in " + name);
    path = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
};

class Filter {
 public:
  explicit Filter(const CheckOptions& options) {
    for (const std::string& pattern : options.only) only_.push_back(compiled(pattern));
    for (const std::string& pattern : options.except) except_.push_back(compiled(pattern));
  }
  bool takes(const std::string& id) const { return (only_.empty() || matches(only_, id)) && !leaves_out(id); }
  bool leaves_out(const std::string& id) const { return matches(except_, id); }

 private:
  static bool matches(const std::vector<std::regex>& patterns, const std::string& id) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::regex& pattern) { return std::regex_search(id, pattern); });
  }
  static std::regex compiled(const std::string& pattern) try {
    return std::regex(pattern);
  } catch (const std::regex_error& error) {
    throw Error("check", "-t and -x take a regular expression, got " + pattern + ": " + error.what());
  }
  std::vector<std::regex> only_, except_;
};

// The tests of one file or component, and how each ended.
class Group {
 public:
  Group(std::string prefix, std::string name, std::string again)
      : prefix_(std::move(prefix)), name_(std::move(name)), again_(std::move(again)) {}

  std::string id(const std::string& test) const { return prefix_ + "/" + test; }

  // Why a test cannot be asked after those of `needs`, named by spaces, ended as they did; empty: it can.
  std::string blocked_by(const std::string& needs) const {
    std::istringstream names(needs);
    for (std::string name; names >> name;)
      if (const auto needed = ended_.find(name); needed != ended_.end() && !needed->second) return "stands on " + name;
    return "";
  }
  void ended(const std::string& test, const Outcome& outcome, bool is_excepted) {
    ended_[test] = outcome.verdict == Verdict::kPass || outcome.verdict == Verdict::kWarn || is_excepted;
  }
  Result result(const std::string& test, Outcome outcome, double seconds) const {
    return {id(test), name_, test, std::move(outcome), seconds, again_ + " -t '^" + id(test) + "$'"};
  }

 private:
  std::string prefix_, name_, again_;
  std::map<std::string, bool> ended_;  // whether others may stand on it
};

// The names in `needed`, and of `tests` those that the chosen ones stand on: a test stands on earlier ones.
template <class Tests, class IsChosen>
std::set<std::string> stood_on(const Tests& tests, const IsChosen& is_chosen, std::set<std::string> needed = {}) {
  for (auto test = tests.rbegin(); test != tests.rend(); ++test) {
    if (!is_chosen(test->name) && !needed.contains(test->name)) continue;
    std::istringstream names(test->needs);
    for (std::string name; names >> name;) needed.insert(name);
  }
  return needed;
}

class Runner {
 public:
  Runner(const PluginCatalog& catalog, const CheckOptions& options, const std::function<void(const Result&)>& told)
      : catalog_(catalog), options_(options), told_(told), filter_(options) {}

  void file(const PluginFile& file) {
    statics(file);
    if (file.refused || options_.only_static) return;
    const bool is_loadable = libraries(file);
    for (const Component& component : file.components)
      if (is_asked(component)) tests_of_component(in_catalog(component), is_loadable);
  }

  Report report;

 private:
  std::string again(const PluginFile& file) const {
    std::string command = "graft plugin check " + in_shell(file.path) + " --seed " + std::to_string(options_.seed);
    if (options_.limit_seconds != CheckOptions().limit_seconds) command += " --timeout " + number_text(options_.limit_seconds);
    return command;
  }

  void add(Result result) {
    if (told_) told_(result);
    report.results.push_back(std::move(result));
  }

  bool is_asked(const Component& component) const {
    const std::string name = std::string(kind_name(component.kind)) + " " + component.name;
    return options_.components.empty() ||
           std::find(options_.components.begin(), options_.components.end(), name) != options_.components.end();
  }

  const Component& in_catalog(const Component& component) const {
    const Component* known = catalog_.find(component.kind, component.name + "@" + component.plugin_id);
    if (!known) throw Error("check", component.name + " is not in the catalog");
    return *known;
  }

  // What was not chosen but is needed is told of only where it fails.
  void one(Group& group, const char* test, bool is_needed, const std::string& blocked, const std::function<std::string()>& run,
           const ChildOptions& how, const std::string& excepted = "") {
    const std::string id = group.id(test);
    const bool is_chosen = filter_.takes(id);
    if (!is_chosen && (!is_needed || filter_.leaves_out(id))) return;
    const auto start = Clock::now();
    Outcome outcome{Verdict::kSkip, "", excepted.empty() ? blocked : excepted, ""};
    if (outcome.got.empty()) outcome = run_test(run, how);
    group.ended(test, outcome, !excepted.empty() && blocked.empty());
    last_found_ = outcome.found;
    if (!is_chosen && outcome.verdict == Verdict::kPass) ++report.needed;
    if (is_chosen || outcome.verdict == Verdict::kFail || outcome.verdict == Verdict::kCrash)
      add(group.result(test, std::move(outcome), seconds_since(start)));
  }

  ChildOptions how() const { return {options_.limit_seconds, false, options_.in_process}; }

  void statics(const PluginFile& file) {
    Group group("static/" + (file.id.empty() ? std::filesystem::path(file.path).filename().string() : file.id), "static",
                again(file));
    ChildOptions here = how();
    here.in_process = true;  // none of its code runs
    bool is_readable = true;
    for (const StaticTest& test : static_tests()) {
      one(
          group, test.name, file.refused.has_value(), is_readable ? "" : "stands on manifest-schema",
          [&] { return test.run(file), ""; }, here);
      const bool is_unreadable =
          file.refused && (file.refused->code() == "G101" || file.refused->code() == "G102" || file.refused->code() == "G103");
      is_readable = !is_unreadable;
    }
  }

  bool libraries(const PluginFile& file) {
    Group group("library/" + file.id, "library", again(file));
    bool is_loadable = true;
    const auto is_chosen = [&](const char* test) { return filter_.takes(group.id(test)); };
    std::set<std::string> loading;
    if (has_chosen_component(file)) loading.insert("registered-equals-declared");
    const std::set<std::string> needed = stood_on(library_tests(), is_chosen, loading);
    for (const LibraryTest& test : library_tests()) {
      ChildOptions child = how();
      child.by_exit = test.by_exit;
      one(group, test.name, needed.contains(test.name), group.blocked_by(test.needs), [&] { return test.run(file), ""; }, child);
    }
    for (const char* needed : {"load-now", "registered-equals-declared"})
      if (!group.blocked_by(needed).empty()) is_loadable = false;
    return is_loadable;
  }

  bool has_chosen_component(const PluginFile& file) const {
    for (const Component& component : file.components) {
      const std::string prefix = std::string(kind_name(component.kind)) + "/" + component.name + "/";
      const std::vector<Test> tests = tests_of(component.kind);
      const auto is_chosen = [&](const Test& test) { return filter_.takes(prefix + test.name); };
      if (is_asked(component) && std::any_of(tests.begin(), tests.end(), is_chosen)) return true;
    }
    return false;
  }

  void tests_of_component(const Component& component, bool is_loadable) {
    const std::string kind(kind_name(component.kind));
    Group group(kind + "/" + component.name, kind + " " + component.name, again(catalog_.file_of(component)));
    const Settings settings = Settings::of(component.entry);
    const std::string folder = scratch_.path + "/" + kind + "-" + std::to_string(++components_);
    std::string fitted;
    const std::vector<Test> tests = tests_of(component.kind);
    const std::set<std::string> needed = stood_on(tests, [&](const char* test) { return filter_.takes(group.id(test)); });
    for (const Test& test : tests) {
      const auto excepted = settings.except.find(test.name);
      const std::string blocked = is_loadable ? group.blocked_by(test.needs) : "stands on the library's tests";
      last_found_.clear();
      one(
          group, test.name, needed.contains(test.name), blocked,
          [&] {
            Subject subject(catalog_, component, options_.seed, folder, fitted);
            test.run(subject);
            return std::string(test.name) == "construct-defaults" ? to_json(subject.parameters()) : "";
          },
          how(), excepted == settings.except.end() ? "" : "excepted: " + excepted->second);
      if (!last_found_.empty()) fitted = last_found_;
    }
  }

  const PluginCatalog& catalog_;
  const CheckOptions& options_;
  const std::function<void(const Result&)>& told_;
  Filter filter_;
  Scratch scratch_;
  int components_ = 0;
  std::string last_found_;
};

}  // namespace

int Report::count(Verdict verdict) const {
  return static_cast<int>(
      std::count_if(results.begin(), results.end(), [&](const Result& result) { return result.outcome.verdict == verdict; }));
}

Report check_plugins(const std::vector<PluginFile>& files, const PluginCatalog& catalog, const CheckOptions& options,
                     const std::function<void(const Result&)>& told) {
  const auto start = Clock::now();
  Runner runner(catalog, options, told);
  for (const PluginFile& file : files) runner.file(file);
  runner.report.seconds = seconds_since(start);
  return std::move(runner.report);
}

}  // namespace graft::core::conformance
