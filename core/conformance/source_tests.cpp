// Sources: the same rows by the same numbers, however they are asked for.
#include <algorithm>

#include "core/conformance/compare.hpp"
#include "core/conformance/test.hpp"
#include "core/conformance/threads.hpp"
#include "graft/source.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::int64_t kMostRows = 200;  // of a large file the first
constexpr int kRounds = 20;              // for each thread

std::int64_t size_of(Subject& subject, const Source& source) {
  const std::int64_t size = subject.call("size", [&] { return source.size(); });
  expect(size >= 0, "a number of rows", "size() is " + std::to_string(size));
  if (size == 0) skip("it has no rows: check.files and check.params of the manifest may give some");
  return std::min(size, kMostRows);
}

Batch rows_of(Subject& subject, const Source& source, const std::vector<std::int64_t>& numbers) {
  return subject.call("rows", [&] { return source.rows(numbers); });
}

// Rows by number out of the first ones, which were read in order.
void expect_rows(Subject& subject, const Source& source, const Batch& whole, const std::vector<std::int64_t>& numbers,
                 const char* how) {
  const std::string what = difference(whole.select(numbers), rows_of(subject, source, numbers));
  expect(what.empty(), std::string("the rows that came in order, when asked for ") + how, what);
}

void rows_match_schema(Subject& subject) {
  const auto source = subject.make<Source>();
  const std::vector<std::int64_t> numbers = numbers_to(size_of(subject, *source));
  const Schema schema = subject.call("schema", [&] { return source->schema(); });
  const Batch rows = rows_of(subject, *source, numbers);
  const std::string what = misfit(rows, schema);
  expect(what.empty(), "the columns that schema() says", what);
  expect(rows.names().size() == schema.size(), "the columns that schema() says and no others", text_of(rows.names()));
  expect(std::equal(numbers.begin(), numbers.end(), rows.row_ids().begin(), rows.row_ids().end()),
         "the rows' numbers as row_ids(), in the order asked for", "others");
}

void rows_by_index_exact(Subject& subject) {
  const auto source = subject.make<Source>();
  const std::int64_t size = size_of(subject, *source);
  const Batch whole = rows_of(subject, *source, numbers_to(size));
  const std::vector<std::int64_t> order = some_order(size, subject.seed);
  expect_rows(subject, *source, whole, order, "in another order");
  for (std::int64_t row = size - 1; row >= 0; --row) expect_rows(subject, *source, whole, {row}, "one by one");
  const auto middle = order.begin() + size / 2;
  expect_rows(subject, *source, whole, {middle, order.end()}, "by halves");
  expect_rows(subject, *source, whole, {order.begin(), middle}, "by halves");
  expect_rows(subject, *source, whole, {order[0], order[0]}, "twice in one batch");
  expect_rows(subject, *source, whole, {}, "as no rows at all");
}

void row_out_of_range_refused(Subject& subject) {
  const auto source = subject.make<Source>();
  const std::int64_t size = subject.call("size", [&] { return source->size(); });
  for (const std::int64_t number : {size, std::int64_t{-1}}) {
    const std::string expected = "a graft::Error for row " + std::to_string(number) + " of " + std::to_string(size);
    try {
      rows_of(subject, *source, {number});
    } catch (const PluginError& error) {
      expect(error.cxx_type == "graft::Error", expected, error.cxx_type + ": " + error.message);
      continue;
    }
    fail(expected, "rows");
  }
}

void worker_thread_safe(Subject& subject) {
  const auto alone = subject.make<Source>();
  const std::int64_t size = size_of(subject, *alone);
  const Batch whole = rows_of(subject, *alone, numbers_to(size));
  const auto shared = subject.make<Source>();
  on_threads(kThreads, [&](int thread) {
    for (int round = 0; round < kRounds; ++round)
      expect_rows(subject, *shared, whole, some_order(size, static_cast<std::uint64_t>(thread * kRounds + round)),
                  "by several threads at once");
  });
}

}  // namespace

const std::vector<Test>& source_tests() {
  static const std::vector<Test> tests = {{"rows-match-schema", "", rows_match_schema},
                                          {"rows-by-index-exact", "", rows_by_index_exact},
                                          {"row-out-of-range-refused", "", row_out_of_range_refused},
                                          {"worker-thread-safe", "rows-by-index-exact", worker_thread_safe}};
  return tests;
}

}  // namespace graft::core::conformance
