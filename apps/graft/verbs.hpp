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
  bool is_safe_mode = false;       // --safe-mode: graft's own alone
};

struct TrainOptions {
  std::string config;             // empty with --resume: that of the run
  std::vector<std::string> sets;  // "optimizer.learning_rate=3e-5"
  std::string out;
  bool resume = false, overwrite = false, quick = false, profile = false, check = false;
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

struct PreviewOptions {
  std::string config, out;  // out empty: <config>.preview.html
  std::vector<std::string> sets;
  std::int64_t rows = 6;  // of each stream
};

struct NewPluginOptions {
  std::string kind, id, folder;
};

struct TrustOptions {
  std::vector<std::string> files;  // with --remove also hashes
  bool list = false, remove = false, json = false;
};

struct PluginCheckOptions {
  std::vector<std::string> what;          // plugin files, or names of components
  std::vector<std::string> only, except;  // -t, -x: regular expressions over the tests' ids
  std::string junit;
  std::uint64_t seed = 1;
  double limit_seconds = 20;  // of one test
  bool only_static = false, only_failed = false, in_process = false, watch = false, json = false;
};

// Runs a verb; what it throws is printed, and told by its return value. Errors by whose fault they are.
int guarded_verb(const std::function<int()>& verb);

int train(const TrainOptions& options, const PluginOptions& plugins);
int train_series(const TrainOptions& options, const PluginOptions& plugins);  // several runs of one config
int check(const ConfigOptions& options, const PluginOptions& plugins);
int explain(const ConfigOptions& options, const PluginOptions& plugins);
int schema(bool is_manifest, const PluginOptions& plugins);  // of configs, or of plugin.json
int preview(const PreviewOptions& options, const PluginOptions& plugins);
int list(const std::string& kind, bool all, bool json, const PluginOptions& plugins);
int show(const std::string& name, bool json, const PluginOptions& plugins);
int eval(const RowsOptions& options, const PluginOptions& plugins);
int predict(const RowsOptions& options, const PluginOptions& plugins);
int embed(const RowsOptions& options, const PluginOptions& plugins);
int compare(const CompareOptions& options);
int rank(const RankOptions& options, const PluginOptions& plugins);
int init(const std::string& data, const std::string& target, const std::string& out, const PluginOptions& plugins);
int doctor(bool json, const PluginOptions& plugins);  // what this machine can do
int plugin_new(const NewPluginOptions& options);
int plugin_trust(const TrustOptions& options);
int plugin_unquarantine(const std::vector<std::string>& names, bool all);  // files or hashes
int plugin_probe(const std::string& path, const PluginOptions& plugins);   // what its first use runs, as a child
int plugin_doctor(const std::vector<std::string>& files, bool json, const PluginOptions& plugins);  // no files: all found
int plugin_abi(bool json);
int plugin_check(const PluginCheckOptions& options, const PluginOptions& plugins);

}  // namespace graft::app
