#include "core/run/baselines.hpp"

#include "core/report/number_text.hpp"
#include "core/run/compare.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

BaselineResult result_of(const Comparison& each, const std::string& run) {
  return {each.head,
          each.stream,
          run,
          each.measure,
          each.rows,
          each.a,
          each.b,
          each.difference.low,
          each.difference.high,
          each.holm,
          each.is_clear() && !each.b_is_better()};
}

void warn_of(const BaselineResult& result) {
  warn("baseline", result.head + " on " + result.stream + " does worse than " + result.run + ": " + result.measure + " " +
                       metric_text(result.ours) + " against " + metric_text(result.baseline) + " (p " + fixed(result.p, 4) + ")");
}

const Value* baseline_of(const Value& head) {
  const Value* run = head.find("baseline");
  return run && run->is_text() ? run : nullptr;
}

std::vector<Comparison> compared(const std::string& run, const std::string& folder) {
  try {
    return compare_runs(run, folder, "test");
  } catch (const Error& error) {  // this run is finished and stays so
    warn("baseline", error.what());
    return {};
  }
}

}  // namespace

void check_baselines(const Value& heads) {
  for (const Value::Member& head : heads.object())
    if (const Value* run = baseline_of(head.value)) {
      try {
        require_predictions(run->text(), "test");
      } catch (const Error& error) {
        throw Error("baseline", run->place.text() + ": heads." + head.key + ".baseline must be a finished run: " + error.what());
      }
    }
}

std::vector<BaselineResult> compare_with_baselines(const Value& heads, const std::string& folder) {
  std::vector<BaselineResult> results;
  for (const Value::Member& head : heads.object()) {
    const Value* run = baseline_of(head.value);
    if (!run) continue;
    const std::size_t before = results.size();
    for (const Comparison& each : compared(run->text(), folder))
      if (each.head == head.key) results.push_back(result_of(each, run->text()));
    for (std::size_t i = before; i < results.size(); ++i)
      if (results[i].is_worse) warn_of(results[i]);
    if (results.size() == before)
      warn("baseline", run->text() + " predicted no test row of this run's head " + head.key + ": nothing was compared");
  }
  return results;
}

}  // namespace graft::core
