// What the tests of steps from columns to one vector share: tables out of reference files, fitting and transforming in a line.
#pragma once

#include <ATen/ATen.h>

#include <cmath>

#include "catch.hpp"
#include "table_case.hpp"

inline graft::Tensor table_of(const graft::Value& list) {  // [N, D] double; null is NaN
  std::vector<graft::Tensor> table;
  for (const graft::Value& row : list.list()) table.push_back(at::tensor(numbers_of(row), at::kDouble));
  return at::stack(table);
}

inline graft::testing::Rows rows_of(const graft::Tensor& x) {  // the column x, a number or a vector
  const bool is_vector = x.dim() == 2;
  return {{{"x",
            is_vector ? graft::FieldKind::kVector : graft::FieldKind::kNumber,
            is_vector ? std::vector<std::int64_t>{x.size(1)} : std::vector<std::int64_t>{},
            {}}},
          graft::testing::batch({{"x", x}})};
}

inline graft::Tensor transformed(const graft::Extractor& step, const graft::Tensor& x) {
  graft::Batch batch = graft::testing::batch({{"x", x}});
  step.transform(batch);
  return batch.tensor("made");
}

// Made as {"columns": "x", <more>}, and its column is called "made".
inline std::shared_ptr<graft::Extractor> step_of(const std::string& use, const std::string& more = "") {
  return extractors().make<graft::Extractor>(use, R"({"columns": "x")" + (more.empty() ? "" : ", " + more) + "}", "made");
}

inline std::shared_ptr<graft::Extractor> fitted_step(const std::string& use, const graft::Tensor& x,
                                                     const std::string& more = "") {
  auto step = step_of(use, more);
  step->fit(rows_of(x));
  return step;
}

inline double largest_difference(const graft::Tensor& a, const graft::Tensor& b) {
  if (!a.isnan().equal(b.isnan())) return INFINITY;
  return a.sub(b).abs().nan_to_num(0.0).max().item<double>();
}

// The contract of every step: the width before and after fit, state that restores it, the same on four threads, no fit no transform.
inline void check_contract(const std::string& use, const graft::Tensor& x, const std::string& more = "") {
  const auto fitted = fitted_step(use, x, more), restored = step_of(use, more);
  restored->restore(fitted->state());
  const graft::Tensor expected = transformed(*fitted, x);
  const graft::Field field{"made", graft::FieldKind::kVector, {expected.size(1)}, {}};
  CHECK(fitted->outputs(rows_of(x).schema()).back() == field);
  CHECK(restored->outputs(rows_of(x).schema()).back() == field);
  for (const graft::Batch& mine : on_four_threads(*restored, graft::testing::batch({{"x", x}})))
    CHECK(largest_difference(mine.tensor("made"), expected) == 0);
  CHECK(message_of([&] { transformed(*step_of(use, more), x); }).find("call fit or restore first") != std::string::npos);
  CHECK(step_of(use, more)->state().empty());
}
