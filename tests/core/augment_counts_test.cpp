// Which rows of a batch count as changed, and sums of such counts.
#include "core/pipeline/augment_counts.hpp"

#include <ATen/Functions.h>

#include <cmath>

#include "catch.hpp"

using namespace graft;
using namespace graft::core;

namespace {

Batch batch_of(Column column, std::int64_t rows) {
  std::vector<std::int64_t> ids;
  for (std::int64_t row = 0; row < rows; ++row) ids.push_back(row);
  Batch batch(std::move(ids));
  batch.set("x", std::move(column));
  return batch;
}

std::vector<int> changed(const Column& before, const Column& after) {
  const Tensor rows = changed_rows(batch_of(before, rows_of(before)), batch_of(after, rows_of(after)));
  return {rows.const_data_ptr<bool>(), rows.const_data_ptr<bool>() + rows.numel()};
}

Column tokens(const std::vector<std::int64_t>& ids, const std::vector<std::int64_t>& lengths) {
  return ragged_of(at::tensor(ids, at::kLong), lengths);
}

Tensor flags(const std::vector<std::int64_t>& values) { return at::tensor(values, at::kLong).to(at::kBool); }

}  // namespace

TEST_CASE("augment counts: a row is changed where its content is another, in each form of a column", "[pipeline][augment]") {
  CHECK(changed(Strings{"a", "b", ""}, Strings{"a", "c", ""}) == std::vector<int>{0, 1, 0});
  CHECK(changed(at::tensor({1.0, 2.0}), at::tensor({1.0, 2.5})) == std::vector<int>{0, 1});
  CHECK(changed(at::zeros({2, 3, 2, 2}), at::zeros({2, 3, 2, 2}).index_fill(0, at::tensor({1}, at::kLong), 1)) ==
        std::vector<int>{0, 1});
  CHECK(changed(tokens({5, 6, 7}, {1, 2}), tokens({5, 6, 8}, {1, 2})) == std::vector<int>{0, 1});
  CHECK(changed(tokens({5, 6, 7}, {1, 2}), tokens({5, 6, 7}, {2, 1})) == std::vector<int>{1, 1});
  const auto sparse = [](float value) {
    return SparseRows{at::tensor({0, 3}, at::kInt), at::tensor({1.0F, value}), at::tensor({0, 1, 2}, at::kInt), 4};
  };
  CHECK(changed(sparse(2), sparse(2)) == std::vector<int>{0, 0});
  CHECK(changed(sparse(2), sparse(3)) == std::vector<int>{0, 1});
}

TEST_CASE("augment counts: a missing number that stays missing is unchanged", "[pipeline][augment]") {
  CHECK(changed(at::tensor({NAN, NAN, 1.0}), at::tensor({NAN, 1.0, NAN})) == std::vector<int>{0, 1, 1});
}

TEST_CASE("augment counts: bytes as float and a class with certainty are the same row in another form", "[pipeline][augment]") {
  const Tensor bytes = at::arange(8, at::kByte).view({2, 1, 2, 2});
  const Tensor shifted = bytes.to(at::kFloat).div(255) + at::tensor({0.0F, 0.5F}).view({2, 1, 1, 1});
  CHECK(changed(bytes, shifted) == std::vector<int>{0, 1});
  CHECK(changed(at::tensor({1, 0}, at::kLong), at::tensor({0.0F, 1.0F, 0.5F, 0.5F}).view({2, 2})) == std::vector<int>{0, 1});
}

TEST_CASE("augment counts: another shape, and a column that is new or gone, change all rows", "[pipeline][augment]") {
  CHECK(changed(at::zeros({2, 1, 4, 4}), at::zeros({2, 1, 2, 2})) == std::vector<int>{1, 1});
  CHECK(changed(Strings{"1", "2"}, at::tensor({1.0, 2.0})) == std::vector<int>{1, 1});
  const Batch one = batch_of(Strings{"a", "b"}, 2);
  Batch two = one;
  two.set("y", Strings{"a", "b"});
  CHECK(changed_rows(one, two).all().item<bool>());
  CHECK(changed_rows(two, one).all().item<bool>());
  CHECK_FALSE(changed_rows(two, two).any().item<bool>());
}

TEST_CASE("augment counts: sums by class, of several batches and after they were saved", "[pipeline][augment]") {
  AugmentCounts first, second;
  const AugmentCounts::Key key{1, 2, "label"};
  first.add(key, at::tensor({0, 2, 2, -100}, at::kLong), 3, flags({1, 0, 1, 1}));
  second.add(key, at::tensor({1, 2}, at::kLong), 3, flags({0, 1}));
  second.add({0, 2, ""}, at::full({2}, kMissingClass, at::kLong), 0, flags({0, 1}));
  first.add(second);
  const Tensor expected = at::tensor({1, 1, 1, 3, /**/ 1, 1, 0, 2}, at::kLong).view({2, 4});
  CHECK(first.all().at(key).equal(expected));
  AugmentCounts restored;
  restored.restore(first.save());
  REQUIRE(restored.all().size() == 2);
  CHECK(restored.all().at(key).equal(expected));
  CHECK(restored.all().at({0, 2, ""}).equal(at::tensor({2, 1}, at::kLong).view({2, 1})));
}
