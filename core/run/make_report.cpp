#include "core/run/make_report.hpp"

#include <sys/resource.h>
#include <torch/version.h>

#include <ctime>
#include <filesystem>
#include <map>

#include "core/run/augment_results.hpp"
#include "core/run/results.hpp"

namespace graft::core {
namespace {

double peak_rss_mb() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) * 1024 / 1e6;
}

std::string time_text(double seconds_ago) {
  const std::time_t then = std::time(nullptr) - static_cast<std::time_t>(seconds_ago);
  std::tm local{};
  localtime_r(&then, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

void add_curves(RunReport& report, const History& history) {
  Curve loss{"train", {}}, rate{"learning rate", {}};
  for (const StepPoint& point : history.steps()) {
    loss.points.emplace_back(point.step, point.loss);
    rate.points.emplace_back(point.step, point.rate);
  }
  report.losses.push_back(std::move(loss));
  report.learning_rates.push_back(std::move(rate));
  std::map<std::string, std::size_t> known;
  std::vector<Curve> curves;
  for (const EvaluationPoint& point : history.evaluations())
    for (const auto& [name, value] : point.values) {
      const auto [at, added] = known.try_emplace(name, curves.size());
      if (added) curves.push_back({"valid/" + name, {}});
      curves[at->second].points.emplace_back(point.step, value);
    }
  for (Curve& curve : curves) (curve.name.ends_with("/loss") ? report.losses : report.metrics).push_back(std::move(curve));
}

void add_plugins(RunReport& report, const Loader& loader) {
  for (const OpenedPlugin& plugin : loader.plugins())
    report.plugins.push_back({plugin.id, plugin.version, plugin.sha256, plugin.components});
}

void add_data(RunReport& report, const Assembly& assembly) {
  std::map<std::string, std::int64_t> splits;
  std::int64_t all = 0;
  for (const StreamRows& stream : assembly.rows)
    for (const auto& [split, rows] : stream.clean) splits[split] += rows.size(), all += rows.size();
  report.data.push_back({all, "read"});
  for (const char* split : {"train", "valid", "test"})
    if (splits.contains(split)) report.splits.push_back({splits[split], split});
}

void add_balance(RunReport& report, const Balance* balance) {
  if (!balance) return;
  TaskBalance& to = report.balance;
  to.balancer = balance->name();
  to.at = balance->at();
  to.tasks = balance->tasks();
  for (const BalanceEpoch& epoch : balance->epochs()) {
    to.weights.push_back(epoch.weights);
    to.cosines.push_back(epoch.cosines);
    to.conflicts.push_back(balance->by_losses() ? kNoNumber : epoch.conflicts);
  }
}

}  // namespace

std::vector<HeadResult> head_results(const Evaluation& evaluation, const Assembly& assembly, const std::string& split,
                                     std::int64_t step, Loader& loader) {
  std::vector<HeadResult> results;
  for (const HeadEvaluation& each : evaluation.heads)
    for (const NamedHead& head : assembly.network.heads)
      for (const StreamRows& stream : assembly.rows)
        if (head.name == each.head && stream.name == each.stream)
          results.push_back(head_result(each, head, split, stream, step, 1, loader));
  return results;
}

void add_soup(RunReport& report, const Mix& mix) {
  for (const Mix::Tried& tried : mix.tried) report.soup.tried.push_back({tried.step, tried.value, tried.joined});
  report.soup.steps = mix.steps;
  report.soup.value = mix.tried.empty() ? kNoNumber : mix.value;
}

RunReport make_report(const RunRequest& request, const Assembly& assembly, const Training& training,
                      std::vector<HeadResult> results, Loader& loader, std::vector<WarningCount> warnings,
                      const RunTimes& times) {
  const Value& config = request.config.root;
  RunReport report;
  report.folder = request.folder.path();
  report.name = std::filesystem::path(report.folder).filename().string();
  report.started = time_text(times.all);
  report.seed = config.at("run").at("seed").integer();
  report.seconds = times.all;
  TrainNumbers& train = report.train;
  train.epochs = training.progress().epoch;
  train.steps = training.progress().step;
  train.rows = training.rows();
  train.tokens = training.tokens();
  train.seconds = training.seconds();
  if (train.tokens > 0) train.tokens_per_second = static_cast<double>(train.tokens) / training.step_seconds();
  train.stall_percent = 100 * training.stall_seconds() / training.step_seconds();
  train.peak_rss_mb = peak_rss_mb();
  train.padding_factor =
      train.tokens > 0 ? static_cast<double>(training.padded_tokens()) / static_cast<double>(train.tokens) : kNoNumber;
  train.device = assembly.network.compute.device_name();
  train.precision = assembly.network.compute.precision_name();
  const Selection& selection = training.selection();
  if (selection.has_best())
    report.best = {selection.step(), selection.key(), selection.value(), selection.last(), selection.higher_is_better()};
  add_curves(report, training.history());
  for (const StoppedHead& each : training.stopped_heads())
    report.stopped.push_back({each.head, each.measure, each.step, each.best_step, each.value, each.best});
  add_balance(report, training.balance());
  report.augment = augment_results(training.augment_counts(), assembly);
  report.results = std::move(results);
  add_data(report, assembly);
  report.warnings = std::move(warnings);
  add_plugins(report, loader);
  report.versions = {{"graft", GRAFT_VERSION}, {"libtorch", TORCH_VERSION}};
  report.config = to_json(config, 2);
  report.timings = assembly.seconds;
  report.timings.emplace_back("train", training.seconds());
  report.timings.emplace_back("evaluate", times.evaluate);
  report.predict_example = "rows.csv";
  return report;
}

}  // namespace graft::core
