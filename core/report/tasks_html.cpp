#include "core/report/tasks_html.hpp"

#include <cmath>

#include "core/report/chart.hpp"
#include "core/report/html.hpp"
#include "core/report/number_text.hpp"

namespace graft::core {
namespace {

using html::element;
using html::escape;

std::string weights_chart(const TaskBalance& balance) {
  chart::Plot plot{"Weight of each task", "epoch", {}};
  for (std::size_t k = 0; k < balance.tasks.size(); ++k) {
    chart::Line line{balance.tasks[k], {}, static_cast<int>(k), false, true};
    for (std::size_t e = 0; e < balance.weights.size(); ++e)
      line.points.emplace_back(static_cast<double>(e + 1), balance.weights[e][k]);
    plot.lines.push_back(std::move(line));
  }
  return chart::lines(plot);
}

std::string cosines_chart(const TaskBalance& balance) {
  chart::Plot plot{"Cosine between the gradients of two tasks", "epoch", {}};
  const std::size_t tasks = balance.tasks.size();
  for (std::size_t i = 0; i < tasks; ++i)
    for (std::size_t j = i + 1; j < tasks; ++j) {
      chart::Line line{balance.tasks[i] + " and " + balance.tasks[j], {}, static_cast<int>(plot.lines.size()), false, true};
      for (std::size_t e = 0; e < balance.cosines.size(); ++e)
        line.points.emplace_back(static_cast<double>(e + 1), balance.cosines[e][i * tasks + j]);
      plot.lines.push_back(std::move(line));
    }
  return chart::lines(plot);
}

std::string cosines_table(const TaskBalance& balance) {
  const std::size_t tasks = balance.tasks.size();
  html::Table table{{"cosine, last epoch"}, {}, false, ""};
  for (const std::string& task : balance.tasks) table.header.push_back(task);
  for (std::size_t i = 0; i < tasks; ++i) {
    std::vector<html::Cell> row{{escape(balance.tasks[i])}};
    for (std::size_t j = 0; j < tasks; ++j) {
      const double cosine = balance.cosines.back()[i * tasks + j];
      row.push_back({std::isnan(cosine) ? "" : metric_text(cosine), true, std::isnan(cosine) ? "" : fixed(cosine, 9)});
    }
    table.rows.push_back(std::move(row));
  }
  return html::table(table);
}

std::string verdict(const TaskBalance& balance) {
  const double share = balance.conflicts.back();
  if (std::isnan(share)) return balance.balancer + " weighs losses and sees no gradients.";
  return balance.balancer + " combines gradients at the " + balance.at + ". In " + fixed(100 * share, 1) +
         " % of the steps of the last epoch, the step made some task worse to first order.";
}

}  // namespace

std::string tasks_html(const TaskBalance& balance) {
  if (balance.weights.empty()) return "";
  const bool has_gradients = !balance.at.empty();
  return element("p", escape(verdict(balance))) +
         element("div", weights_chart(balance) + (has_gradients ? cosines_chart(balance) : ""), "class=\"grid\"") +
         (has_gradients ? cosines_table(balance) : "");
}

std::string stopped_html(const std::vector<HeadStop>& stopped) {
  if (stopped.empty()) return "";
  html::Table table{{"head", "stopped at step", "measure", "there, on valid", "best, on valid", "at step"}, {}, false, ""};
  for (const HeadStop& each : stopped)
    table.rows.push_back({{escape(each.head)},
                          {thousands(each.step), true},
                          {escape(each.measure)},
                          {metric_text(each.value), true},
                          {metric_text(each.best), true},
                          {each.best_step < 0 ? "" : thousands(each.best_step), true}});
  return element(
             "p",
             "Heads whose patience ended. Their own weights stay as they were at that step; the model goes on by the others.") +
         html::table(table);
}

std::string baselines_html(const std::vector<BaselineResult>& baselines) {
  if (baselines.empty()) return "";
  html::Table table{
      {"head", "stream", "run", "measure", "rows", "there", "here", "95 % interval of the difference", "p", ""}, {}, false, ""};
  for (const BaselineResult& each : baselines)
    table.rows.push_back({{escape(each.head)},
                          {escape(each.stream)},
                          {escape(each.run)},
                          {escape(each.measure)},
                          {thousands(each.rows), true},
                          {metric_text(each.baseline), true},
                          {metric_text(each.ours), true},
                          {fixed(each.low, 3) + " to " + fixed(each.high, 3), true},
                          {fixed(each.p, 4), true},
                          {each.is_worse ? "worse" : ""}});
  return element("p", "Heads against the run that each is not to do worse than, on the test rows that both predicted.") +
         html::table(table);
}

}  // namespace graft::core
