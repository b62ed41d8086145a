// What holds of a metric: a number that prefers right predictions, and the same however the rows are grouped.
#include <cmath>
#include <cstdio>

#include "core/conformance/compare.hpp"
#include "core/conformance/host_parts.hpp"
#include "core/conformance/test.hpp"

namespace graft::core::conformance {
namespace {

constexpr double kClose = 1e-9;  // sums in another order

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.12g", value);
  return text;
}

bool is_same(double a, double b) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= kClose * std::max({1.0, std::abs(a), std::abs(b)});
}

void expect_same(double whole, double other, const std::string& expected) {
  expect(is_same(whole, other), expected, number_text(other) + " where all rows at once give " + number_text(whole));
}

// A metric at work on some predictions.
struct Counted {
  Subject& subject;
  const Predicted& given;
  std::shared_ptr<Metric> metric;

  Counted(Subject& subject, const Predicted& given) : subject(subject), given(given), metric(subject.make<Metric>()) {
    subject.call("build", [&] { metric->build(given.predictions.schema, given.target); });
  }
  Counted& add(const Batch& predictions, const Batch& truth) {
    subject.call("update", [&] { metric->update(predictions, truth); });
    return *this;
  }
  Counted& add(const std::vector<std::int64_t>& rows) {
    return add(given.predictions.rows.select(rows), given.truth.select(rows));
  }
  Counted& add_all() { return add(given.predictions.rows, given.truth); }
  Counted& merge(const Counted& other) {
    subject.call("merge", [&] { metric->merge(*other.metric); });
    return *this;
  }
  double value() const {
    return subject.call("value", [&] { return metric->value(); });
  }
};

std::vector<Predicted> accepted(Subject& subject, bool are_right = false) {
  std::vector<Predicted> all = accepted_predictions(subject, subject.seed, 24, are_right);
  expect(!all.empty(), "build() to take what some head predicts (a class, a number, a label set, tags)", "it refuses them all");
  return all;
}

void metrics_range(Subject& subject) {
  const std::vector<Predicted> drawn = accepted(subject), right = accepted(subject, true);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const double value = Counted(subject, drawn[i]).add_all().value();
    const Counted best = std::move(Counted(subject, right[i]).add_all());
    expect(std::isfinite(value), "a finite number for drawn predictions of a " + drawn[i].what, number_text(value));
    expect(std::isfinite(best.value()), "a finite number for right predictions of a " + drawn[i].what, number_text(best.value()));
    const bool is_higher = subject.call("higher_is_better", [&] { return best.metric->higher_is_better(); });
    expect(is_higher ? best.value() >= value : best.value() <= value,
           std::string("right predictions of a ") + drawn[i].what + " to be no worse than drawn ones (" +
               (is_higher ? "higher" : "lower") + " is better)",
           number_text(best.value()) + " and " + number_text(value));
  }
}

std::vector<std::int64_t> range(std::int64_t begin, std::int64_t end) {
  std::vector<std::int64_t> rows;
  for (std::int64_t row = begin; row < end; ++row) rows.push_back(row);
  return rows;
}

void merge_equals_whole(Subject& subject) {
  for (const Predicted& given : accepted(subject)) {
    const double whole = Counted(subject, given).add_all().value();
    const Counted some = std::move(Counted(subject, given).add(range(0, 5)).add(range(5, 6)).add(range(6, 24)));
    expect_same(whole, some.value(), "the same value when rows come in batches of 5, 1 and 18");
    expect_same(whole, Counted(subject, given).add(some_order(24, subject.seed)).value(),
                "the same value in another order of rows");
    Counted first(subject, given), second(subject, given), empty(subject, given);
    first.add(range(0, 7)), second.add(range(7, 24));
    const double before = second.value();
    expect_same(whole, first.merge(second).merge(Counted(subject, given)).value(),
                "the same value from metrics of 7, 17 and 0 rows");
    expect_same(whole, empty.merge(first).value(), "the same value merged into a metric that has seen nothing");
    expect(is_same(before, second.value()), "merge() to leave the other metric as it was", "another value");
  }
}

// Every second row without its label.
Batch half_labelled(const Predicted& given) {
  const Batch none = without_labels(given);
  std::vector<Batch> parts;
  for (std::int64_t row = 0; row < given.truth.size(); ++row) {
    const std::vector<std::int64_t> one = {row};
    parts.push_back((row % 2 ? none : given.truth).select(one));
  }
  return Batch::concatenate(parts);
}

void empty_defined(Subject& subject) {
  for (const Predicted& given : accepted(subject)) {
    const auto expect_nan = [&](double value, const std::string& when) {
      expect(std::isnan(value), "NaN " + when + " (a " + given.what + ")", number_text(value));
    };
    expect_nan(Counted(subject, given).value(), "before any row was seen");
    expect_nan(Counted(subject, given).add({}).value(), "after a batch without rows");
    expect_nan(Counted(subject, given).add(given.predictions.rows, without_labels(given)).value(), "when no row has a label");
    std::vector<std::int64_t> labelled;
    for (std::int64_t row = 0; row < given.truth.size(); row += 2) labelled.push_back(row);
    const double half = Counted(subject, given).add(given.predictions.rows, half_labelled(given)).value();
    const double alone = Counted(subject, given).add(labelled).value();
    expect(is_same(half, alone), "rows whose label is missing not to count (a " + given.what + ")",
           number_text(half) + " with them, " + number_text(alone) + " without");
  }
}

}  // namespace

const std::vector<Test>& metric_tests() {
  static const std::vector<Test> tests = {{"metrics-range", "", metrics_range},
                                          {"merge-equals-whole", "", merge_equals_whole},
                                          {"empty-defined", "merge-equals-whole", empty_defined}};
  return tests;
}

}  // namespace graft::core::conformance
