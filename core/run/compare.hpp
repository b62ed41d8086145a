// Compare: did it help? Two runs on the rows that both predicted, paired row by row.
//
//   measure   accuracy of heads that predict classes, mean absolute error of those that predict numbers
//   interval  95 % of B - A, by a bootstrap over rows
//   p         of the hypothesis that A and B are alike: the share of 9,999 random exchanges of A and B, row by row, whose mean
//             difference is at least as large (and the one seen); two-sided
//   holm      p corrected for the number of comparisons made, Holm 1979
//   source    Good 2005, "Permutation, Parametric and Bootstrap Tests of Hypotheses", for the exchange of pairs
#pragma once

#include <string>
#include <vector>

#include "core/report/interval.hpp"

namespace graft::core {

struct Comparison {
  std::string stream, head, measure;
  bool higher_is_better;
  std::int64_t rows;    // that both predicted and that have a label
  std::int64_t others;  // labelled rows that one of them alone predicted
  double a, b;          // the measure's mean
  Interval difference;  // of b - a
  double p, holm;

  bool is_clear() const { return holm < 0.05; }
  bool b_is_better() const { return higher_is_better ? b > a : b < a; }
};

// throws Error("compare") when the folder is no run, or has no predictions of that split.
void require_predictions(const std::string& run, const std::string& split);

// `a` and `b` are folders of runs, `split` "test" or "valid". throws Error("compare") when they share no stream, head or row, or one
// row has two truths.
std::vector<Comparison> compare_runs(const std::string& a, const std::string& b, const std::string& split);

}  // namespace graft::core
