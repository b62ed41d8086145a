#include "core/report/report_html.hpp"

#include <algorithm>
#include <cmath>

#include "core/report/augment_html.hpp"
#include "core/report/chart.hpp"
#include "core/report/html.hpp"
#include "core/report/number_text.hpp"
#include "core/report/page_style.hpp"
#include "core/report/tasks_html.hpp"

namespace graft::core {
namespace {

using html::element;
using html::escape;
using Cell = html::Cell;

constexpr std::size_t kTextShown = 400, kConfusedPairs = 12;
constexpr const char* kDash = " \xE2\x80\x93 ";

std::string section(const char* id, const char* title, const std::string& inner) {
  return inner.empty() ? "" : element("section", element("h2", title) + "\n" + inner, std::string("id=\"") + id + "\"") + "\n";
}

std::string paragraph(const std::string& text, const char* css = "") {
  return element("p", text, *css ? std::string("class=\"") + css + "\"" : "");
}

std::string interval_html(const MetricResult& metric) {
  return std::isnan(metric.low) ? "-" : metric_text(metric.low) + kDash + metric_text(metric.high);
}

std::string key_of(double value) { return std::isnan(value) ? "" : fixed(value, 9); }

// The result that the page opens with: the first head's first metric on test, else on whatever there is.
const HeadResult* headline_result(const RunReport& report) {
  for (const HeadResult& result : report.results)
    if (result.split == "test" && !result.metrics.empty()) return &result;
  for (const HeadResult& result : report.results)
    if (!result.metrics.empty()) return &result;
  return nullptr;
}

const std::pair<std::string, double>* best_baseline(const MetricResult& metric) {
  const std::pair<std::string, double>* best = nullptr;
  for (const auto& baseline : metric.baselines) {
    if (std::isnan(baseline.second)) continue;
    if (!best || (metric.higher_is_better ? baseline.second > best->second : baseline.second < best->second)) best = &baseline;
  }
  return best;
}

std::string verdict(const MetricResult& metric) {
  const auto* baseline = best_baseline(metric);
  if (!baseline || std::isnan(metric.low)) return "";
  const std::string other = escape(baseline->first) + " (" + metric_text(baseline->second) + ")";
  const bool better = metric.higher_is_better ? metric.low > baseline->second : metric.high < baseline->second;
  const bool worse = metric.higher_is_better ? metric.high < baseline->second : metric.low > baseline->second;
  if (better)
    return paragraph(element("b", "Better than the best baseline") + ", " + other + ": the whole interval lies beyond it.",
                     "verdict");
  if (worse) return paragraph(element("b", "Worse than a cheap baseline") + ", " + other + ".", "verdict unsure");
  return paragraph(element("b", "No clear difference") + " from the best baseline, " + other + ": it lies inside the interval.",
                   "verdict unsure");
}

std::string tile(const std::string& value, const std::string& label) {
  return element("div", element("b", value) + element("span", label));
}

std::string tiles(const RunReport& report) {
  const TrainNumbers& train = report.train;
  std::string text = tile(duration_text(report.seconds), count_of(train.epochs, "epoch") + ", " + count_of(train.steps, "step"));
  if (report.best.step >= 0)
    text += tile("step " + thousands(report.best.step), "best " +
                                                            escape(report.best.metric.substr(report.best.metric.rfind('/') + 1)) +
                                                            " " + metric_text(report.best.value) + " on valid");
  if (report.soup.steps.size() > 1)
    text += tile("mean of " + count_of(static_cast<std::int64_t>(report.soup.steps.size()), "step"),
                 "soup " + metric_text(report.soup.value) + " on valid");
  if (!std::isnan(train.tokens_per_second))
    text += tile(thousands(std::llround(train.tokens_per_second)), "real tokens a second");
  if (!std::isnan(train.peak_rss_mb)) text += tile(memory_text(train.peak_rss_mb), "peak memory");
  text += tile(escape(train.device + ", " + train.precision), "seed " + std::to_string(report.seed));
  return element("div", text, "class=\"tiles\"");
}

std::string headline(const RunReport& report) {
  std::string text =
      paragraph("graft run " + escape(report.name) + (report.started.empty() ? "" : ", " + escape(report.started)), "eyebrow");
  if (report.status != "done")
    text = element("div", "This run is <b>" + escape(report.status) + "</b>: the numbers below are not its last.",
                   "class=\"banner\"") +
           text;
  const HeadResult* result = headline_result(report);
  if (!result) return text + element("h1", "Nothing was evaluated") + tiles(report);
  const MetricResult& metric = result->metrics.front();
  text += element("h1", escape(metric.name) + " " + metric_text(metric.value));
  text +=
      paragraph(escape(result->stream + "/" + result->head) + " on " + count_of(result->rows, escape(result->split) + " row") +
                    (std::isnan(metric.low) ? "" : "; 95 % interval " + interval_html(metric)),
                "eyebrow");
  return element("div", text + verdict(metric) + chart::whiskers(metric), "class=\"hero\"") + tiles(report);
}

std::string navigation(bool augments, bool has_tasks) {
  return element("nav",
                 "<a href=\"#config\">config</a><a href=\"#data\">data</a>" +
                     std::string(augments ? "<a href=\"#augmentation\">augmentation</a>" : "") +
                     "<a href=\"#training\">training</a>" + std::string(has_tasks ? "<a href=\"#tasks\">tasks</a>" : "") +
                     "<a href=\"#evaluation\">evaluation</a><a href=\"#run\">run</a>",
                 "aria-label=\"sections\"") +
         "\n";
}

std::string pairs_table(const std::vector<std::pair<std::string, std::string>>& pairs) {
  html::Table table{{"", ""}, {}, false, "pair"};
  for (const auto& [name, value] : pairs) table.rows.push_back({{escape(name)}, {escape(value)}});
  std::string text = html::table(table);
  return text.erase(text.find("<thead>"), text.find("<tbody>") - text.find("<thead>"));
}

std::string plugins_table(const std::vector<PluginUse>& plugins) {
  html::Table table{{"plugin", "version", "components", "sha256"}, {}, false, "cards"};
  for (const PluginUse& plugin : plugins) {
    std::string components;
    for (const std::string& component : plugin.components) components += (components.empty() ? "" : ", ") + component;
    table.rows.push_back({{escape(plugin.id)},
                          {escape(plugin.version)},
                          {escape(components)},
                          {element("code", escape(plugin.sha256.substr(0, 16)), "title=\"" + escape(plugin.sha256) + "\"")}});
  }
  return html::table(table);
}

std::string config_section(const RunReport& report) {
  std::string text;
  if (!report.config.empty())
    text += element("details",
                    element("summary", "The config, with every default filled in") + element("pre", escape(report.config)));
  if (!report.plugins.empty())
    text += element("details",
                    element("summary", count_of(static_cast<std::int64_t>(report.plugins.size()), "plugin file")) +
                        plugins_table(report.plugins),
                    "open");
  if (!report.versions.empty()) text += element("h3", "Versions") + pairs_table(report.versions);
  return section("config", "Config", text);
}

std::string split_bar(const std::vector<Count>& splits) {
  std::int64_t all = 0;
  for (const Count& split : splits) all += split.number;
  if (all == 0) return "";
  std::string bar, keys;
  for (std::size_t i = 0; i < splits.size(); ++i) {
    const std::string colour = "c" + std::to_string(i % 6);
    bar += "<i class=\"" + colour +
           "\" style=\"width:" + fixed(100.0 * static_cast<double>(splits[i].number) / static_cast<double>(all), 2) + "%\"></i>";
    keys += element("span", escape(splits[i].what) + " " + thousands(splits[i].number), "class=\"key " + colour + "\"");
  }
  return element("div", bar, "class=\"split\"") + element("div", keys, "class=\"keys\"");
}

std::string data_section(const RunReport& report) {
  std::string text = split_bar(report.splits);
  std::vector<std::pair<std::string, std::string>> counts;
  for (const Count& count : report.data) counts.emplace_back(count.what, thousands(count.number));
  return section("data", "Data", text + (counts.empty() ? "" : pairs_table(counts)));
}

chart::Line chart_line(const Curve& curve, int colour, std::size_t window) {
  return {curve.name, chart::smoothed(curve, window), colour, false, curve.points.size() <= 40};
}

std::string loss_chart(const RunReport& report) {
  chart::Plot plot{"Loss", "step", {}};
  if (report.best.step >= 0) plot.marker = static_cast<double>(report.best.step), plot.marker_label = "best";
  for (std::size_t i = 0; i < report.losses.size(); ++i) {
    const Curve& curve = report.losses[i];
    const std::size_t window = curve.points.size() / 25;
    if (window >= 3) plot.lines.push_back({curve.name, chart::smoothed(curve, 1), static_cast<int>(i), true, false});
    plot.lines.push_back(chart_line(curve, static_cast<int>(i), window));
  }
  return chart::lines(plot);
}

// What all names have in common, up to a slash: "valid/movies/sentiment/".
std::size_t shared_prefix(const std::vector<Curve>& curves) {
  std::size_t length = curves.empty() ? 0 : curves[0].name.rfind('/') + 1;
  for (const Curve& curve : curves)
    while (length > 0 && curve.name.compare(0, length, curves[0].name, 0, length) != 0)
      length = length < 2 ? 0 : curves[0].name.rfind('/', length - 2) + 1;
  return length;
}

std::string curves_chart(const std::string& title, const std::vector<Curve>& curves, const BestStep& best) {
  const std::size_t shared = shared_prefix(curves);
  chart::Plot plot{title + (shared > 0 ? ": " + curves[0].name.substr(0, shared - 1) : ""), "step", {}};
  if (best.step >= 0) plot.marker = static_cast<double>(best.step), plot.marker_label = "best";
  for (std::size_t i = 0; i < curves.size(); ++i)
    plot.lines.push_back(chart_line({curves[i].name.substr(shared), curves[i].points}, static_cast<int>(i), 1));
  return chart::lines(plot);
}

std::string training_section(const RunReport& report) {
  const std::string charts = loss_chart(report) + curves_chart("Metrics", report.metrics, report.best) +
                             curves_chart("Learning rate", report.learning_rates, {});
  return section("training", "Training", charts.empty() ? "" : element("div", charts, "class=\"grid\""));
}

std::string metrics_table(const RunReport& report) {
  std::vector<std::string> baselines;
  for (const HeadResult& result : report.results)
    for (const MetricResult& metric : result.metrics)
      for (const auto& [name, value] : metric.baselines)
        if (std::find(baselines.begin(), baselines.end(), name) == baselines.end()) baselines.push_back(name);
  html::Table table{{"split", "metric", "value", "95 % interval"}, {}, true, "metrics cards"};
  table.header.insert(table.header.end(), baselines.begin(), baselines.end());
  table.header.insert(table.header.end(), {"rows", "step"});
  for (const HeadResult& result : report.results)
    for (const MetricResult& metric : result.metrics) {
      std::vector<Cell> row{{escape(result.split)},
                            {escape(result.stream + "/" + result.head + "/" + metric.name)},
                            {element("b", metric_text(metric.value)), true, key_of(metric.value)},
                            {interval_html(metric), true, key_of(metric.low)}};
      for (const std::string& name : baselines) {
        const auto at =
            std::find_if(metric.baselines.begin(), metric.baselines.end(), [&](const auto& one) { return one.first == name; });
        const double value = at == metric.baselines.end() ? kNoNumber : at->second;
        row.push_back({metric_text(value), true, key_of(value)});
      }
      row.push_back({thousands(result.rows), true, std::to_string(result.rows)});
      row.push_back({thousands(result.step), true, std::to_string(result.step)});
      table.rows.push_back(std::move(row));
    }
  return table.rows.empty() ? "" : html::table(table);
}

std::string wrong_table(const HeadResult& result) {
  if (result.most_wrong.empty()) return "";
  const bool classify = result.kind != HeadResult::Kind::kRegress;
  html::Table table{{"row", "text", "truth", "predicted", classify ? "confidence" : "error", "loss"}, {}, true, "cards"};
  for (const WrongRow& wrong : result.most_wrong) {
    const double measure = classify ? wrong.confidence : wrong.error;
    table.rows.push_back({{thousands(wrong.row), true, std::to_string(wrong.row)},
                          {escape(html::shortened(wrong.text, kTextShown))},
                          {escape(wrong.truth)},
                          {escape(wrong.predicted)},
                          {metric_text(measure), true, key_of(measure)},
                          {metric_text(wrong.loss), true, key_of(wrong.loss)}});
  }
  return element("h3", "The " + count_of(static_cast<std::int64_t>(result.most_wrong.size()), "row") + " most wrong") +
         html::table(table);
}

// Where there are too many classes for numbers in the matrix: the pairs that were taken for each other most often.
std::string confused_pairs(const HeadResult& result) {
  if (result.classes.size() <= 12) return "";
  struct Pair {
    std::size_t truth, predicted;
    std::int64_t rows;
  };
  std::vector<Pair> pairs;
  for (std::size_t t = 0; t < result.confusion.size(); ++t)
    for (std::size_t p = 0; p < result.confusion[t].size(); ++p)
      if (t != p && result.confusion[t][p] > 0) pairs.push_back({t, p, result.confusion[t][p]});
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.rows > b.rows; });
  html::Table table{{"truth", "taken for", "rows"}, {}, true, ""};
  for (std::size_t i = 0; i < std::min(pairs.size(), kConfusedPairs); ++i)
    table.rows.push_back({{escape(result.classes[pairs[i].truth])},
                          {escape(result.classes[pairs[i].predicted])},
                          {thousands(pairs[i].rows), true, std::to_string(pairs[i].rows)}});
  return pairs.empty() ? "" : element("div", element("h3", "Most confused") + html::table(table));
}

