// RunReport: everything a finished run has to say, as plain data: what report.json, report.html and the last lines of a run are
// made from. No tensors, no plugins.
//
//   C classes   a missing number is NaN, a missing text is empty
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace graft::core {

inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

// A number over optimizer steps: "train", "valid", "learning rate", "movies/sentiment/accuracy".
struct Curve {
  std::string name;
  std::vector<std::pair<std::int64_t, double>> points;  // (step, value), steps rising
};

struct MetricResult {
  std::string name;  // "accuracy"
  double value = kNoNumber;
  double low = kNoNumber, high = kNoNumber;               // 95 % interval
  std::vector<std::pair<std::string, double>> baselines;  // {"majority", 0.512}: the same metric of a cheap predictor
  bool higher_is_better = true;
};

// Rows, or words, whose confidence (probability of the predicted class) falls into one bin.
struct ReliabilityBin {
  double confidence = 0;  // mean over the bin's rows
  double accuracy = 0;    // share of them that is right
  std::int64_t rows = 0;
};

struct ScatterPoint {
  double truth = 0, predicted = 0;
};

struct WrongRow {
  std::int64_t row = 0;  // number in its source
  std::string text;      // what the row says, as far as it is text
  std::string truth, predicted;
  double confidence = kNoNumber;  // classify, label set: probability of the prediction
  double error = kNoNumber;       // regress: predicted - truth, in the target's units
  double loss = kNoNumber;
};

// One head on one split of one stream.
struct HeadResult {
  enum class Kind { kClassify, kRegress, kLabelSet };  // classify: rows of one class, or words of one
  std::string split, stream, head;                     // "test", "movies", "sentiment"
  Kind kind = Kind::kClassify;
  std::int64_t rows = 0;  // with a label
  std::int64_t step = 0;  // of the weights
  std::vector<MetricResult> metrics;
  std::vector<std::string> classes;                  // [C]       classify
  std::vector<std::vector<std::int64_t>> confusion;  // [C][C]    classify: truth, predicted
  std::vector<ReliabilityBin> reliability;           //           classify; bins without rows may be absent
  std::vector<ScatterPoint> scatter;                 // <= 2000   regress
  std::vector<WrongRow> most_wrong;                  // <= 25, greatest loss first
};

struct TrainNumbers {
  std::int64_t epochs = 0, steps = 0, rows = 0, tokens = 0;  // tokens: real ones, no padding
  double seconds = 0, tokens_per_second = kNoNumber;
  double padding_factor = kNoNumber;  // tokens that padded batches of the same rows would have, to the real ones
  double stall_percent = kNoNumber;   // of the time, spent waiting for the loader
  double peak_rss_mb = kNoNumber;     // 10^6 bytes
  std::string device, precision;      // "cpu", "fp32"
};

struct BestStep {
  std::int64_t step = -1;  // -1: the run kept no best
  std::string metric;      // "valid/movies/sentiment/accuracy"
  double value = kNoNumber, last = kNoNumber;
  bool higher_is_better = true;
};

// The mean of the weights of several steps (core/train/soup.hpp), on the metric of BestStep.
struct SoupMix {
  struct Tried {
    std::int64_t step = 0;
    double value = kNoNumber;  // of the mean with it
    bool joined = false;
  };
  std::vector<std::int64_t> steps;  // in the order they joined; empty: the weights are of one step
  double value = kNoNumber;
  std::vector<Tried> tried;
};

struct Count {
  std::int64_t number = 0;
  std::string what;  // "read", "dropped (empty)", "cut at 128 tokens"; or a split's name
};

struct WarningCount {
  std::string text;  // "[graft/csv] rows.csv:3: ..."
  std::int64_t count = 1;
  std::int64_t log_line = 0;  // in log.txt; 0: not there
};

struct PluginUse {
  std::string id, version, sha256;
  std::vector<std::string> components;  // "graft/bert"
};

// A head against the finished run that it is not to do worse than, on the test rows that both predicted.
struct BaselineResult {
  std::string head, stream, run, measure;  // "sentiment", "movies", "runs/single", "accuracy"
  std::int64_t rows = 0;
  double baseline = kNoNumber, ours = kNoNumber;
  double low = kNoNumber, high = kNoNumber;  // 95 % interval of ours - baseline
  double p = kNoNumber;                      // of no difference, corrected for the number of comparisons
  bool is_worse = false;                     // and clearly so
};

// A head whose patience ended: its own weights are those of `step`, whatever step the run's weights are of, if that is later.
struct HeadStop {
  std::string head, measure;                   // "sentiment", "accuracy"
  std::int64_t step = 0, best_step = -1;       // -1: no evaluation had rows of it
  double value = kNoNumber, best = kNoNumber;  // of the measure on valid rows at those steps
};

// What balanced the tasks of a run; one entry an epoch. A number that nothing gave is NaN.
struct TaskBalance {
  std::string balancer, at;                  // "graft/cagrad", "features"; empty: losses were weighed, not gradients
  std::vector<std::string> tasks;            // [K] names of the heads
  std::vector<std::vector<double>> weights;  // [epochs][K] mean weight
  std::vector<std::vector<double>> cosines;  // [epochs][K * K] between the gradients of two tasks
  std::vector<double> conflicts;             // [epochs] share of the steps that made some task worse to first order
};

struct RowsChanged {  // by a step of augmentation; a row counts once each time that a batch holds it
  std::int64_t offered = 0, changed = 0;
};

// One augmenter's step on the training rows of one stream, by the classes of one column of labels (core/pipeline/augment_counts.hpp).
struct AugmentResult {
  std::string stream, step, use, label;  // label: the column; empty where the stream has none that a head learns
  std::vector<std::string> heads;        // that learn it
  std::vector<std::string> classes;      // [C]
  std::vector<RowsChanged> by_class;     // [C]
  RowsChanged no_label;                  // rows without one
};

struct RunReport {
  std::string name, folder;     // "movies-0611-1412", "runs/movies-0611-1412"
  std::string started;          // "2026-06-11 14:12"
  std::string status = "done";  // done, interrupted, failed
  std::int64_t seed = 0;
  double seconds = 0;  // the whole run
  TrainNumbers train;
  BestStep best;
  SoupMix soup;
  std::vector<Curve> losses;           // train first
  std::vector<Curve> learning_rates;   // one a parameter group that differs
  std::vector<Curve> metrics;          // over evaluations, "valid/movies/sentiment/accuracy"
  TaskBalance balance;                 // no tasks: there was no balancer
  std::vector<AugmentResult> augment;  // by stream, then in the order of the steps
  std::vector<HeadResult> results;     // in the config's order; test before valid is not required
  std::vector<HeadStop> stopped;       // in the order they stopped
  std::vector<BaselineResult> baselines;
  std::vector<Count> data;    // "read" first
  std::vector<Count> splits;  // rows of train, valid, test
  std::vector<WarningCount> warnings;
  std::vector<PluginUse> plugins;
  std::vector<std::pair<std::string, std::string>> versions;  // {"graft", "0.1.0"}, {"libtorch", "2.11.0"}
  std::string config;                                         // as resolved, JSON
  std::vector<std::pair<std::string, double>> timings;        // {"read data", 1.2} seconds, in the order of the data's way
  std::string predict_example;                                // a file name for the last hint: "rows.csv"
};

}  // namespace graft::core
