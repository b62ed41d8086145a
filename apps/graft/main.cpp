#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>

#include "core/registry/crash.hpp"
#include "core/registry/quarantine.hpp"
#include "man_page.hpp"
#include "verbs.hpp"

namespace {

using namespace graft::app;

void example(CLI::App* verb, const std::string& lines) { verb->footer("Example:\n  " + lines); }

void add_config(CLI::App* verb, std::string& config, std::vector<std::string>& sets, bool required = true) {
  auto* option = verb->add_option("config", config, "the JSON file");
  if (required) option->required();
  verb->add_option("--set", sets, "override one value, as in optimizer.learning_rate=3e-5; =null removes; repeatable")
      ->allow_extra_args(false);
}

void add_rows(CLI::App* verb, RowsOptions& rows) {
  verb->add_option("run", rows.run, "folder of a run")->required();
  verb->add_option("--stream", rows.stream, "the stream whose pipeline the rows go through (default: the first)");
  verb->add_option("--map", rows.map, "text=review: the run's column text is the file's column review; repeatable")
      ->allow_extra_args(false);
  verb->add_option("--out", rows.out, "where to write (default: standard output)");
}

// What the command line says; verbs refer to it until they run.
struct Asked {
  PluginOptions plugins;
  TrainOptions train;
  ConfigOptions config;
  RowsOptions rows;
  CompareOptions compared;
  RankOptions ranked;
  PreviewOptions previewed;
  NewPluginOptions new_plugin;
  PluginCheckOptions plugin_check;
  TrustOptions trust;
  std::vector<std::string> files;
  std::string kind, name, data, target, out;
  bool all = false, json = false, manifest = false;
  std::function<int()> chosen;
};

CLI::App* verb(CLI::App& app, const char* name, const char* summary) { return app.add_subcommand(name, summary)->fallthrough(); }

void add_train(CLI::App& app, Asked& asked) {
  auto* train_verb = verb(app, "train", "fine-tune what the config says and write a run folder");
  add_config(train_verb, asked.train.config, asked.train.sets, false);
  train_verb->add_option("--out", asked.train.out, "the run's folder (default: runs/<config>-<time>)");
  train_verb->add_flag("--resume", asked.train.resume, "go on with the run in --out from its last checkpoint, to the same bits");
  train_verb->add_flag("--overwrite", asked.train.overwrite, "replace the run in --out");
  train_verb->add_flag("--quick", asked.train.quick,
                       "a few rows through every phase, checkpoint, prediction and report: does it all fit?");
  train_verb->add_flag("--check", asked.train.check,
                       "hold what plugins give back to what they declare: dtype, shape, device, finite values; slower");
  train_verb->add_flag("--profile", asked.train.profile,
                       "where the time of ten steps goes: a table by op, and a trace in profile.json");
  train_verb->add_option("--seeds", asked.train.seeds, "a run for each seed, then mean and spread: 1,2,3")->delimiter(',');
  train_verb->add_flag("--leave-one-out", asked.train.leave_one_out,
                       "a run for each stream that trains, without it: how well does the model do where it has seen nothing?");
  example(train_verb, "graft train movies.json --set run.seed=2 --out runs/second");
  train_verb->callback([&] {
    asked.chosen = [&] {
      const bool is_series = !asked.train.seeds.empty() || asked.train.leave_one_out;
      return is_series ? train_series(asked.train, asked.plugins) : train(asked.train, asked.plugins);
    };
  });
}

void add_config_verbs(CLI::App& app, Asked& asked) {
  auto* check_verb = verb(app, "check", "find all errors of a config: names, types, files, then columns and shapes");
  add_config(check_verb, asked.config.config, asked.config.sets);
  example(check_verb, "graft check movies.json");
  check_verb->callback([&] { asked.chosen = [&] { return check(asked.config, asked.plugins); }; });

  auto* explain_verb = verb(app, "explain", "print every value of a config with its origin and meaning");
  add_config(explain_verb, asked.config.config, asked.config.sets);
  explain_verb->add_flag("--json", asked.config.json, "the resolved config as JSON");
  example(explain_verb, "graft explain movies.json --set model.use=identity");
  explain_verb->callback([&] { asked.chosen = [&] { return explain(asked.config, asked.plugins); }; });

  auto* schema_verb = verb(app, "schema", "print a JSON Schema of configs, for editors");
  schema_verb->add_flag("--manifest", asked.manifest, "that of plugin.json instead");
  example(schema_verb, "graft schema > graft.schema.json");
  schema_verb->callback([&] { asked.chosen = [&] { return schema(asked.manifest, asked.plugins); }; });
}

void add_component_verbs(CLI::App& app, Asked& asked) {
  auto* list_verb = verb(app, "list", "list the components that can be used");
  list_verb->add_option("kind", asked.kind,
                        "source, extractor, augmenter, model, adapter, head, metric, balancer, task or searcher");
  list_verb->add_flag("--all", asked.all, "also plugin files that were refused, with the reason");
  list_verb->add_flag("--json", asked.json, "as JSON");
  example(list_verb, "graft list model");
  list_verb->callback([&] { asked.chosen = [&] { return list(asked.kind, asked.all, asked.json, asked.plugins); }; });

  auto* show_verb = verb(app, "show", "show one component: what it does and its parameters");
  show_verb->add_option("name", asked.name, "as in a config: bert, or acme/scale; kind/name where two kinds share a name")
      ->required();
  show_verb->add_flag("--json", asked.json, "its manifest entry as JSON");
  example(show_verb, "graft show bert");
  show_verb->callback([&] { asked.chosen = [&] { return show(asked.name, asked.json, asked.plugins); }; });
}

void add_row_verbs(CLI::App& app, Asked& asked) {
  auto* eval_verb = verb(app, "eval", "measure a trained model on rows that have labels");
  add_rows(eval_verb, asked.rows);
  eval_verb->add_option("file", asked.rows.file, "rows to measure on (default: the run's own --split)");
  eval_verb->add_option("--split", asked.rows.split, "train, valid or test, of the run's own data")
      ->check(CLI::IsMember({"train", "valid", "test"}));
  eval_verb->add_flag("--json", asked.rows.json, "as JSON");
  example(eval_verb, "graft eval runs/latest other.csv");
  eval_verb->callback([&] { asked.chosen = [&] { return eval(asked.rows, asked.plugins); }; });

  auto* predict_verb = verb(app, "predict", "predict for rows of a CSV or JSONL file, standard input or the command line");
  add_rows(predict_verb, asked.rows);
  predict_verb->add_option("file", asked.rows.file,
                           "rows: .csv, .tsv, .jsonl, perhaps .gz; - or nothing for standard input (CSV)");
  predict_verb->add_option("--text", asked.rows.texts, "a text to predict for, instead of a file; repeatable")
      ->allow_extra_args(false);
  example(predict_verb, "graft predict runs/latest --text 'a film of rare grace'");
  predict_verb->callback([&] { asked.chosen = [&] { return predict(asked.rows, asked.plugins); }; });

  auto* embed_verb = verb(app, "embed", "write the model's features of rows as safetensors");
  add_rows(embed_verb, asked.rows);
  embed_verb->add_option("file", asked.rows.file, "rows: .csv, .tsv or .jsonl")->required();
  example(embed_verb, "graft embed runs/latest rows.csv --out features.safetensors");
  embed_verb->callback([&] { asked.chosen = [&] { return embed(asked.rows, asked.plugins); }; });
}

void add_compare(CLI::App& app, Asked& asked) {
  auto* compare_verb = verb(app, "compare", "did it help? two runs on the rows that both predicted, with a paired test");
  compare_verb->add_option("a", asked.compared.a, "folder of the run to compare with")->required();
  compare_verb->add_option("b", asked.compared.b, "folder of the other run")->required();
  compare_verb->add_option("--split", asked.compared.split, "test or valid")->check(CLI::IsMember({"test", "valid"}));
  compare_verb->add_flag("--json", asked.compared.json, "as JSON");
  example(compare_verb, "graft compare runs/transfer runs/coral");
  compare_verb->callback([&] { asked.chosen = [&] { return compare(asked.compared); }; });
}

void add_rank(CLI::App& app, Asked& asked) {
  auto* rank_verb =
      verb(app, "rank", "which trunk suits the data? each config's features against its labels, before any training");
  rank_verb->add_option("configs", asked.ranked.configs, "JSON files with the same data and head")->required();
  rank_verb->add_option("--head", asked.ranked.head, "the head whose labels count (default: the first of the first config)");
  rank_verb->add_option("--split", asked.ranked.split, "train or valid")->check(CLI::IsMember({"train", "valid"}));
  rank_verb->add_option("--rows", asked.ranked.rows, "at most so many rows, drawn by chance and the same for all (default: 2000)")
      ->check(CLI::PositiveNumber);
  rank_verb->add_option("--set", asked.ranked.sets, "override one value of every config; repeatable")->allow_extra_args(false);
  rank_verb->add_flag("--json", asked.ranked.json, "as JSON");
  example(rank_verb, "graft rank movies.json frozen.json classic.json");
  rank_verb->callback([&] { asked.chosen = [&] { return rank(asked.ranked, asked.plugins); }; });
}

void add_preview(CLI::App& app, Asked& asked) {
  auto* preview_verb = verb(app, "preview", "see some rows before and after each step, on a page, before any training");
  add_config(preview_verb, asked.previewed.config, asked.previewed.sets);
  preview_verb->add_option("--rows", asked.previewed.rows, "rows of each stream, drawn by chance (default: 6)")
      ->check(CLI::PositiveNumber);
  preview_verb->add_option("--out", asked.previewed.out, "the page (default: <config>.preview.html)");
  example(preview_verb, "graft preview movies.json --rows 12 --out movies.html");
  preview_verb->callback([&] { asked.chosen = [&] { return preview(asked.previewed, asked.plugins); }; });
}

void add_init(CLI::App& app, Asked& asked) {
  auto* init_verb = verb(app, "init", "write a first config for a file of rows");
  init_verb->add_option("data", asked.data, "a .csv, .tsv or .jsonl file")->required();
  init_verb->add_option("--target", asked.target, "the column to predict")->required();
  init_verb->add_option("--out", asked.out, "where to write (default: standard output)");
  example(init_verb, "graft init reviews.csv --target stars > first.json");
  init_verb->callback([&] { asked.chosen = [&] { return init(asked.data, asked.target, asked.out, asked.plugins); }; });
}

void add_doctor(CLI::App& app, Asked& asked) {
  auto* doctor_verb = verb(app, "doctor", "what this machine can do: device, precision, threads, memory, disk, plugins");
  doctor_verb->add_flag("--json", asked.json, "as JSON");
  example(doctor_verb, "graft doctor");
  doctor_verb->callback([&] { asked.chosen = [&] { return doctor(asked.json, asked.plugins); }; });
}

void add_plugin_new(CLI::App& group, Asked& asked) {
  auto* new_verb = verb(group, "new", "write a plugin to start from: sources, tests, an example that trains with it");
  new_verb
      ->add_option("--kind", asked.new_plugin.kind,
                   "source, extractor, augmenter, model, adapter, head, metric, balancer or task")
      ->required();
  new_verb->add_option("--id", asked.new_plugin.id, "<vendor>-<name>, as acme-scale: the plugin's id, and acme/scale in configs")
      ->required();
  new_verb->add_option("folder", asked.new_plugin.folder, "where to write it: a folder that is empty or not there")->required();
  example(new_verb, "graft plugin new --kind model --id acme-scale acme-scale");
  new_verb->callback([&] { asked.chosen = [&] { return plugin_new(asked.new_plugin); }; });
}

void add_plugin_trust(CLI::App& group, Asked& asked) {
  auto* trust_verb = verb(group, "trust", "let plugin files run, by the hash of their contents; graft's own need none");
  trust_verb->add_option("files", asked.trust.files, "plugin files; with --remove also their sha256");
  trust_verb->add_flag("--list", asked.trust.list, "show what is trusted");
  trust_verb->add_flag("--remove", asked.trust.remove, "trust them no longer");
  trust_verb->add_flag("--json", asked.trust.json, "the list as JSON");
  example(trust_verb, "graft plugin trust acme_scale.so");
  trust_verb->callback([&] { asked.chosen = [&] { return plugin_trust(asked.trust); }; });

  auto* release_verb = verb(group, "unquarantine", "let a plugin file load again that crashed");
  release_verb->add_option("files", asked.files, "plugin files, or their sha256");
  release_verb->add_flag("--all", asked.all, "all that are in quarantine");
  example(release_verb, "graft plugin unquarantine acme_scale.so");
  release_verb->callback([&] { asked.chosen = [&] { return plugin_unquarantine(asked.files, asked.all); }; });
}

void add_plugin_doctor(CLI::App& group, Asked& asked) {
  auto* doctor_verb = verb(group, "doctor", "every step from a plugin file to its components, with its cure where it fails");
  doctor_verb->add_option("files", asked.files, "plugin files (default: all that are found)");
  doctor_verb->add_flag("--json", asked.json, "as JSON");
  example(doctor_verb, "graft plugin doctor acme_scale.so");
  doctor_verb->callback([&] { asked.chosen = [&] { return plugin_doctor(asked.files, asked.json, asked.plugins); }; });

  auto* abi_verb = verb(group, "abi", "the binary interface that a plugin must have been built for");
  abi_verb->add_flag("--json", asked.json, "as JSON");
  example(abi_verb, "graft plugin abi");
  abi_verb->callback([&] { asked.chosen = [&] { return plugin_abi(asked.json); }; });

  auto* probe_verb = verb(group, "probe", "load a plugin file, make and destroy its components: what its first use runs");
  probe_verb->add_option("file", asked.name, "the plugin file")->required();
  example(probe_verb, "graft plugin probe acme_scale.so");
  probe_verb->callback([&] { asked.chosen = [&] { return plugin_probe(asked.name, asked.plugins); }; });
}

void add_plugin_check(CLI::App& group, Asked& asked) {
  PluginCheckOptions& options = asked.plugin_check;
  auto* check_verb = verb(group, "check", "is a plugin right? tests of every component, each in a process of its own");
  check_verb->add_option("what", options.what, "plugin files, or names of components as in a config")->required();
  check_verb->add_flag("--static", options.only_static, "only what can be told without running its code");
  check_verb->add_option("-t", options.only, "only tests whose id matches this regular expression; repeatable")
      ->allow_extra_args(false);
  check_verb->add_option("-x", options.except, "all tests but those; repeatable")->allow_extra_args(false);
  check_verb->add_option("--seed", options.seed, "of everything random (default: 1)");
  check_verb->add_option("--timeout", options.limit_seconds, "seconds for one test (default: 20)")->check(CLI::PositiveNumber);
  check_verb->add_flag("--only-failed", options.only_failed, "print only what failed or crashed");
  check_verb->add_flag("--in-process", options.in_process, "no process of their own: for debuggers");
  check_verb->add_flag("--watch", options.watch, "again after each build of the file");
  check_verb->add_option("--junit", options.junit, "also write a JUnit report to this file");
  check_verb->add_flag("--json", options.json, "the report as JSON");
  example(check_verb, "graft plugin check acme_scale.so\n  graft plugin check bert -t 'grad|save'");
  check_verb->callback([&] { asked.chosen = [&] { return plugin_check(asked.plugin_check, asked.plugins); }; });
}

void add_plugin(CLI::App& app, Asked& asked) {
  auto* group = verb(app, "plugin", "write plugins, find out why one does not load, say which may run");
  group->require_subcommand(1);
  for (const auto add : {add_plugin_new, add_plugin_check, add_plugin_trust, add_plugin_doctor}) add(*group, asked);
}

void add_man(CLI::App& app, Asked& asked) {
  auto* man_verb = verb(app, "man", "print the manual page, graft(1), which says of every verb what --help says");
  example(man_verb, "graft man | man -l -");
  man_verb->callback([&] { asked.chosen = [&] { return std::fputs(man_page(app, GRAFT_VERSION).c_str(), stdout) < 0; }; });
}

// oneDNN and LibTorch keep what they prepared for the last 1024 shapes of matrices. Batches of texts hardly ever have the same number
// of tokens twice, so that would grow by gigabytes and serve nothing; 64 hold those of one step. Read at their first use.
void bound_kernel_caches() {
  ::setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "64", 0);
  ::setenv("LRU_CACHE_CAPACITY", "64", 0);
}

