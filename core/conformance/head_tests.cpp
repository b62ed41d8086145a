// What holds of a head: a loss for each row, with its weight, that is the slope it claims and knows which labels are missing.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "core/conformance/compare.hpp"
#include "core/conformance/modules.hpp"
#include "core/conformance/test.hpp"
#include "graft/head.hpp"
#include "graft/testing.hpp"

namespace graft::core::conformance {
namespace {

constexpr double kClose = 1e-5;

struct BuiltHead {
  Subject& subject;
  std::shared_ptr<Head> head;

  BuiltHead(Subject& subject, std::uint64_t seed, bool fits = true) : subject(subject), head(subject.make<Head>()) {
    subject.call("build", [&] { head->build(subject.features.schema, subject.table.schema, Rng(seed).fork("init")); });
    if (fits) subject.call("fit", [&] { head->fit(testing::Rows(subject.table.schema, subject.table.rows)); });
  }
  explicit BuiltHead(Subject& subject) : BuiltHead(subject, subject.seed) {}

  Scores scores(const Batch& features, bool training = false) const {
    head->train(training);
    Call::Options options;
    options.training = training, options.key = 1;
    return subject.call("forward", [&] { return head->forward(features, Call(options)); });
  }
  RowLoss loss(const Scores& scores, const Batch& rows) const {
    return subject.call("loss", [&] { return head->loss(scores, rows); });
  }
  RowLoss loss(const Batch& rows) const { return loss(scores(subject.features.rows), rows); }
  Batch predicted(const Batch& features, const Batch& rows) const {
    const at::NoGradGuard no_grad;
    const Scores given = scores(features);
    return subject.call("predict", [&] { return head->predict(given, rows); });
  }
  const Field& target() const { return require(subject.table.schema, head->target(), subject.name()); }
};

void expect_float(const Tensor& tensor, const char* what, at::IntArrayRef shape) {
  expect(tensor.defined(), std::string(what) + " to be a tensor", "undefined");
  expect(tensor.sizes() == shape && tensor.is_floating_point(), std::string(what) + ": one float for each entry of the scores",
         shape_text(tensor));
  expect(tensor.isfinite().all().item<bool>(), std::string(what) + " to be finite",
         "NaN or infinity among " + shape_text(tensor));
}

// Entries of scores that the first rows have.
std::int64_t entries_of(const Scores& scores, std::int64_t rows) {
  return scores.offsets ? scores.offsets->select(0, rows).item<std::int64_t>() : rows;
}

void check_sizes(const Scores& scores, const RowLoss& loss, std::int64_t rows) {
  const std::int64_t entries = scores.values.size(0);
  if (!scores.offsets)
    expect(entries == rows, "scores with one entry for each of " + std::to_string(rows) + " rows", shape_text(scores.values));
  expect(!scores.offsets || scores.offsets->size(0) == rows + 1, "offsets [rows + 1] of scores for each token",
         scores.offsets ? shape_text(*scores.offsets) : "");
  expect_float(loss.value, "loss().value", {entries});
  expect_float(loss.weight, "loss().weight", {entries});
  expect(entries == 0 || loss.weight.min().item<double>() >= 0, "weights of at least 0", "one below");
}

void one_value_per_row(Subject& subject) {
  const BuiltHead built(subject);
  for (const std::string& column : built.head->reads()) require(subject.features.schema, column, subject.name());
  const Scores scores = built.scores(subject.features.rows);
  const RowLoss all = built.loss(scores, subject.table.rows);
  check_sizes(scores, all, kRows);
  expect(all.value.requires_grad() || built.head->parameters().empty(), "a loss with a gradient", "one without");
  expect(all.weight.sum().item<double>() > 0, "weights above 0 where rows have labels", "all are 0");
  constexpr std::int64_t kSome = 5;
  const RowLoss some = built.loss(built.scores(first_rows(subject.features.rows, kSome)), first_rows(subject.table.rows, kSome));
  const std::int64_t entries = entries_of(scores, kSome);
  const std::string what = difference(all.value.narrow(0, 0, entries), some.value, kClose);
  expect(what.empty(), "the loss of a row to be its own, whatever other rows there are: not reduced", what);
}

void matches_differences(Subject& subject) {
  const BuiltHead built(subject);
  Scores scores = built.scores(subject.features.rows);
  scores.values = scores.values.detach().to(at::kFloat).clone();
  Tensor leaf = scores.values.set_requires_grad(true);
  const RowLoss loss = built.loss(scores, subject.table.rows);
  expect(loss.value.requires_grad(), "a loss that depends on the scores", "no gradient reaches them");
  const Tensor sum = scalar_of([&] {
    Batch one(numbers_to(loss.value.size(0)));
    one.set("loss", loss.value);
    return one;
  }());
  subject.call("backward", [&] { sum.backward(); });
  Slopes slopes{{{"scores", leaf}}, {leaf.grad()}, {}, 2e-2, 2e-2, 40};
  slopes.f = [&] {
    Batch one(numbers_to(loss.value.size(0)));
    one.set("loss", built.loss({leaf.detach(), scores.offsets}, subject.table.rows).value);
    return scalar_of(one).item<double>();
  };
  const std::string wrong = wrong_slope(slopes);
  expect(wrong.empty(), "a gradient that is the slope of the loss", wrong);
}

// A column with its missing entries where `is_missing` says, by row; for tags, of every word of the row.
Column with_missing(const Column& column, const Field& field, const std::vector<bool>& is_missing) {
  const auto mark = [](Tensor values) {
    return values.is_floating_point() ? values.fill_(std::nan("")) : values.fill_(kMissingClass);
  };
  Column given = column;
  if (auto* ragged = std::get_if<Ragged>(&given)) ragged->values = ragged->values.clone();
  if (auto* tensor = std::get_if<Tensor>(&given)) *tensor = tensor->clone();
  for (std::size_t row = 0; row < is_missing.size(); ++row) {
    if (!is_missing[row]) continue;
    if (auto* tensor = std::get_if<Tensor>(&given)) mark(tensor->select(0, static_cast<std::int64_t>(row)));
    if (auto* strings = std::get_if<Strings>(&given)) (*strings)[row].clear();
    if (auto* ragged = std::get_if<Ragged>(&given)) {
      const Tensor offsets = ragged->offsets.slice(0, static_cast<std::int64_t>(row), static_cast<std::int64_t>(row) + 2);
      mark(ragged->values.slice(0, offsets[0].item<std::int64_t>(), offsets[1].item<std::int64_t>()));
    }
  }
  if (field.kind == FieldKind::kInteger) skip("its target is a column of integers, which has no missing value");
  return given;
}

Batch without_labels(const BuiltHead& built, const std::vector<bool>& is_missing) {
  Batch rows = built.subject.table.rows;
  rows.set(built.head->target(), with_missing(rows.column(built.head->target()), built.target(), is_missing));
  return rows;
}

void missing_masked(Subject& subject) {
  const BuiltHead built(subject);
  std::vector<bool> is_missing;
  for (std::int64_t row = 0; row < kRows; ++row) is_missing.push_back(row % 2 == 0);
  const Scores scores = built.scores(subject.features.rows);
  const RowLoss whole = built.loss(scores, subject.table.rows), part = built.loss(scores, without_labels(built, is_missing));
  check_sizes(scores, part, kRows);
  for (std::int64_t row = 0; row < kRows; ++row) {
    const std::int64_t begin = entries_of(scores, row), count = entries_of(scores, row + 1) - begin;
    const Tensor value = part.value.narrow(0, begin, count), weight = part.weight.narrow(0, begin, count);
    const std::string where = " of row " + std::to_string(row);
    if (is_missing[static_cast<std::size_t>(row)]) {
      expect(value.eq(0).all().item<bool>(), "a loss of 0" + where + ", whose label is missing",
             shape_text(value) + " other than 0");
      expect(weight.eq(0).all().item<bool>(), "a weight of 0" + where + ", whose label is missing", "another");
      continue;
    }
    const std::string what =
        difference(whole.value.narrow(0, begin, count), value, kClose) + difference(whole.weight.narrow(0, begin, count), weight);
    expect(what.empty(), "the loss and weight" + where + " whatever labels other rows lack", what);
  }
  const RowLoss none = built.loss(without_labels(built, std::vector<bool>(static_cast<std::size_t>(kRows), true)));
  expect(none.value.eq(0).all().item<bool>() && none.weight.eq(0).all().item<bool>(),
         "losses and weights of 0 where no row has a label", "others");
  if (!none.value.requires_grad()) return;
  subject.call("backward", [&] { none.value.sum().backward(); });
  const std::vector<std::string> missing = without_gradient(*built.head);
  expect(missing.empty(), "a finite gradient where no row has a label", text_of(missing));
}

void grad_flows(Subject& subject) {
  const BuiltHead built(subject);
  Batch features = copy_of(subject.features.rows);
  std::vector<std::pair<std::string, Tensor>> leaves;
  for (const std::string& column : built.head->reads()) {
    Column held = features.column(column);
    Tensor* values = std::get_if<Tensor>(&held);
    if (auto* ragged = std::get_if<Ragged>(&held)) values = &ragged->values;
    if (!values) continue;
    leaves.emplace_back(column, values->set_requires_grad(true));
    features.set(column, held);
  }
  const RowLoss loss = built.loss(built.scores(features, /*training=*/true), subject.table.rows);
  subject.call("backward", [&] { (loss.value.sum() / loss.weight.sum()).backward(); });
  const std::vector<std::string> missing = without_gradient(*built.head);
  expect(missing.empty(), "a finite gradient for every parameter that trains", text_of(missing));
  for (const auto& [column, leaf] : leaves)
    expect(leaf.grad().defined() && leaf.grad().isfinite().all().item<bool>(),
           "a finite gradient for the column " + column + ", so that the model learns",
           leaf.grad().defined() ? "not finite" : "none");
}

void save_load(Subject& subject) {
  const BuiltHead built(subject), other(subject, subject.seed + 1, /*fits=*/false);
  disturb(*built.head, subject.seed);
  const Batch &features = subject.features.rows, &rows = subject.table.rows;
  copy_through_file(*built.head, *other.head, subject.scratch() + "/head.safetensors");
  const std::string expected = "the same bits from a head that takes over all registered parameters and buffers, without fit()";
  const std::string predicted = difference(built.predicted(features, rows), other.predicted(features, rows));
  expect(predicted.empty(), expected, "predict(): " + predicted);
  const RowLoss ours = built.loss(rows), theirs = other.loss(rows);
  const std::string what = difference(ours.value, theirs.value) + difference(ours.weight, theirs.weight);
  expect(what.empty(), expected, "loss(): " + what);
}

void check_predicted(const BuiltHead& built, const Batch& predicted, const Batch& rows) {
  const Schema outputs = built.subject.call("outputs", [&] { return built.head->outputs(); });
  expect(!outputs.empty(), "outputs() to say what predict() gives", "an empty schema");
  const std::string shape = misfit(predicted, outputs), numbers = not_finite(predicted, outputs);
  expect(shape.empty() && numbers.empty(), "what outputs() said of what predict() gives", shape + numbers);
  expect(std::equal(predicted.row_ids().begin(), predicted.row_ids().end(), rows.row_ids().begin(), rows.row_ids().end()),
         "the batch's row ids from predict()", "others");
}

void batch_sizes(Subject& subject) {
  const BuiltHead built(subject);
  const Batch whole = built.predicted(subject.features.rows, subject.table.rows);
  check_predicted(built, whole, subject.table.rows);
  for (const std::int64_t count : {1, 5, 7}) {
    const Batch features = first_rows(subject.features.rows, count);
    Batch rows = first_rows(subject.table.rows, count);
    const Scores scores = built.scores(features);
    check_sizes(scores, built.loss(scores, rows), count);
    rows.erase(built.head->target());
    const Batch some = built.predicted(features, rows);
    const std::string what = difference(first_rows(whole, count), some, kClose);
    expect(what.empty(), "of the first " + std::to_string(count) + " rows alone, without labels, what they get among others",
           what);
  }
}

void empty_batch(Subject& subject) {
  const BuiltHead built(subject);
  const Batch features = first_rows(subject.features.rows, 0), rows = first_rows(subject.table.rows, 0);
  try {
    const Scores scores = built.scores(features);
    check_sizes(scores, built.loss(scores, rows), 0);
    check_predicted(built, built.predicted(features, rows), rows);
  } catch (const PluginError& error) {
    expect(error.cxx_type == "graft::Error", "no rows, or a graft::Error that says why not, from a batch without rows",
           error.cxx_type + ": " + error.message);
  }
}

}  // namespace

const std::vector<Test>& head_tests() {
  static const std::vector<Test> tests = {{"loss-one-value-per-row", "", one_value_per_row},
                                          {"loss-matches-finite-differences", "loss-one-value-per-row", matches_differences},
                                          {"missing-labels-masked", "loss-one-value-per-row", missing_masked},
                                          {"grad-flows", "loss-one-value-per-row", grad_flows},
                                          {"save-load-roundtrip", "loss-one-value-per-row", save_load},
                                          {"batch-1-and-odd", "loss-one-value-per-row", batch_sizes},
                                          {"empty-batch-defined", "batch-1-and-odd", empty_batch}};
  return tests;
}

}  // namespace graft::core::conformance
