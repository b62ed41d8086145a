#include "core/report/augment_html.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>
#include <vector>

#include "core/report/html.hpp"
#include "core/report/number_text.hpp"

namespace graft::core {
namespace {

using html::element;
using html::escape;
using Cell = html::Cell;
using Steps = std::vector<const AugmentResult*>;  // of one stream and label

std::int64_t rows_of_class(const HeadResult& result, std::size_t c) {
  return std::accumulate(result.confusion[c].begin(), result.confusion[c].end(), std::int64_t{0});
}

// The results of the heads that learn the label: on test, else on valid.
std::vector<const HeadResult*> results_of(const RunReport& report, const AugmentResult& first) {
  std::vector<const HeadResult*> results;
  for (const std::string& head : first.heads)
    for (const char* split : {"test", "valid"}) {
      const auto result = std::find_if(report.results.begin(), report.results.end(), [&](const HeadResult& one) {
        return one.head == head && one.stream == first.stream && one.split == split &&
               one.confusion.size() == first.classes.size();
      });
      if (result == report.results.end()) continue;
      results.push_back(&*result);
      break;
    }
  return results;
}

RowsChanged sum_of(const AugmentResult& step) {
  RowsChanged sum = step.no_label;
  for (const RowsChanged& each : step.by_class) sum.offered += each.offered, sum.changed += each.changed;
  return sum;
}

std::string percent_of(const RowsChanged& rows) {
  return fixed(rows.offered > 0 ? 100 * static_cast<double>(rows.changed) / static_cast<double>(rows.offered) : 0, 1) + " %";
}

// A share above the numbers that it is of.
Cell share_cell(const std::string& share, std::int64_t part, std::int64_t whole) {
  if (whole == 0) return {"-", true};
  return {element("b", share) + element("div", thousands(part) + " of " + thousands(whole), "class=\"hint\""), true,
          fixed(static_cast<double>(part) / static_cast<double>(whole), 9)};
}

Cell changed_cell(const RowsChanged& rows) { return share_cell(percent_of(rows), rows.changed, rows.offered); }

Cell recall_cell(const HeadResult& result, std::size_t c) {
  return share_cell(metric_text(recall_of(result, c)), result.confusion[c][c], rows_of_class(result, c));
}

// All classes in their order; of many the ones that are recognised worst.
std::vector<std::size_t> classes_shown(const AugmentResult& first, const std::vector<const HeadResult*>& results) {
  std::vector<std::size_t> classes(first.classes.size());
  std::iota(classes.begin(), classes.end(), std::size_t{0});
  if (classes.size() <= kAugmentClasses) return classes;
  const auto key = [&](std::size_t c) {
    const double recall = results.empty() ? kNoNumber : recall_of(*results[0], c);
    return std::isnan(recall) ? 2 : recall;
  };
  std::stable_sort(classes.begin(), classes.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  classes.resize(kAugmentClasses);
  return classes;
}

std::string table_of(const Steps& steps, const std::vector<const HeadResult*>& results) {
  const AugmentResult& first = *steps.front();
  html::Table table{{first.label}, {}, true, ""};
  for (const AugmentResult* step : steps) table.header.push_back("changed by " + step->step);
  for (const HeadResult* result : results) table.header.push_back("recall of " + result->head + " on " + result->split);
  for (const std::size_t c : classes_shown(first, results)) {
    std::vector<Cell>& row = table.rows.emplace_back(std::vector<Cell>{{escape(first.classes[c])}});
    for (const AugmentResult* step : steps) row.push_back(changed_cell(step->by_class[c]));
    for (const HeadResult* result : results) row.push_back(recall_cell(*result, c));
  }
  if (std::any_of(steps.begin(), steps.end(), [](const auto* step) { return step->no_label.offered > 0; })) {
    std::vector<Cell>& row = table.rows.emplace_back(std::vector<Cell>{{"(no label)"}});
    for (const AugmentResult* step : steps) row.push_back(changed_cell(step->no_label));
    row.resize(row.size() + results.size(), {"-", true});
  }
  return element("div", html::table(table), "class=\"scroll\"");
}

std::string steps_list(const Steps& steps) {
  std::string items;
  for (const AugmentResult* step : steps) {
    const RowsChanged rows = sum_of(*step);
    items += element("li", element("b", escape(step->step)) + " (" + escape(step->use) + ") changed " + thousands(rows.changed) +
                               " of " + count_of(rows.offered, "row") + ", " + percent_of(rows));
  }
  return element("ul", items);
}

std::string stream_html(const RunReport& report, const Steps& steps) {
  const AugmentResult& first = *steps.front();
  std::string text = element("h3", escape(first.stream + (first.label.empty() ? "" : " by " + first.label))) + steps_list(steps);
  if (first.classes.empty()) return text;
  if (first.classes.size() > kAugmentClasses)
    text += element("p",
                    "The " + std::to_string(kAugmentClasses) + " classes of " + thousands(std::ssize(first.classes)) +
                        " with the lowest recall; report.json has all.",
                    "class=\"hint\"");
  return text + table_of(steps, results_of(report, first));
}

}  // namespace

double recall_of(const HeadResult& result, std::size_t c) {
  const std::int64_t rows = rows_of_class(result, c);
  return rows == 0 ? kNoNumber : static_cast<double>(result.confusion[c][c]) / static_cast<double>(rows);
}

std::string augment_html(const RunReport& report) {
  if (report.augment.empty()) return "";
  std::map<std::pair<std::string, std::string>, Steps> tables;
  std::vector<std::pair<std::string, std::string>> order;
  for (const AugmentResult& step : report.augment) {
    Steps& steps = tables[{step.stream, step.label}];
    if (steps.empty()) order.emplace_back(step.stream, step.label);
    steps.push_back(&step);
  }
  std::string text = element(
      "p",
      "How often each step was offered a training row and how often the row came back changed, over all epochs. Rows that its "
      "chance leaves out, rows after its last epoch and rows in which it finds nothing to change are offered, not changed. A "
      "step inside the model counts each row it saw. Recall is what the class ended with, not what a step did to it: for that, "
      "compare with a run without the step.");
  for (const auto& key : order) text += stream_html(report, tables[key]);
  return text;
}

}  // namespace graft::core