std::string head_section(const HeadResult& result) {
  const std::string charts = result.kind == HeadResult::Kind::kClassify
                                 ? chart::confusion(result) + chart::reliability(result) + confused_pairs(result)
                             : result.kind == HeadResult::Kind::kRegress ? chart::scatter(result)
                                                                         : "";
  const std::string wrong = wrong_table(result);
  if (charts.empty() && wrong.empty()) return "";
  return element("h3", escape(result.stream + "/" + result.head) + " on " + escape(result.split)) +
         (charts.empty() ? "" : element("div", charts, "class=\"grid\"")) + wrong;
}

std::string evaluation_section(const RunReport& report) {
  std::string text = metrics_table(report);
  for (const HeadResult& result : report.results) text += head_section(result);
  return section("evaluation", "Evaluation", text);
}

std::string timings_table(const std::vector<std::pair<std::string, double>>& timings) {
  double most = 0;
  for (const auto& [stage, seconds] : timings) most = std::max(most, seconds);
  html::Table table{{"stage", "time", ""}, {}, false, "time"};
  for (const auto& [stage, seconds] : timings)
    table.rows.push_back(
        {{escape(stage)},
         {duration_text(seconds), true},
         {"<span class=\"bar\" style=\"width:" + fixed(most > 0 ? 100 * seconds / most : 0, 1) + "%\"></span>"}});
  return timings.empty() ? "" : element("h3", "Where the time went") + html::table(table);
}

