// plugin check: the conformance kit over files and components.
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "catalog.hpp"
#include "core/config/components.hpp"
#include "core/conformance/report_text.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

namespace fs = std::filesystem;
namespace kit = core::conformance;

bool is_file_name(const std::string& name) { return name.ends_with(".so") || fs::exists(name); }

// What was asked for: files, and where names were given the components that bear them.
struct Asked {
  std::vector<core::PluginFile> files;
  std::vector<std::string> components;  // "model graft/bert"

  void add(core::PluginFile file) {
    const auto same = [&](const core::PluginFile& other) { return other.path == file.path; };
    if (std::none_of(files.begin(), files.end(), same)) files.push_back(std::move(file));
  }
};

void add_named(const core::PluginCatalog& catalog, const std::string& name, Asked& asked) {
  const std::size_t before = asked.components.size();
  std::vector<std::string> names;
  for (const core::Component* component : catalog.all()) {
    const std::string kind(kind_name(component->kind)), shorter = core::short_name(component->name);
    names.push_back(shorter);
    if (name != component->name && name != shorter && name != kind + "/" + component->name && name != kind + "/" + shorter) continue;
    asked.add(catalog.file_of(*component));
    asked.components.push_back(kind + " " + component->name);
  }
  if (asked.components.size() > before) return;
  const std::string close = nearest(name, names);
  throw Error("graft", "there is no file and no component " + name + (close.empty() ? "" : ", did you mean " + close + "?"));
}

kit::CheckOptions kit_options(const PluginCheckOptions& options, std::vector<std::string> components) {
  kit::CheckOptions kit;
  kit.only = options.only, kit.except = options.except, kit.components = std::move(components);
  kit.only_static = options.only_static, kit.in_process = options.in_process;
  kit.seed = options.seed, kit.limit_seconds = options.limit_seconds;
  return kit;
}

int check_once(const PluginCheckOptions& options, PluginOptions plugins) {
  Asked asked;
  std::vector<std::string> names;
  for (const std::string& what : options.what) {
    if (!is_file_name(what)) {
      names.push_back(what);
      continue;
    }
    core::PluginFile file = core::inspect(what, true);
    if (!file.refused) plugins.files.push_back(file.path);
    asked.add(std::move(file));
  }
  core::SearchPath path = search_path(plugins);
  path.gate = [ask = path.gate](const core::PluginFile& file, const std::string& sha256) {
    if (!file.is_named) ask(file, sha256);  // each test has a process of its own: no probe, no quarantine
  };
  const core::PluginCatalog catalog(path);
  const bool has_files = !asked.files.empty();
  for (const std::string& name : names) add_named(catalog, name, asked);
  if (has_files && !names.empty()) throw Error("graft", "plugin check takes files or names, not both");

  const bool is_quiet = options.json;
  const kit::Report report = kit::check_plugins(asked.files, catalog, kit_options(options, asked.components), [&](const kit::Result& result) {
    const kit::Verdict verdict = result.outcome.verdict;
    const bool has_failed = verdict == kit::Verdict::kFail || verdict == kit::Verdict::kCrash;
    if (is_quiet || (options.only_failed && !has_failed)) return;
    std::printf("%s\n", kit::result_text(result).c_str());
    std::fflush(stdout);
  });
  if (!options.junit.empty()) write_file(options.junit, kit::report_junit(report));
  std::puts((options.json ? to_json(kit::report_json(report), 2) : kit::total_text(report)).c_str());
  if (report.results.empty()) throw Error("graft", "no test was chosen: see -t and -x");
  return report.has_failed() ? 1 : 0;
}

using Stamps = std::vector<fs::file_time_type>;

Stamps stamps_of(const std::vector<std::string>& files) {
  Stamps stamps;
  for (const std::string& file : files) {
    std::error_code missing;  // while it is being linked
    stamps.push_back(fs::last_write_time(file, missing));
  }
  return stamps;
}

// A fresh process for each build: a file that was loaded once is never loaded anew.
[[noreturn]] void check_each_build(const PluginCheckOptions& options, const PluginOptions& plugins) {
  constexpr auto kPause = std::chrono::milliseconds(300);
  for (Stamps last;;) {
    const Stamps now = stamps_of(options.what);
    if (now != last) {
      std::fflush(nullptr);
      const pid_t child = ::fork();
      if (child == 0) std::_Exit(guarded_verb([&] { return check_once(options, plugins); }) | (std::fflush(nullptr), 0));
      ::waitpid(child, nullptr, 0);
      std::printf("watching; a new build runs the check again, Ctrl-C ends\n\n");
      std::fflush(stdout);
      last = now;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace

int plugin_check(const PluginCheckOptions& options, const PluginOptions& plugins) {
  if (!options.watch) return check_once(options, plugins);
  for (const std::string& what : options.what)
    if (!is_file_name(what)) throw Error("graft", "--watch takes plugin files, got " + what);
  check_each_build(options, plugins);
}

}  // namespace graft::app
