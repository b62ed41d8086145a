#include "core/run/series.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "core/report/number_text.hpp"
#include "core/train/roles.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

std::vector<SeriesRun> seed_runs(const std::vector<std::int64_t>& seeds) {
  if (seeds.empty()) return {{"", {}, ""}};
  if (std::set<std::int64_t>(seeds.begin(), seeds.end()).size() < seeds.size())
    throw Error("series", "--seeds must differ from each other");
  std::vector<SeriesRun> runs;
  for (const std::int64_t seed : seeds)
    runs.push_back({"seed-" + std::to_string(seed), {"run.seed=" + std::to_string(seed)}, ""});
  return runs;
}

std::vector<SeriesRun> held_out_runs(const Value& config) {
  const std::vector<std::string> streams = main_streams(config);
  if (streams.size() < 2)
    throw Error("series", "--leave-one-out needs at least two streams that train, and there is " +
                              (streams.empty() ? "none" : "one, " + streams.front()));
  std::vector<SeriesRun> runs;
  for (const std::string& held_out : streams) {
    std::string others;
    for (const std::string& stream : streams)
      if (stream != held_out) others += (others.empty() ? "" : ",") + stream;
    runs.push_back({"without-" + held_out, {"task.streams.main=" + others}, held_out});
  }
  return runs;
}

SeriesRun both(const SeriesRun& a, const SeriesRun& b) {
  SeriesRun run{a.name + (b.name.empty() ? "" : "-" + b.name), a.sets, a.held_out};
  run.sets.insert(run.sets.end(), b.sets.begin(), b.sets.end());
  return run;
}

// "movies/sentiment/accuracy" and its value, of the split that a run's last lines show.
Value::Object shown_metrics(const std::string& folder) {
  const Value report = read_json(folder + "/report.json");
  const Value& metrics = report.at("metrics");
  for (const char* split : {"test", "valid"})
    if (const Value* found = metrics.find(split); found && !found->object().empty()) return found->object();
  return {};
}

double number_of(const Value& value) { return value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.number(); }

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string line_of(const SeriesNumber& number, std::size_t width) {
  const auto [low, high] = std::minmax_element(number.values.begin(), number.values.end());
  return "  " + padded(number.metric, width) + padded(std::to_string(number.values.size()), 6) +
         padded(fixed(number.mean(), 4), 9) + padded(std::isnan(number.spread()) ? "-" : fixed(number.spread(), 4), 9) +
         padded(fixed(*low, 4), 9) + fixed(*high, 4) + "\n";
}

}  // namespace

double SeriesNumber::mean() const {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double SeriesNumber::spread() const {
  double squares = 0;
  for (const double value : values) squares += (value - mean()) * (value - mean());
  return std::sqrt(squares / static_cast<double>(values.size() - 1));  // NaN for one
}

std::vector<SeriesRun> plan_series(const Value& config, const std::vector<std::int64_t>& seeds, bool leave_one_out) {
  if (!leave_one_out) return seed_runs(seeds);
  std::vector<SeriesRun> runs;
  for (const SeriesRun& held_out : held_out_runs(config))
    for (const SeriesRun& seed : seed_runs(seeds)) runs.push_back(both(held_out, seed));
  return runs;
}

std::vector<SeriesNumber> series_numbers(const std::string& folder, const std::vector<SeriesRun>& runs) {
  std::vector<SeriesNumber> numbers;
  for (const SeriesRun& run : runs)
    for (const Value::Member& metric : shown_metrics(folder + "/" + run.name)) {
      if (!run.held_out.empty() && !metric.key.starts_with(run.held_out + "/")) continue;
      auto same = std::find_if(numbers.begin(), numbers.end(),
                               [&](const SeriesNumber& n) { return n.held_out == run.held_out && n.metric == metric.key; });
      if (same == numbers.end()) same = numbers.insert(numbers.end(), {run.held_out, metric.key, {}});
      same->values.push_back(number_of(metric.value));
    }
  return numbers;
}

std::string series_text(const std::string& folder, const std::vector<SeriesNumber>& numbers) {
  const bool holds_out = !numbers.empty() && !numbers.front().held_out.empty();
  std::size_t width = 24;
  for (const SeriesNumber& number : numbers) width = std::max(width, number.metric.size() + 2);
  std::string text = padded(holds_out ? "stream held out" : "all runs", width + 2) + "runs  mean     sd       lowest   highest\n";
  for (const SeriesNumber& number : numbers) text += line_of(number, width);
  if (holds_out) text += "chosen   by validation rows of the streams that trained, never of the one held out\n";
  return text + "saved    " + folder + "/series.json\n";
}

Value series_json(const std::vector<SeriesRun>& runs, const std::vector<SeriesNumber>& numbers) {
  Value::List run_list, number_list;
  for (const SeriesRun& run : runs) {
    Value entry = Value::Object{};
    entry.set("name", run.name);
    entry.set("sets", Value::List(run.sets.begin(), run.sets.end()));
    entry.set("held_out", run.held_out.empty() ? Value() : Value(run.held_out));
    run_list.push_back(std::move(entry));
  }
  for (const SeriesNumber& number : numbers) {
    Value entry = Value::Object{};
    entry.set("held_out", number.held_out.empty() ? Value() : Value(number.held_out));
    entry.set("metric", number.metric);
    entry.set("mean", number.mean());
    entry.set("sd", number.values.size() > 1 ? Value(number.spread()) : Value());
    entry.set("values", Value::List(number.values.begin(), number.values.end()));
    number_list.push_back(std::move(entry));
  }
  Value series = Value::Object{};
  series.set("graft", 1);
  series.set("runs", std::move(run_list));
  series.set("metrics", std::move(number_list));
  return series;
}

}  // namespace graft::core