std::string warnings_table(const std::vector<WarningCount>& warnings) {
  if (warnings.empty()) return element("h3", "Warnings") + paragraph("None.");
  html::Table table{{"times", "warning", "log.txt"}, {}, false, ""};
  for (const WarningCount& warning : warnings)
    table.rows.push_back({{thousands(warning.count), true},
                          {escape(warning.text)},
                          {warning.log_line > 0 ? "line " + thousands(warning.log_line) : "-", true}});
  return element("h3", "Warnings") + html::table(table);
}

std::string run_section(const RunReport& report) {
  return section("run", "Run",
                 timings_table(report.timings) + warnings_table(report.warnings) + element("h3", "Go on") +
                     element("pre", escape("graft predict " + report.folder + " " +
                                           (report.predict_example.empty() ? "rows.csv" : report.predict_example))));
}

}  // namespace

std::string report_html(const RunReport& report) {
  const std::string head =
      "<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><title>" +
      escape(report.name) + "</title>" + element("style", kPageStyle);
  const std::string tasks = tasks_html(report.balance) + stopped_html(report.stopped) + baselines_html(report.baselines);
  const std::string body = element("header", headline(report) + navigation(!report.augment.empty(), !tasks.empty())) + "\n" +
                           config_section(report) + data_section(report) +
                           section("augmentation", "Augmentation", augment_html(report)) + training_section(report) +
                           section("tasks", "Tasks", tasks) + evaluation_section(report) + run_section(report);
  return "<!doctype html>\n<html lang=\"en\"><head>" + head + "</head>\n<body><main>\n" + body + "</main>" +
         element("script", kPageScript) + "</body></html>\n";
}

}  // namespace graft::core
