#include <CLI/CLI.hpp>
#include <cstdio>

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
  std::string kind, name, data, target, out;
  bool all = false, json = false;
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
  example(schema_verb, "graft schema > graft.schema.json");
  schema_verb->callback([&] { asked.chosen = [&] { return schema(asked.plugins); }; });
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

void add_init(CLI::App& app, Asked& asked) {
  auto* init_verb = verb(app, "init", "write a first config for a file of rows");
  init_verb->add_option("data", asked.data, "a .csv, .tsv or .jsonl file")->required();
  init_verb->add_option("--target", asked.target, "the column to predict")->required();
  init_verb->add_option("--out", asked.out, "where to write (default: standard output)");
  example(init_verb, "graft init reviews.csv --target stars > first.json");
  init_verb->callback([&] { asked.chosen = [&] { return init(asked.data, asked.target, asked.out, asked.plugins); }; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("graft fine-tunes models through plugins: one JSON file in, a model, honest numbers and a report out.", "graft");
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

  for (const auto add : {add_train, add_config_verbs, add_component_verbs, add_row_verbs, add_compare, add_rank, add_init})
    add(app, asked);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return guarded_verb(asked.chosen);
}
