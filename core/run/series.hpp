// Series: one config carried out several times with one thing changed, and what the runs say together.
//
//   seeds           run.seed: the order of rows, initial weights, dropout. The splits stay, so that all runs share their test rows
//   leave one out   each stream of the role `main` in turn is not trained on, and its test rows say how well the model does where it
//                   has seen nothing. The best step is chosen by the streams that train: training-domain validation
//   spread          standard deviation over the runs, n - 1 in the denominator
//   source          Gulrajani and Lopez-Paz 2021, arXiv:2007.01434, for rules of selection when a domain is held out
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "graft/value.hpp"

namespace graft::core {

struct SeriesRun {
  std::string name;               // of its folder: "seed-2", "without-movies"
  std::vector<std::string> sets;  // what is changed, as --set says it
  std::string held_out;           // the stream that does not train; empty: none
};

// The runs of a series; no seeds: that of the config. throws Error("series") when a seed occurs twice, or when less than two streams
// train.
std::vector<SeriesRun> plan_series(const Value& config, const std::vector<std::int64_t>& seeds, bool leave_one_out);

struct SeriesNumber {
  std::string held_out, metric;  // "movies", "movies/sentiment/accuracy"
  std::vector<double> values;    // one a run
  double mean() const, spread() const;
};

// Test metrics of the finished runs under `folder`, validation where there is no test: of the stream held out, or of all.
std::vector<SeriesNumber> series_numbers(const std::string& folder, const std::vector<SeriesRun>& runs);

std::string series_text(const std::string& folder, const std::vector<SeriesNumber>& numbers);  // for a terminal
Value series_json(const std::vector<SeriesRun>& runs, const std::vector<SeriesNumber>& numbers);

}  // namespace graft::core
