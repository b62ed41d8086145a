// Resampled training rows: by hand, those of imbalanced-learn, what must hold of each, and what is refused.
#include <ATen/Functions.h>

#include <map>

#include "catch.hpp"
#include "core/data/resample.hpp"
#include "graft/error.hpp"
#include "graft/testing.hpp"

using namespace graft;
using namespace graft::core;

namespace {

const Schema kSchema = {{"x", FieldKind::kVector, {-1}, {}},
                        {"label", FieldKind::kClass, {}, {"common", "some", "rare"}},
                        {"note", FieldKind::kText, {}, {}}};

Tensor table_of(const Value& list) {
  std::vector<Tensor> rows;
  for (const Value& row : list.list()) {
    std::vector<double> numbers;
    for (const Value& number : row.list()) numbers.push_back(number.number());
    rows.push_back(at::tensor(numbers, at::kDouble));
  }
  return at::stack(rows);
}

Tensor labels_of(const Value& list) {
  std::vector<std::int64_t> labels;
  for (const Value& label : list.list()) labels.push_back(label.integer());
  return at::tensor(labels, at::kLong);
}

Batch rows_of(const Tensor& x, const Tensor& labels) {
  Strings notes;
  for (std::int64_t i = 0; i < x.size(0); ++i) notes.push_back("row " + std::to_string(i));
  return testing::batch({{"x", x}, {"label", labels}, {"note", notes}});
}

// 12 rows of the first class, 5 of the second, 2 of the third, one without.
Batch uneven() {
  const Tensor labels = testing::integers({0, 0, 1, 0, 2, 0, 0, 1, 0, 0, kMissingClass, 1, 0, 0, 2, 0, 1, 0, 0, 1});
  return rows_of(at::arange(40, at::kDouble).view({20, 2}), labels);
}

std::map<std::int64_t, int> counts(const Batch& rows) {
  std::map<std::int64_t, int> counts;
  const Tensor labels = rows.tensor("label");
  for (std::int64_t i = 0; i < labels.numel(); ++i) ++counts[labels[i].item<std::int64_t>()];
  return counts;
}

Batch resampled(const Batch& rows, Resampling how, std::uint64_t key = 12345) {
  how.by = "label";
  how.columns = {"x"};
  return resample(rows, kSchema, how, "films", Rng(key));
}

using Counts = std::map<std::int64_t, int>;

}  // namespace

TEST_CASE("resample: over draws rows again until all classes have as many, under leaves out as many", "[data][resample]") {
  CHECK(counts(resampled(uneven(), {"over", {}, {}})) == Counts{{kMissingClass, 1}, {0, 12}, {1, 12}, {2, 12}});
  CHECK(counts(resampled(uneven(), {"under", {}, {}})) == Counts{{kMissingClass, 1}, {0, 2}, {1, 2}, {2, 2}});
  CHECK(counts(resampled(uneven(), {"over", {}, {}, 0.5})) == Counts{{kMissingClass, 1}, {0, 12}, {1, 6}, {2, 6}});
  CHECK(counts(resampled(uneven(), {"under", {}, {}, 0.5})) == Counts{{kMissingClass, 1}, {0, 4}, {1, 4}, {2, 2}});
  CHECK(counts(resampled(uneven(), {"smote", {}, {}, 1, 1})) == Counts{{kMissingClass, 1}, {0, 12}, {1, 12}, {2, 12}});
}

TEST_CASE("resample: rows of smote are those of imbalanced-learn's SMOTE with the same draws", "[data][resample]") {
  const Value expected = read_json(GRAFT_TEST_DATA "/resample_reference.json");
  const Batch made = resampled(rows_of(table_of(expected.at("x")), labels_of(expected.at("labels"))), {"smote", {}, {}, 1, 4});
  CHECK(made.tensor("label").equal(labels_of(expected.at("classes"))));
  CHECK(at::allclose(made.tensor("x"), table_of(expected.at("made")), 0, 1e-12));
}

TEST_CASE("resample: nearest rows are nearest first, without the row itself, also among equals", "[data][resample]") {
  const Tensor rows = testing::matrix({{0}, {10}, {1}, {0}, {3}}).to(at::kDouble);
  CHECK(nearest_rows(rows, 2).select(1, 0).equal(testing::integers({3, 4, 0, 0, 2})));
  CHECK(nearest_rows(rows, 4).eq(at::arange(5).unsqueeze(1)).sum().item<std::int64_t>() == 0);
}

TEST_CASE("resample: what was there stays, and smote's rows lie between rows of their class", "[data][resample]") {
  const Batch before = uneven(), after = resampled(before, {"smote", {}, {}, 1, 3});
  CHECK(after.tensor("x").narrow(0, 0, 20).equal(before.tensor("x")));
  std::set<std::int64_t> ids(after.row_ids().begin(), after.row_ids().end());
  CHECK(ids.size() == after.row_ids().size());
  for (std::int64_t row = 20; row < after.size(); ++row) {
    const auto label = after.tensor("label")[row].item<std::int64_t>();
    const Tensor own = before.tensor("x").index({before.tensor("label").eq(label)});
    const Tensor x = after.tensor("x")[row];
    CHECK(x.ge(own.amin(0)).logical_and(x.le(own.amax(0))).all().item<bool>());
    CHECK(x[1].item<double>() - x[0].item<double>() == Approx(1));  // as in every row of the table
  }
  const Batch more = resampled(before, {"over", {}, {}});
  CHECK(std::vector<std::int64_t>(more.row_ids().begin(), more.row_ids().begin() + 20) ==
        std::vector<std::int64_t>(before.row_ids().begin(), before.row_ids().end()));
  for (std::int64_t row = 20; row < more.size(); ++row)
    CHECK(more.strings("note")[static_cast<std::size_t>(row)] ==
          "row " + std::to_string(more.row_ids()[static_cast<std::size_t>(row)]));
}

TEST_CASE("resample: the same key gives the same rows, another key others", "[data][resample]") {
  const std::string method = GENERATE("over", "under", "smote");
  const auto x = [&](std::uint64_t key) { return resampled(uneven(), {method, {}, {}, 1, 1}, key).tensor("x"); };
  CHECK(x(1).equal(x(1)));
  CHECK_FALSE(x(1).equal(x(2)));
}

TEST_CASE("resample: few rows and gaps are told, and refused", "[data][resample]") {
  testing::Warnings warnings;
  resampled(uneven(), {"smote", {}, {}});
  CHECK(warnings.lines() ==
        std::vector<std::string>{"[resample] films: class some has 5 training rows, and smote takes 4 neighbours in place of 5",
                                 "[resample] films: class rare has 2 training rows, and smote takes 1 neighbours in place of 5"});
  CHECK(message_of([] { resampled(rows_of(testing::matrix({{1}, {NAN}}), testing::integers({0, 1})), {"smote", {}, {}}); }) ==
        "[resample] films: smote needs numbers in column x, and a training row has none: add a step impute");
  CHECK(message_of([] { resample(uneven(), kSchema, {"over", "note", {}}, "films", Rng(1)); }) ==
        "[resample] column note must be class, is text");
  CHECK(message_of([] { resample(uneven().only(Strings{"x"}), kSchema, {"over", "label", {}}, "films", Rng(1)); }) ==
        "[resample] films: column label must be made before the first augmenter, is made after it");
  CHECK(message_of([] {
          resampling_of(parse_json(R"({"method": "smote", "by": "a", "columns": null, "ratio": 1, "neighbours": 5})", "c"));
        }) == "[resample] smote needs columns, the numbers and vectors that new rows lie between, got none");
}
