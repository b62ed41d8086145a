// Augmenters: random only by the generator that the host gives, and only in the columns that the manifest names.
#include <ATen/Functions.h>
#include <ATen/Context.h>

#include "core/conformance/compare.hpp"
#include "core/conformance/steps.hpp"
#include "core/conformance/test.hpp"
#include "core/conformance/threads.hpp"
#include "graft/augmenter.hpp"
#include "graft/testing.hpp"

namespace graft::core::conformance {
namespace {

constexpr int kRounds = 20;  // for each thread
constexpr int kKeys = 8;     // of generators, until one of them changes a row

std::shared_ptr<Augmenter> fitted(Subject& subject) {
  const auto augmenter = subject.make<Augmenter>();
  subject.call("outputs", [&] { return augmenter->outputs(subject.table.schema); });
  subject.call("fit", [&] { augmenter->fit(testing::Rows(subject.table.schema, subject.table.rows)); });
  return augmenter;
}

Rng keyed(Subject& subject, std::uint64_t key) { return Rng(subject.seed).fork("augment").fork(key); }

Batch augmented(Subject& subject, const Augmenter& augmenter, Batch rows, std::uint64_t key = 0) {
  subject.call("augment", [&] { return augmenter.augment(rows, keyed(subject, key)); });
  return rows;
}

bool is_by_row(Subject& subject, const Augmenter& augmenter) {
  return subject.call("scope", [&] { return augmenter.scope(); }) == Augmenter::Scope::kRow;
}

void shape_contract(Subject& subject) {
  const auto augmenter = fitted(subject);
  const Schema schema = subject.call("outputs", [&] { return augmenter->outputs(subject.table.schema); });
  for (const std::int64_t count : {kRows, std::int64_t{5}, std::int64_t{1}}) {
    Batch rows = first_rows(subject.table.rows, count);
    const Tap tap = subject.call("augment", [&] { return augmenter->augment(rows, keyed(subject, 0)); });
    const std::string what = misfit_exactly(rows, schema);
    copy_of(rows);  // every value can be read
    expect(what.empty(), "the columns that outputs() says, from " + std::to_string(count) + " rows", what);
    expect(!tap || !is_by_row(subject, *augmenter), "a tap from an augmenter of scope batch alone", "one from scope row");
  }
}

void rng_only_from_host(Subject& subject) {
  const auto first = fitted(subject), second = fitted(subject);
  const Batch& rows = subject.table.rows;
  const Batch once = copy_of(augmented(subject, *first, rows));
  augmented(subject, *first, rows, 1);
  at::manual_seed(subject.seed + 1);
  for (const auto& [augmenter, whose] : {std::pair(first, "the same object"), std::pair(second, "another one")}) {
    const std::string what = difference(once, augmented(subject, *augmenter, rows));
    expect(what.empty(), std::string("the same result by the same generator, from ") + whose, what);
  }
  for (std::uint64_t key = 0; key < kKeys; ++key)
    if (!difference(once, augmented(subject, *first, rows, key)).empty()) return;
  Batch last = rows;  // of one that gives a tap, hidden tensors change
  if (subject.call("augment", [&] { return first->augment(last, keyed(subject, 0)); })) return;
  note("every generator gives the same result");
}

std::string unlike_labels(const Batch& batch, const Schema& schema) {
  for (const Field& field : schema) {
    const Tensor* values = std::get_if<Tensor>(&batch.column(field.name));
    if (!values || (field.kind != FieldKind::kSoftClass && field.kind != FieldKind::kLabelSet)) continue;
    if (values->lt(0).logical_or(values->gt(1)).any().item<bool>()) return field.name + ": a share outside [0, 1]";
    if (field.kind == FieldKind::kSoftClass && !at::allclose(values->sum(1), at::ones({values->size(0)}, values->options())))
      return field.name + ": a row's shares do not sum to 1";
  }
  return "";
}

void label_consistency(Subject& subject) {
  const auto augmenter = fitted(subject);
  const Schema schema = subject.call("outputs", [&] { return augmenter->outputs(subject.table.schema); });
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const Batch given = copy_of(subject.table.rows), kept = copy_of(given);
    const Batch made = augmented(subject, *augmenter, given, key);
    const std::string written = difference(given, kept), changed = undeclared_change(subject, given, made);
    expect(written.empty(), "new columns by Batch::set, and the tensors that came left as they were", written);
    expect(changed.empty(), "no column changed but those that \"changes\" of the manifest names", changed);
    const std::string unlike = unlike_labels(made, schema);
    expect(unlike.empty(), "labels that are still shares of classes", unlike);
  }
}

void finite_output(Subject& subject) {
  const auto augmenter = fitted(subject);
  const Schema schema = subject.call("outputs", [&] { return augmenter->outputs(subject.table.schema); });
  for (std::uint64_t key = 0; key < kKeys; ++key) {
    const std::string what = not_finite(augmented(subject, *augmenter, subject.table.rows, key), schema);
    expect(what.empty(), "finite numbers from finite numbers", what);
  }
}

// What happens to a row of scope row, alone or in any company.
void row_order_independent(Subject& subject) {
  const auto augmenter = fitted(subject);
  if (!is_by_row(subject, *augmenter)) skip("its scope is a whole batch");
  const Batch& rows = subject.table.rows;
  const Batch whole = augmented(subject, *augmenter, rows);
  const std::vector<std::int64_t> order = some_order(kRows, subject.seed);
  const std::string moved = difference(whole.select(order), augmented(subject, *augmenter, rows.select(order)));
  expect(moved.empty(), "the same result for each row when they come in another order", moved);
  for (const std::int64_t row : order) {
    const std::vector<std::int64_t> one = {row};
    const std::string what = difference(whole.select(one), augmented(subject, *augmenter, rows.select(one)));
    expect(what.empty(), "the same result for a row that comes alone", "row " + std::to_string(row) + ": " + what);
  }
}

void worker_thread_safe(Subject& subject) {
  const auto alone = fitted(subject), shared = fitted(subject);
  if (!is_by_row(subject, *alone)) skip("its scope is a whole batch, which one thread gives it");
  const Batch& rows = subject.table.rows;
  const Batch whole = augmented(subject, *alone, rows);
  on_threads(kThreads, [&](int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<std::int64_t> order = some_order(kRows, static_cast<std::uint64_t>(thread * kRounds + round));
      const std::string what = difference(whole.select(order), augmented(subject, *shared, rows.select(order)));
      expect(what.empty(), "the same result from " + std::to_string(kThreads) + " threads as from one", what);
    }
  });
}

}  // namespace

const std::vector<Test>& augmenter_tests() {
  static const std::vector<Test> tests = {{"shape-contract", "", shape_contract},
                                          {"label-consistency", "", label_consistency},
                                          {"rng-only-from-host", "label-consistency", rng_only_from_host},
                                          {"finite-output", "", finite_output},
                                          {"row-order-independent", "rng-only-from-host", row_order_independent},
                                          {"worker-thread-safe", "row-order-independent", worker_thread_safe}};
  return tests;
}

}  // namespace graft::core::conformance