// Ends the process where it stands. LibTorch takes a tenth of a second to undo the registration of its operators, and nothing of ours
// is left to do: objects are gone by now, threads have ended, files are closed.
[[noreturn]] void leave(int code) {
#ifdef __SANITIZE_ADDRESS__
  std::exit(code);  // which looks for leaks
#endif
  std::fflush(nullptr);
  ::_exit(code);
}

int run(int argc, char** argv) {
  CLI::App app("graft fine-tunes models through plugins: one JSON file in, a model, honest numbers and a report out.", "graft");
  bound_kernel_caches();
  app.set_version_flag("--version", "graft " GRAFT_VERSION);
  app.require_subcommand(1);
  app.fallthrough();
  app.footer(
      "Start here:\n  graft init rows.csv --target label > first.json\n  graft train first.json\n  graft predict runs/latest "
      "other.csv");

  Asked asked;
  app.add_option("--plugin", asked.plugins.files, "a plugin file to use as well, trusted for this call; repeatable")
      ->allow_extra_args(false);
  app.add_option("--plugin-path", asked.plugins.paths, "a folder to look for plugins in, before GRAFT_PLUGIN_PATH; repeatable")
      ->allow_extra_args(false);
  app.add_flag("--safe-mode", asked.plugins.is_safe_mode, "use graft's own plugins alone");

  for (const auto add : {add_train, add_config_verbs, add_component_verbs, add_row_verbs, add_compare, add_rank, add_preview,
                         add_init, add_doctor, add_plugin, add_man})
    add(app, asked);

  if (argc == 1) {
    std::fputs(app.help().c_str(), stderr);
    return 2;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  graft::core::catch_crashes(graft::core::Quarantine::of_user().folder());
  return guarded_verb(asked.chosen);
}

}  // namespace

int main(int argc, char** argv) { leave(run(argc, argv)); }
