// What holds of a task: what it minimises comes from the heads, with their weights and without missing labels, and a run is the same
// each time it is made, also in two halves.
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/conformance/compare.hpp"
#include "core/conformance/modules.hpp"
#include "core/conformance/task_trial.hpp"
#include "core/conformance/test.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::int64_t kSteps = 6;  // an epoch of both streams in turn

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

void check_scalar(const Tensor& tensor, const std::string& what) {
  expect(tensor.defined() && tensor.dim() == 0 && tensor.is_floating_point(), what + " to be a scalar [] of floats",
         tensor.defined() ? shape_text(tensor) : "undefined");
  expect(tensor.isfinite().item<bool>(), what + " to be finite", number_text(tensor.item<double>()));
}

void check_finite(const std::vector<TrialStep>& steps) {
  for (const TrialStep& step : steps) {
    for (const auto& [optimizer, terms] : step.passes)
      for (const Term& term : terms) {
        check_scalar(term.sum, "the sum of the term " + term.name);
        check_scalar(term.count, "the count of the term " + term.name);
        expect(term.count.item<double>() >= 0, "a count of at least 0 of the term " + term.name,
               number_text(term.count.item<double>()));
        expect(!term.count.requires_grad(), "a count of the term " + term.name + " without a gradient", "it has one");
      }
    expect(std::isfinite(step.result.loss) && std::isfinite(step.result.gradient_norm), "a finite loss and gradient",
           number_text(step.result.loss) + " and " + number_text(step.result.gradient_norm));
  }
}

void loss_scalar_finite(Subject& subject) {
  TaskTrial trial(subject, {});
  const std::vector<TrialStep> steps = trial.steps(kSteps);
  for (const TrialStep& step : steps) expect(!step.passes.empty(), "a call of minimise() in every step", "none");
  check_finite(steps);
  const bool learns = std::any_of(steps.begin(), steps.end(), [](const TrialStep& step) { return step.moved.at("model"); });
  expect(learns, "steps that change the model", "none does");
}

bool has_target(const TrialStep& step, const std::string& column) {
  return std::any_of(step.drawn.begin(), step.drawn.end(), [&](const Batch& batch) { return batch.has(column); });
}

const std::vector<std::pair<std::string, std::string>> kHeads = {{"kind", "label"}, {"amount", "number"}};

void head_routing(Subject& subject) {
  const std::vector<TrialStep> steps = TaskTrial(subject, {}).steps(kSteps);
  for (const auto& [head, target] : kHeads) {
    const bool learns = std::any_of(steps.begin(), steps.end(), [&](const TrialStep& step) { return step.moved.at(head); });
    expect(learns, "the head of " + target + " to learn from rows that have it", "no step changes it");
    for (const TrialStep& step : steps)
      expect(has_target(step, target) || !step.moved.at(head),
             "the head of " + target + " to learn nothing from rows without that column", "it changes");
  }
}

void loss_weights_applied(Subject& subject) {
  const std::vector<TrialStep> plain = TaskTrial(subject, {}).steps(kSteps);
  for (const auto& [head, target] : kHeads) {
    TaskTrial::Options options;
    (head == "kind" ? options.kind_weight : options.amount_weight) = 3;
    const std::vector<TrialStep> weighted = TaskTrial(subject, options).steps(kSteps);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      if (!has_target(plain[i], target)) continue;
      const double before = plain[i].result.loss, after = weighted[i].result.loss;
      expect(std::abs(after - before) > 1e-6 * std::abs(before),
             "another loss when the head of " + target + " weighs 3 times as much", number_text(after) + " as before");
      break;
    }
  }
}

// Labels of a target among the rows that the task was given.
double labels_in(const TrialStep& step, const std::string& target) {
  double count = 0;
  for (const Batch& batch : step.drawn) {
    if (!batch.has(target)) continue;
    const Tensor& column = batch.tensor(target);
    count += (column.is_floating_point() ? column.isnan().logical_not() : column.ge(0)).sum().item<double>();
  }
  return count;
}

void missing_labels_masked(Subject& subject) {
  TaskTrial::Options options;
  options.lacks_labels = true;
  const std::vector<TrialStep> steps = TaskTrial(subject, options).steps(kSteps);
  check_finite(steps);
  for (const TrialStep& step : steps)
    for (const auto& [head, target] : kHeads) {
      const double labels = labels_in(step, target);
      for (const auto& [optimizer, terms] : step.passes)
        for (const Term& term : terms)
          if (term.name == head)
            expect(term.count.item<double>() <= labels,
                   "a term " + head + " that counts the rows with a label, " + number_text(labels),
                   number_text(term.count.item<double>()));
      expect(labels > 0 || !step.moved.at(head), "the head of " + target + " to stay as it is where no row has a label",
             "it changes");
    }
}

void two_runs(Subject& subject) {
  TaskTrial trial(subject, {});
  const std::string what = difference(trial.run(), trial.run());
  expect(what.empty(), "the same bits from two runs", what);
}

void resume(Subject& subject) {
  TaskTrial trial(subject, {});
  const NamedTensors whole = trial.run();
  const std::string what = difference(whole, trial.run_in_two(3));
  expect(what.empty(), "the same bits from a run that stops after 3 steps and goes on from its checkpoint", what);
}

}  // namespace

const std::vector<Test>& task_tests() {
  static const std::vector<Test> tests = {{"loss-scalar-finite", "", loss_scalar_finite},
                                          {"head-routing", "", head_routing},
                                          {"loss-weights-applied", "head-routing", loss_weights_applied},
                                          {"missing-labels-masked", "", missing_labels_masked},
                                          {"two-runs-bit-equal", "", two_runs},
                                          {"resume-equals-uninterrupted", "two-runs-bit-equal", resume}};
  return tests;
}

}  // namespace graft::core::conformance
