// The verb that says whether one run is better than another.
#include <cstdio>

#include "core/report/number_text.hpp"
#include "core/run/compare.hpp"
#include "graft/value.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

std::string verdict(const core::Comparison& each) {
  if (!each.is_clear()) return "no clear difference";
  return each.b_is_better() ? "B is better" : "B is worse";
}

std::string with_sign(double value) { return (value < 0 ? "" : "+") + core::fixed(value, 3); }

void print_json(const std::vector<core::Comparison>& all) {
  Value::List list;
  for (const core::Comparison& each : all) {
    Value entry = Value::Object{};
    entry.set("stream", each.stream);
    entry.set("head", each.head);
    entry.set("measure", each.measure);
    entry.set("rows", each.rows);
    entry.set("a", each.a);
    entry.set("b", each.b);
    entry.set("difference", each.b - each.a);
    entry.set("low", each.difference.low);
    entry.set("high", each.difference.high);
    entry.set("p", each.p);
    entry.set("holm", each.holm);
    entry.set("verdict", verdict(each));
    list.push_back(std::move(entry));
  }
  std::puts(to_json(Value(std::move(list)), 2).c_str());
}

}  // namespace

int compare(const CompareOptions& options) {
  const auto all = core::compare_runs(options.a, options.b, options.split);
  if (options.json) return print_json(all), 0;
  std::printf("A        %s\nB        %s\n\n", options.a.c_str(), options.b.c_str());
  std::printf("%-36s %7s %8s %8s %8s   %-17s %7s %7s\n", (options.split + " rows that both predicted").c_str(), "rows", "A", "B",
              "B - A", "95 % interval", "p", "Holm");
  std::int64_t others = 0;
  for (const core::Comparison& each : all) {
    const std::string name = each.stream + "/" + each.head + " " + each.measure;
    std::printf("%-36s %7s %8s %8s %8s   %-17s %7s %7s   %s\n", name.c_str(), core::thousands(each.rows).c_str(),
                core::metric_text(each.a).c_str(), core::metric_text(each.b).c_str(), with_sign(each.b - each.a).c_str(),
                (with_sign(each.difference.low) + " to " + with_sign(each.difference.high)).c_str(),
                core::fixed(each.p, 4).c_str(), core::fixed(each.holm, 4).c_str(), verdict(each).c_str());
    others += each.others;
  }
  if (others > 0) std::printf("\n%s rows that one of them alone predicted are left out\n", core::thousands(others).c_str());
  return 0;
}

}  // namespace graft::app
