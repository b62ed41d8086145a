// What the tests of augmenters of tables share: tables out of reference files, rows to fit on, comparison with gaps.
#pragma once

#include <ATen/Functions.h>

#include <cmath>

#include "augmenter_case.hpp"
#include "catch.hpp"

inline graft::Tensor table_of(const graft::Value& list) {  // [N, D] double; null is NaN
  std::vector<graft::Tensor> table;
  for (const graft::Value& row : list.list()) {
    std::vector<double> numbers;
    for (const graft::Value& item : row.list()) numbers.push_back(item.is_null() ? NAN : item.number());
    table.push_back(at::tensor(numbers, at::kDouble));
  }
  return at::stack(table);
}

inline graft::Tensor integers_of(const graft::Value& list) {
  std::vector<std::int64_t> integers;
  for (const graft::Value& item : list.list()) integers.push_back(item.integer());
  return at::tensor(integers, at::kLong);
}

inline double largest_difference(const graft::Tensor& a, const graft::Tensor& b) {
  if (!a.isnan().equal(b.isnan())) return INFINITY;
  return a.sub(b).abs().nan_to_num(0.0).max().item<double>();
}

// The columns x, a vector of D features, and label, a class of 4.
inline graft::Schema table_schema(std::int64_t width) {
  return {{"x", graft::FieldKind::kVector, {width}, {}}, {"label", graft::FieldKind::kClass, {}, {"a", "b", "c", "d"}}};
}

inline graft::Batch table(const graft::Tensor& x) {
  return graft::testing::batch({{"x", x}, {"label", at::arange(x.size(0), at::kLong).remainder(4)}});
}

// Made as {"columns": <columns>, <more>} and fitted on this batch.
inline std::shared_ptr<graft::Augmenter> fitted(const std::string& use, const graft::Batch& rows, const std::string& columns,
                                                const std::string& more = "") {
  auto step = augmenters().make<graft::Augmenter>(use, "{\"columns\": " + columns + (more.empty() ? "" : ", " + more) + "}");
  step->fit(graft::testing::Rows(table_schema(rows.tensor("x").size(1)), rows));
  return step;
}

// The contract of both: a row's fate hangs on its id and the key alone, the given batch stays, state restores it.
inline void check_contract(const std::string& use, const std::string& more = "") {
  const graft::Batch batch = table(at::arange(60, at::kDouble).view({20, 3}).sin());
  const auto step = fitted(use, batch, "\"x\"", more);
  const graft::Tensor before = batch.tensor("x").clone(), expected = augmented(*step, batch, 1).tensor("x");
  CHECK(batch.tensor("x").equal(before));
  CHECK_FALSE(expected.equal(before));
  CHECK_FALSE(augmented(*step, batch, 2).tensor("x").equal(expected));
  for (const graft::Batch& mine : augmented_on_four_threads(*step, batch, 1)) CHECK(mine.tensor("x").equal(expected));
  const std::vector<std::int64_t> some = {7, 3, 19};
  CHECK(augmented(*step, batch.select(some), 1).tensor("x").equal(expected.index_select(0, at::tensor(some))));
  const auto restored = augmenters().make<graft::Augmenter>(use, "{\"columns\": \"x\"" + (more.empty() ? "" : ", " + more) + "}");
  CHECK(restored->state().empty());
  CHECK(message_of([&] { augmented(*restored, batch, 1); }).find("call fit or restore first") != std::string::npos);
  restored->restore(step->state());
  CHECK(augmented(*restored, batch, 1).tensor("x").equal(expected));
  CHECK(step->scope() == graft::Augmenter::Scope::kRow);
}
