#include "core/report/report_json.hpp"

#include <cmath>

#include "core/report/augment_html.hpp"

namespace graft::core {
namespace {

Value number(double value) { return std::isnan(value) ? Value() : Value(value); }

Value object(std::initializer_list<std::pair<const char*, Value>> members) {
  Value value{Value::Object{}};
  for (const auto& [key, member] : members) value.set(key, member);
  return value;
}

template <class Items, class Make>
Value list(const Items& items, Make make) {
  Value::List values;
  for (const auto& item : items) values.push_back(make(item));
  return Value(std::move(values));
}

template <class Text>
Value texts(const std::vector<Text>& items) {
  return list(items, [](const Text& item) { return Value(item); });
}

Value& child(Value& parent, const std::string& key) {
  if (Value* value = parent.find(key)) return *value;
  return parent.set(key, Value(Value::Object{}));
}

Value metrics(const RunReport& report) {
  Value splits{Value::Object{}};
  for (const HeadResult& result : report.results)
    for (const MetricResult& metric : result.metrics)
      child(splits, result.split).set(result.stream + "/" + result.head + "/" + metric.name, number(metric.value));
  return splits;
}

Value details_of(const HeadResult& result) {
  Value intervals{Value::Object{}}, baselines{Value::Object{}};
  for (const MetricResult& metric : result.metrics) {
    if (!std::isnan(metric.low)) intervals.set(metric.name, Value(Value::List{Value(metric.low), Value(metric.high)}));
    for (const auto& [name, value] : metric.baselines) child(baselines, name).set(metric.name, number(value));
  }
  Value details = object({{"rows", result.rows}, {"step", result.step}, {"intervals", intervals}, {"baselines", baselines}});
  if (result.kind != HeadResult::Kind::kClassify) return details;
  details.set("classes", texts(result.classes));
  details.set("confusion", list(result.confusion, [](const auto& row) { return texts(row); }));
  Value::List recalls;
  for (std::size_t c = 0; c < result.confusion.size(); ++c) recalls.push_back(number(recall_of(result, c)));
  details.set("recall", std::move(recalls));
  return details;
}

Value details(const RunReport& report) {
  Value splits{Value::Object{}};
  for (const HeadResult& result : report.results)
    child(splits, result.split).set(result.stream + "/" + result.head, details_of(result));
  return splits;
}

Value counts(const std::vector<Count>& items) {
  Value value{Value::Object{}};
  for (const Count& item : items) value.set(item.what, item.number);
  return value;
}

Value train(const TrainNumbers& train) {
  return object({{"epochs", train.epochs},
                 {"steps", train.steps},
                 {"rows", train.rows},
                 {"tokens", train.tokens},
                 {"seconds", train.seconds},
                 {"tokens_per_second", number(train.tokens_per_second)},
                 {"padding_factor", number(train.padding_factor)},
                 {"stall_percent", number(train.stall_percent)},
                 {"peak_rss_mb", number(train.peak_rss_mb)},
                 {"device", train.device},
                 {"precision", train.precision}});
}

Value numbers(const std::vector<double>& values) {
  return list(values, [](double value) { return number(value); });
}

Value balance(const TaskBalance& balance) {
  if (balance.tasks.empty()) return {};
  return object({{"balancer", balance.balancer},
                 {"at", balance.at.empty() ? Value() : Value(balance.at)},
                 {"tasks", texts(balance.tasks)},
                 {"weights", list(balance.weights, numbers)},
                 {"cosines", list(balance.cosines, numbers)},
                 {"conflicts", numbers(balance.conflicts)}});
}

Value augment(const AugmentResult& result) {
  return object({{"stream", result.stream},
                 {"step", result.step},
                 {"use", result.use},
                 {"label", result.label.empty() ? Value() : Value(result.label)},
                 {"heads", texts(result.heads)},
                 {"classes", texts(result.classes)},
                 {"offered", list(result.by_class, [](const RowsChanged& rows) { return Value(rows.offered); })},
                 {"changed", list(result.by_class, [](const RowsChanged& rows) { return Value(rows.changed); })},
                 {"no_label", object({{"offered", result.no_label.offered}, {"changed", result.no_label.changed}})}});
}

Value baseline(const BaselineResult& result) {
  return object({{"head", result.head},
                 {"stream", result.stream},
                 {"run", result.run},
                 {"measure", result.measure},
                 {"rows", result.rows},
                 {"baseline", number(result.baseline)},
                 {"ours", number(result.ours)},
                 {"low", number(result.low)},
                 {"high", number(result.high)},
                 {"p", number(result.p)},
                 {"is_worse", result.is_worse}});
}

Value head_stop(const HeadStop& stop) {
  return object({{"head", stop.head},
                 {"measure", stop.measure},
                 {"step", stop.step},
                 {"value", number(stop.value)},
                 {"best_step", stop.best_step < 0 ? Value() : Value(stop.best_step)},
                 {"best", number(stop.best)}});
}

Value best_step(const BestStep& best) {
  if (best.step < 0) return {};
  return object({{"step", best.step}, {"metric", best.metric}, {"value", number(best.value)}, {"last", number(best.last)}});
}

Value soup(const SoupMix& mix) {
  if (mix.steps.empty()) return {};
  Value::List steps;
  for (const std::int64_t step : mix.steps) steps.emplace_back(step);
  return object({{"steps", std::move(steps)},
                 {"value", number(mix.value)},
                 {"tried", list(mix.tried, [](const SoupMix::Tried& tried) {
                    return object({{"step", tried.step}, {"value", number(tried.value)}, {"joined", tried.joined}});
                  })}});
}

}  // namespace

Value report_json(const RunReport& report) {
  Value versions{Value::Object{}}, timings{Value::Object{}};
  for (const auto& [name, version] : report.versions) versions.set(name, version);
  for (const auto& [stage, seconds] : report.timings) timings.set(stage, seconds);
  return object({
      {"graft", 1},
      {"run", object({{"name", report.name},
                      {"folder", report.folder},
                      {"status", report.status},
                      {"started", report.started},
                      {"seed", report.seed},
                      {"seconds", report.seconds}})},
      {"train", train(report.train)},
      {"best", best_step(report.best)},
      {"soup", soup(report.soup)},
      {"balance", balance(report.balance)},
      {"stopped", list(report.stopped, head_stop)},
      {"baselines", list(report.baselines, baseline)},
      {"augment", list(report.augment, augment)},
      {"metrics", metrics(report)},
      {"details", details(report)},
      {"data", counts(report.data)},
      {"splits", counts(report.splits)},
      {"warnings", list(report.warnings,
                        [](const WarningCount& warning) {
                          return object({{"text", warning.text}, {"count", warning.count}, {"log_line", warning.log_line}});
                        })},
      {"plugins", list(report.plugins,
                       [](const PluginUse& plugin) {
                         return object({{"id", plugin.id},
                                        {"version", plugin.version},
                                        {"sha256", plugin.sha256},
                                        {"components", texts(plugin.components)}});
                       })},
      {"versions", versions},
      {"timings", timings},
  });
}

}  // namespace graft::core
