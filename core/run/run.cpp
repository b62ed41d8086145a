#include "core/run/run.hpp"

#include <chrono>
#include <filesystem>

#include "core/registry/crash.hpp"
#include "core/registry/loader.hpp"
#include "core/report/report_html.hpp"
#include "core/report/report_json.hpp"
#include "core/report/summary.hpp"
#include "core/run/adapter_folders.hpp"
#include "core/run/assembly.hpp"
#include "core/run/baselines.hpp"
#include "core/run/final_weights.hpp"
#include "core/run/lock.hpp"
#include "core/run/make_report.hpp"
#include "core/run/model_folder.hpp"
#include "core/run/predictions_file.hpp"
#include "core/run/profile.hpp"
#include "core/run/quick.hpp"
#include "core/run/run_observer.hpp"
#include "core/run/signals.hpp"
#include "core/run/teacher.hpp"
#include "core/train/memory_budget.hpp"
#include "core/train/training.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

double now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

struct Terminal {  // the log and the live line share one terminal
  ProgressLine line;
  RunLog log;
  explicit Terminal(const RunFolder& folder) : log({folder.file("log.txt"), false, [this] { line.clear(); }}) {
    set_log_sink(&log);
  }
  ~Terminal() { set_log_sink(nullptr); }
};

std::string count_text(std::int64_t number, const char* what) { return std::to_string(number) + " " + what; }

void print_assembly(const Assembly& assembly, RunLog& log) {
  for (std::size_t s = 0; s < assembly.rows.size(); ++s) {
    std::string text = "data     " + assembly.rows[s].name + ":";
    for (const char* split : {"train", "valid", "test"})
      if (assembly.rows[s].clean.contains(split)) text += " " + count_text(assembly.rows[s].clean.at(split).size(), split);
    const std::int64_t trains = assembly.rows[s].training.size();
    if (trains != assembly.rows[s].clean.at("train").size()) text += ", resampled to " + count_text(trains, "train");
    log.print(text + "; steps: " + assembly.pipeline->order_text(s));
  }
  std::int64_t parameters = 0;
  for (const Parameter& parameter : assembly.network.parameters()) parameters += parameter.tensor.numel();
  log.print("model    " + assembly.network.model_use + ", " + count_text(parameters, "parameters with the heads"));
  const Compute& compute = assembly.network.compute;
  log.print("compute  " + compute.device_name() + ", " + compute.precision_name() +
            (compute.why.empty() ? "" : " (" + compute.why + ")"));
}

void finish(const RunRequest& request, Assembly& assembly, const Training& training, Loader& loader, Terminal& terminal,
            RunTimes times) {
  const RunFolder& folder = request.folder;
  const Value& config = request.config.root;
  const FinalWeights weights = take_final_weights(assembly, training, Checkpoints(folder.checkpoints()), loader);
  save_adapters(folder.model() + "/adapters", assembly.network);
  assembly.network.merge_adapters();
  save_model(folder.model(), config, assembly.network, *assembly.pipeline, assembly.streams, assembly.rows, loader);
  const double start = now();
  std::vector<HeadResult> results;
  for (const char* split : {"test", "valid"}) {
    const Evaluation evaluation = evaluate(assembly.network, assembly.rows, split, {}, loader);
    write_predictions(folder, split, evaluation, assembly.rows);
    for (HeadResult& result : head_results(evaluation, assembly, split, weights.step, loader))
      results.push_back(std::move(result));
  }
  times.evaluate = now() - start;
  times.all = times.before + now() - times.begin;
  std::vector<BaselineResult> baselines = compare_with_baselines(config.at("heads"), folder.path());
  RunReport report = make_report(request, assembly, training, std::move(results), loader, terminal.log.warnings(), times);
  report.baselines = std::move(baselines);
  add_soup(report, weights.mix);
  write_file(folder.file("report.json"), to_json(report_json(report), 2) + "\n");
  write_file(folder.file("report.html"), report_html(report));
  write_metrics_csv(folder, report);
  folder.write_status("done", training.progress().step, training.progress().total_steps);
  terminal.log.print(summary_text(report));
}

