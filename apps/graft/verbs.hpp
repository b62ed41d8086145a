// The verbs of the command line: what each is asked for, and what it returns to the shell.
//
//   0 fine   1 the run failed   2 the request was wrong   3 interrupted, saved and resumable
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace graft::app {

struct PluginOptions {             // for every verb that loads or lists plugins
  std::vector<std::string> files;  // --plugin
  std::vector<std::string> paths;  // --plugin-path
};

struct TrainOptions {
  std::string config;             // empty with --resume: that of the run
  std::vector<std::string> sets;  // "optimizer.learning_rate=3e-5"
  std::string out;
  bool resume = false, overwrite = false, quick = false, profile = false;
  std::vector<std::int64_t> seeds;  // --seeds: a run for each
  bool leave_one_out = false;       // a run for each stream that trains, without it
};

struct ConfigOptions {  // explain, check
  std::string config;
  std::vector<std::string> sets;
  bool json = false;
};

struct RowsOptions {  // eval, predict, embed
  std::string run, file, out, stream;
  std::vector<std::string> texts;  // --text
  std::vector<std::string> map;    // "text=review": the model's column text is the file's column review
  std::string split = "test";
  bool json = false;
};

struct CompareOptions {
  std::string a, b, split = "test";  // folders of runs
  bool json = false;
};

struct RankOptions {
  std::vector<std::string> configs, sets;
  std::string head, split = "train";  // head empty: the first of the first config
  std::int64_t rows = 2000;           // at most
  bool json = false;
};

// Runs a verb; what it throws is printed, and told by its return value. Errors by whose fault they are.
int guarded_verb(const std::function<int()>& verb);

int train(const TrainOptions& options, const PluginOptions& plugins);
int train_series(const TrainOptions& options, const PluginOptions& plugins);  // several runs of one config
int check(const ConfigOptions& options, const PluginOptions& plugins);
int explain(const ConfigOptions& options, const PluginOptions& plugins);
int schema(const PluginOptions& plugins);
int list(const std::string& kind, bool all, bool json, const PluginOptions& plugins);
int show(const std::string& name, bool json, const PluginOptions& plugins);
int eval(const RowsOptions& options, const PluginOptions& plugins);
int predict(const RowsOptions& options, const PluginOptions& plugins);
int embed(const RowsOptions& options, const PluginOptions& plugins);
int compare(const CompareOptions& options);
int rank(const RankOptions& options, const PluginOptions& plugins);
int init(const std::string& data, const std::string& target, const std::string& out, const PluginOptions& plugins);

}  // namespace graft::app
