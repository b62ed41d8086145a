// Evaluation: predictions, losses and metrics of every head on one split, no gradient, dropout off.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/train/network.hpp"
#include "graft/metric.hpp"

namespace graft::core {

class FrozenFeatures;

// One head on one stream.
struct HeadEvaluation {
  std::string stream, head;
  Field target;
  Batch predictions;  // [B] CPU; the columns of Head::outputs(), row ids of the data
  Batch truth;        // [B] the target's column alone, CPU; no columns where rows have no labels
  Tensor losses;      // [B] double; the sum over a row's tokens where there is one a token; 0 where the label is missing
  Tensor weights;     // [B] double; 0 where the label is missing
  struct Score {
    std::string metric;
    double value;
    bool higher_is_better;
  };
  std::vector<Score> scores;  // in the config's order
  double loss() const;        // weighted mean
};

struct Evaluation {
  std::vector<HeadEvaluation> heads;
  double seconds = 0;
  // "movies/sentiment/accuracy" -> value, and ".../loss"
  std::vector<std::pair<std::string, double>> values() const;
};

struct EvaluateOptions {
  std::int64_t batch_size = 64;
  bool with_metrics = true;                // false: rows without labels
  const FrozenFeatures* frozen = nullptr;  // what a frozen model gave before
};

// Runs the network over rows of a stream for the heads that learn from it.
std::vector<HeadEvaluation> evaluate_rows(Network& network, std::size_t stream, const std::string& stream_name, const Batch& rows,
                                          const EvaluateOptions& options, Loader& loader);

// All streams that have this split.
Evaluation evaluate(Network& network, const std::vector<StreamRows>& rows, const std::string& split,
                    const EvaluateOptions& options, Loader& loader);

// The value of every metric of a head over some rows (positions, repeats allowed): what intervals resample.
std::vector<HeadEvaluation::Score> score(const NamedHead& head, const Batch& predictions, const Batch& truth, Loader& loader);

// What the model gives for rows, for `embed`: each column of vectors that it makes for its heads, [B, D] on the CPU, by name; what a
// head with adapters of its own sees is named as HeadView says. throws Error when there is none.
NamedTensors embed_rows(Network& network, const Batch& rows, std::int64_t batch_size);

}  // namespace graft::core