RunEnd interrupted(const RunRequest& request, const Training& training, Terminal& terminal) {
  const Progress& progress = training.progress();
  request.folder.write_status("interrupted", progress.step, progress.total_steps);
  terminal.log.print("stopped  after step " + std::to_string(progress.step) + " of " + std::to_string(progress.total_steps) +
                     "; all is saved\n" + "next     go on   graft train --resume --out " + request.folder.path());
  return RunEnd::kInterrupted;
}

RunEnd carry_out(RunRequest& request, const PluginCatalog& catalog, Terminal& terminal) {
  RunTimes times;
  times.begin = now();
  const Value& config = request.config.root;
  const StopSignal signals;
  const Value* memory = config.at("run").find("memory_mb");
  const MemoryBudget budget(memory && memory->is_integer() ? static_cast<std::uint64_t>(memory->integer()) * 1000000
                                                           : default_memory_budget());
  check_baselines(config.at("heads"));
  Loader loader(catalog);
  Assembly assembly = assemble(config, loader, request.quick ? kQuickRows : 0);
  print_assembly(assembly, terminal.log);

  const Checkpoints checkpoints(request.folder.checkpoints());
  Training training(config, assembly.network, *assembly.pipeline, assembly.rows, loader, checkpoints,
                    teacher_for(assembly, loader));
  request.folder.require_space(training.checkpoints_bytes());
  check_or_write_lock(request, assembly, loader);
  const auto last = request.resume ? checkpoints.last() : std::nullopt;
  if (last) training.resume(*last);
  times.before = training.seconds();
  terminal.log.print((last ? "resumed  at step " : "training from step ") + std::to_string(training.progress().step) + " of " +
                     std::to_string(training.progress().total_steps));

  Events events(request.folder.path(), training.progress().step);
  RunObserver observer(request.folder, terminal.log, terminal.line, events, config.at("run").at("epochs").integer());
  Profile profile(observer, terminal.log, request.folder.file("profile.json"));
  Training::Observer& watcher = request.profile ? static_cast<Training::Observer&>(profile) : observer;
  const Training::End end = training.run(watcher, [] { return StopSignal::caught() != 0; });
  profile.finish();
  terminal.line.finish();
  events.flush();
  if (end == Training::End::kStopped) return interrupted(request, training, terminal);
  finish(request, assembly, training, loader, terminal, times);
  return RunEnd::kDone;
}

}  // namespace

RunEnd run(RunRequest request, const PluginCatalog& catalog) {
  if (request.quick) shorten(request.config.root);
  if (request.resume) hold_to_lock(request.config.root, request.folder);
  Terminal terminal(request.folder);
  if (!request.resume) request.folder.write_config(request.config.root, request.config.files);
  const CrashAdvice advice("  Then go on with the run:  graft train --resume --out " + request.folder.path());
  request.folder.write_status("running", 0, 0);
  request.folder.point_latest();
  try {
    return carry_out(request, catalog, terminal);
  } catch (const std::exception& error) {
    terminal.line.finish();
    terminal.log.log("run", std::string("failed: ") + error.what());
    request.folder.write_status("failed", 0, 0, error.what());
    throw;
  }
}

ResolvedConfig config_of_run(const RunFolder& folder, const Value* given) {
  ResolvedConfig config;
  config.root = load_resolved(folder.file("config.json"));
  config.name = std::filesystem::path(folder.path()).filename().string();
  if (!given) return config;
  for (const Value::Member& section : given->object()) {
    const Value* same = config.root.find(section.key);
    if (!same || !(*same == section.value))
      throw Error("run", "the config differs from that of the run in " + folder.path() + " in its section " + section.key +
                             "; resume it without a config, or choose another --out");
  }
  return config;
}

}  // namespace graft::core
