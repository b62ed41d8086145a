// Several runs of one config, each in a process of its own: its memory is its own, and one that fails takes no other with it.
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <sstream>

#include "catalog.hpp"
#include "core/config/resolve.hpp"
#include "core/run/run_folder.hpp"
#include "core/run/series.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

bool is_done(const std::string& folder) {
  const std::string status = folder + "/status.json";
  return std::filesystem::exists(status) && read_json(status).at("status").text() == "done";
}

bool is_begun(const std::string& folder) { return std::filesystem::exists(folder + "/status.json"); }

TrainOptions options_of(const core::SeriesRun& run, const TrainOptions& all, const std::string& folder) {
  TrainOptions own = all;
  own.seeds.clear();
  own.leave_one_out = false;
  own.out = folder;
  own.sets.insert(own.sets.end(), run.sets.begin(), run.sets.end());
  own.resume = all.resume && is_begun(folder);
  return own;
}

// The exit code of a run. A signal to the group reaches it too: it saves, and the series ends here.
int in_a_process(const TrainOptions& options, const PluginOptions& plugins) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw Error("series", "cannot start a process for the next run");
  if (child == 0) {
    const int code = guarded_verb([&] { return train(options, plugins); });
    std::fflush(nullptr);
    ::_exit(code);
  }
  const auto before = std::signal(SIGINT, SIG_IGN);
  int status = 0;
  ::waitpid(child, &status, 0);
  std::signal(SIGINT, before);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

}  // namespace

int train_series(const TrainOptions& options, const PluginOptions& plugins) {
  if (options.config.empty())
    throw Error("graft", "a series needs its config, also with --resume: graft train FILE.json --seeds 1,2");
  if (options.resume && options.out.empty()) throw Error("graft", "--resume needs the series' folder: --out DIR");
  const core::ResolvedConfig config = resolved(options.config, options.sets, open_catalog(plugins));
  const std::string folder = options.out.empty() ? core::RunFolder::default_path(config.name) : options.out;
  const std::vector<core::SeriesRun> runs = core::plan_series(config.root, options.seeds, options.leave_one_out);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string own = folder + "/" + runs[i].name;
    std::printf("%s== run %zu of %zu: %s\n", i ? "\n" : "", i + 1, runs.size(), runs[i].name.c_str());
    if (options.resume && is_done(own)) {
      std::printf("done before, in %s\n", own.c_str());
      continue;
    }
    if (const int code = in_a_process(options_of(runs[i], options, own), plugins); code != 0) return code;
  }
  const auto numbers = core::series_numbers(folder, runs);
  write_file(folder + "/series.json", to_json(core::series_json(runs, numbers), 2) + "\n");
  std::printf("\n%s", core::series_text(folder, numbers).c_str());
  return 0;
}

}  // namespace graft::app
