#include "core/report/summary.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/number_text.hpp"

namespace graft::core {
namespace {

constexpr std::size_t kWarningsShown = 5;

std::string line(std::string label, const std::string& text) {
  label.resize(std::max<std::size_t>(label.size() + 1, 9), ' ');
  return label + text + "\n";
}

std::string shown_split(const RunReport& report) {
  const bool test =
      std::any_of(report.results.begin(), report.results.end(), [](const auto& result) { return result.split == "test"; });
  return test ? "test" : "valid";
}

std::vector<std::string> baseline_names(const std::vector<const HeadResult*>& results) {
  std::vector<std::string> names;
  for (const HeadResult* result : results)
    for (const MetricResult& metric : result->metrics)
      for (const auto& [name, value] : metric.baselines)
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
}

std::string baseline_text(const MetricResult& metric, const std::string& name) {
  for (const auto& [other, value] : metric.baselines)
    if (other == name) return metric_text(value);
  return "-";
}

// Cells padded to their column's widest, at least `widths`, with a gap after each.
std::string table(const std::vector<std::vector<std::string>>& rows, std::vector<std::size_t> widths) {
  const std::size_t gaps[] = {2, 3, 4};
  for (const auto& row : rows)
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    std::string row_text;
    for (std::size_t c = 0; c < row.size(); ++c)
      row_text += row[c] + std::string(widths[c] - row[c].size() + gaps[std::min<std::size_t>(c, 2)], ' ');
    text += row_text.substr(0, row_text.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string stream_table(const std::vector<const HeadResult*>& results) {
  const std::vector<std::string> names = baseline_names(results);
  std::vector<std::vector<std::string>> rows{{"", "value", "95 % interval"}};
  rows[0].insert(rows[0].end(), names.begin(), names.end());
  for (const HeadResult* result : results)
    for (const MetricResult& metric : result->metrics) {
      rows.push_back(
          {"  " + result->head + "/" + metric.name, metric_text(metric.value), interval_text(metric.low, metric.high)});
      for (const std::string& name : names) rows.back().push_back(baseline_text(metric, name));
    }
  std::vector<std::size_t> widths(rows[0].size(), 0);
  widths[0] = 28;
  return table(rows, widths);
}

// "steps 40, 60 and 80"
std::string steps_text(const std::vector<std::int64_t>& steps) {
  std::string text = steps.size() == 1 ? "step " : "steps ";
  for (std::size_t i = 0; i < steps.size(); ++i)
    text += (i == 0 ? "" : i + 1 == steps.size() ? " and " : ", ") + std::to_string(steps[i]);
  return text;
}

std::string weights_text(const RunReport& report, std::int64_t step) {
  return report.soup.steps.size() > 1 ? "the soup of " + steps_text(report.soup.steps) : "step " + std::to_string(step);
}

std::string results(const RunReport& report) {
  const std::string split = shown_split(report);
  std::vector<std::string> done;
  std::string text;
  for (const HeadResult& result : report.results) {
    if (result.split != split || std::find(done.begin(), done.end(), result.stream) != done.end()) continue;
    done.push_back(result.stream);
    std::vector<const HeadResult*> of_stream;
    for (const HeadResult& other : report.results)
      if (other.split == split && other.stream == result.stream) of_stream.push_back(&other);
    text += line(split, result.stream + ", " + count_of(result.rows, "row") + ", from " + weights_text(report, result.step));
    text += stream_table(of_stream);
  }
  return text;
}

std::string speed(const TrainNumbers& train) {
  std::string text;
  auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (!std::isnan(train.tokens_per_second))
    add(thousands(std::llround(train.tokens_per_second)) + " real tokens/s");
  else if (train.seconds > 0)
    add(thousands(std::llround(static_cast<double>(train.rows) / train.seconds)) + " rows/s");
  if (!std::isnan(train.padding_factor)) text += " (padded batches would hold " + fixed(train.padding_factor, 2) + "x as many)";
  if (!std::isnan(train.stall_percent)) add("loader stall " + fixed(train.stall_percent, 0) + " %");
  if (!std::isnan(train.peak_rss_mb)) add("peak memory " + memory_text(train.peak_rss_mb));
  return text.empty() ? "" : line("speed", text);
}

std::string data(const std::vector<Count>& counts) {
  std::string text;
  for (const Count& count : counts) text += (text.empty() ? "" : "; ") + thousands(count.number) + " " + count.what;
  return text.empty() ? "" : line("data", text);
}

std::string warning_text(const WarningCount& warning) {
  std::string place = warning.count > 1 ? thousands(warning.count) + " times" : "";
  if (warning.log_line > 0)
    place += (place.empty() ? "" : ", first ") + std::string("log.txt:") + std::to_string(warning.log_line);
  return warning.text + (place.empty() ? "" : " (" + place + ")");
}

std::string warnings(const std::vector<WarningCount>& all) {
  if (all.empty()) return line("warnings", "0");
  const std::string lead = thousands(static_cast<std::int64_t>(all.size())) + ": ";
  std::string text = line("warnings", lead + warning_text(all[0]));
  for (std::size_t i = 1; i < std::min(all.size(), kWarningsShown); ++i)
    text += std::string(9 + lead.size(), ' ') + warning_text(all[i]) + "\n";
  if (all.size() > kWarningsShown)
    text += std::string(9 + lead.size(), ' ') + "and " + thousands(static_cast<std::int64_t>(all.size() - kWarningsShown)) +
            " more in log.txt\n";
  return text;
}

std::string best(const BestStep& best) {
  if (best.step < 0) return "";
  return line("best", "step " + std::to_string(best.step) + ": " + (best.higher_is_better ? "highest " : "lowest ") +
                          best.metric + " " + metric_text(best.value) +
                          (std::isnan(best.last) ? "" : " (last " + metric_text(best.last) + ")"));
}

// "steps 40 and 60 of the 5 best: accuracy 0.958 (step 40 alone 0.957)"
std::string soup_line(const SoupMix& mix) {
  if (mix.steps.empty()) return "";
  const bool is_one = mix.steps.size() == 1;
  return line("soup", steps_text(mix.steps) + " of the " + std::to_string(mix.tried.size()) + " best: " + metric_text(mix.value) +
                          (is_one ? "; no other made it better"
                                  : " (step " + std::to_string(mix.steps.front()) + " alone " +
                                        metric_text(mix.tried.front().value) + ")"));
}

// "cagrad at features: weights sentiment 0.93, rating 1.07; cosine 0.12; some task got worse in 4 % of the steps"
std::string tasks(const TaskBalance& balance) {
  if (balance.weights.empty()) return "";
  std::string text = balance.balancer + (balance.at.empty() ? "" : " at " + balance.at) + ": weights";
  for (std::size_t k = 0; k < balance.tasks.size(); ++k)
    text += (k ? ", " : " ") + balance.tasks[k] + " " + metric_text(balance.weights.back()[k]);
  if (balance.tasks.size() == 2 && !std::isnan(balance.cosines.back()[1]))
    text += "; cosine " + metric_text(balance.cosines.back()[1]);
  if (!std::isnan(balance.conflicts.back()))
    text += "; some task got worse in " + fixed(100 * balance.conflicts.back(), 0) + " % of the steps";
  return line("tasks", text + " (last epoch)");
}

std::string stopped_heads(const std::vector<HeadStop>& all) {
  std::string text;
  for (const HeadStop& each : all)
    text += line(
        text.empty() ? "stopped" : "",
        each.head + " at step " + std::to_string(each.step) + ", " + each.measure + " " + metric_text(each.value) + " on valid" +
            (each.best_step < 0 ? "" : "; best " + metric_text(each.best) + " at step " + std::to_string(each.best_step)));
  return text;
}

std::string baselines(const std::vector<BaselineResult>& all) {
  std::string text;
  for (const BaselineResult& each : all)
    text += line(text.empty() ? "against" : "", each.head + " on " + each.stream + ": " + each.measure + " " +
                                                    metric_text(each.ours) + ", " + each.run + " " + metric_text(each.baseline) +
                                                    " (difference " + fixed(each.low, 3) + " to " + fixed(each.high, 3) + ", p " +
                                                    fixed(each.p, 4) + ")" + (each.is_worse ? ": WORSE" : ""));
  return text;
}

}  // namespace

std::string summary_text(const RunReport& report) {
  const TrainNumbers& train = report.train;
  std::string text = line(report.status, count_of(train.epochs, "epoch") + ", " + count_of(train.steps, "step") + ", " +
                                             duration_text(report.seconds));
  text += best(report.best) + soup_line(report.soup) + stopped_heads(report.stopped) + results(report) +
          baselines(report.baselines) + tasks(report.balance) + speed(train) + data(report.data) + warnings(report.warnings);
  text += line("setup", train.device + ", " + train.precision + ", seed " + std::to_string(report.seed));
  text += line("saved", report.folder);
  text += line("next", "report   " + report.folder + "/report.html");
  text += line("", "predict  graft predict " + report.folder + " " +
                       (report.predict_example.empty() ? "rows.csv" : report.predict_example));
  return text;
}

}  // namespace graft::core
