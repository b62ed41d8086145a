// Extractors: columns as outputs() said, and the same row always the same result.
#include <algorithm>
#include <filesystem>

#include "core/conformance/compare.hpp"
#include "core/conformance/steps.hpp"
#include "core/conformance/test.hpp"
#include "core/conformance/threads.hpp"
#include "graft/extractor.hpp"
#include "graft/testing.hpp"

namespace graft::core::conformance {
namespace {

constexpr int kRounds = 20;  // for each thread

Schema outputs_of(Subject& subject, const Extractor& extractor) {
  return subject.call("outputs", [&] { return extractor.outputs(subject.table.schema); });
}

std::shared_ptr<Extractor> fitted(Subject& subject) {
  const auto extractor = subject.make<Extractor>();
  outputs_of(subject, *extractor);
  subject.call("fit", [&] { extractor->fit(testing::Rows(subject.table.schema, subject.table.rows)); });
  return extractor;
}

Batch transformed(Subject& subject, const Extractor& extractor, Batch rows) {
  subject.call("transform", [&] { extractor.transform(rows); });
  return rows;
}

void shape_contract(Subject& subject) {
  const auto extractor = subject.make<Extractor>();
  const Schema before = outputs_of(subject, *extractor);
  subject.call("fit", [&] { extractor->fit(testing::Rows(subject.table.schema, subject.table.rows)); });
  const Schema after = outputs_of(subject, *extractor);
  const std::string promise = broken_promise(before, after);
  expect(promise.empty(), "what outputs() said before fit() to hold after it", promise);
  for (const std::int64_t count : {kRows, std::int64_t{5}, std::int64_t{1}, std::int64_t{0}}) {
    const Batch made = transformed(subject, *extractor, first_rows(subject.table.rows, count));
    const std::string what = misfit_exactly(made, after);
    copy_of(made);  // every value can be read
    expect(what.empty(), "the columns that outputs() says, from " + std::to_string(count) + " rows", what);
  }
}

void in_place_declared(Subject& subject) {
  const auto extractor = fitted(subject);
  const Batch given = copy_of(subject.table.rows), kept = copy_of(given);
  const Batch made = transformed(subject, *extractor, given);
  const std::string written = difference(given, kept);
  expect(written.empty(), "new columns by Batch::set, and the tensors that came left as they were", written);
  const std::string changed = undeclared_change(subject, given, made);
  expect(changed.empty(), "no column changed but its own and those that \"changes\" of the manifest names", changed);
}

void transform_const(Subject& subject) {
  const auto extractor = fitted(subject);
  const Batch& rows = subject.table.rows;
  const State before = copy_of(subject.call("state", [&] { return extractor->state(); }));
  const Batch given = transformed(subject, *extractor, rows), first = copy_of(given);
  transformed(subject, *extractor, make_rows(kRows, subject.seed + 1, subject.settings.rows).rows);
  const std::string lost = difference(first, given);
  expect(lost.empty(), "a result that later calls leave as it is", lost);
  const std::string what = difference(first, transformed(subject, *extractor, rows));
  expect(what.empty(), "the same result from the same rows, whatever came between", what);
  const std::string learned = difference(before, subject.call("state", [&] { return extractor->state(); }));
  expect(learned.empty(), "the same state() before and after transform()", learned);
  const std::vector<std::int64_t> order = some_order(kRows, subject.seed);
  const std::string moved = difference(first.select(order), transformed(subject, *extractor, rows.select(order)));
  expect(moved.empty(), "the same result for a row, whichever rows come before it", moved);
}

void worker_thread_safe(Subject& subject) {
  const auto alone = fitted(subject);
  const Batch& rows = subject.table.rows;
  const Batch whole = transformed(subject, *alone, rows);
  const auto shared = fitted(subject);  // whatever it makes at its first call, it makes on several threads
  on_threads(kThreads, [&](int thread) {
    for (int round = 0; round < kRounds; ++round) {
      const std::vector<std::int64_t> order = some_order(kRows, static_cast<std::uint64_t>(thread * kRounds + round));
      const std::string what = difference(whole.select(order), transformed(subject, *shared, rows.select(order)));
      expect(what.empty(), "the same result from " + std::to_string(kThreads) + " threads as from one", what);
    }
  });
}

void finite_output(Subject& subject) {
  const auto extractor = fitted(subject);
  const std::string what = not_finite(transformed(subject, *extractor, subject.table.rows), outputs_of(subject, *extractor));
  expect(what.empty(), "finite numbers from finite numbers", what);
}

void state_restore_roundtrip(Subject& subject) {
  const auto first = fitted(subject);
  const Batch result = transformed(subject, *first, subject.table.rows);
  const State state = copy_of(subject.call("state", [&] { return first->state(); }));
  for (const auto& [name, text] : subject.settings.files)
    std::filesystem::remove(subject.scratch() + "/" + name);  // a restored one needs no files
  const auto second = subject.make<Extractor>();
  outputs_of(subject, *second);
  subject.call("restore", [&] { second->restore(state); });
  expect(outputs_of(subject, *second) == outputs_of(subject, *first), "the same outputs() from a restored one", "another schema");
  const std::string what = difference(result, transformed(subject, *second, subject.table.rows));
  expect(what.empty(), "the same result from one that was restored, without files and fit()", what);
  const std::string other = difference(state, subject.call("state", [&] { return second->state(); }));
  expect(other.empty(), "the same state() from a restored one", other);
}

}  // namespace

const std::vector<Test>& extractor_tests() {
  static const std::vector<Test> tests = {{"shape-contract", "", shape_contract},
                                          {"in-place-declared", "", in_place_declared},
                                          {"transform-const", "in-place-declared", transform_const},
                                          {"worker-thread-safe", "transform-const", worker_thread_safe},
                                          {"finite-output", "", finite_output},
                                          {"state-restore-roundtrip", "transform-const", state_restore_roundtrip}};
  return tests;
}

}  // namespace graft::core::conformance
