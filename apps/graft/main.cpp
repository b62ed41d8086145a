#include <CLI/CLI.hpp>
#include <cstdio>

#include "core/config/resolve.hpp"
#include "core/registry/guarded.hpp"
#include "core/registry/refused.hpp"
#include "graft/error.hpp"
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

// Errors by whose fault they are.
int guard(const std::function<int()>& verb) {
  try {
    return verb();
  } catch (const graft::core::ConfigErrors& errors) {
    std::fprintf(stderr, "%s\n", errors.what());
    return 2;
  } catch (const graft::core::PluginRefused& refused) {
    std::fprintf(stderr, "%s\n", refused.what());
    return 2;
  } catch (const graft::core::PluginError& error) {
    std::fprintf(stderr, "%s\n", error.what());  // a plugin's own error is about what it was given; anything else is its fault
    return error.cxx_type == "graft::Error" ? 2 : 1;
  } catch (const graft::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return error.where() == "train" ? 1 : 2;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
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

  PluginOptions plugins;
  app.add_option("--plugin", plugins.files, "a plugin file to use as well, trusted for this call; repeatable")
      ->allow_extra_args(false);
  app.add_option("--plugin-path", plugins.paths, "a folder to look for plugins in, before GRAFT_PLUGIN_PATH; repeatable")
      ->allow_extra_args(false);

  std::function<int()> chosen;
  auto verb = [&](const char* name, const char* summary) { return app.add_subcommand(name, summary)->fallthrough(); };

  TrainOptions train_options;
  auto* train_verb = verb("train", "fine-tune what the config says and write a run folder");
  add_config(train_verb, train_options.config, train_options.sets, false);
  train_verb->add_option("--out", train_options.out, "the run's folder (default: runs/<config>-<time>)");
  train_verb->add_flag("--resume", train_options.resume,
                       "go on with the run in --out from its last checkpoint, to the same bits");
  train_verb->add_flag("--overwrite", train_options.overwrite, "replace the run in --out");
  train_verb->add_flag("--quick", train_options.quick,
                       "a few rows through every phase, checkpoint, prediction and report: does it all fit?");
  train_verb->add_flag("--profile", train_options.profile,
                       "where the time of ten steps goes: a table by op, and a trace in profile.json");
  example(train_verb, "graft train movies.json --set run.seed=2 --out runs/second");
  train_verb->callback([&] { chosen = [&] { return train(train_options, plugins); }; });

  ConfigOptions config_options;
  auto* check_verb = verb("check", "find all errors of a config: names, types, files, then columns and shapes");
  add_config(check_verb, config_options.config, config_options.sets);
  example(check_verb, "graft check movies.json");
  check_verb->callback([&] { chosen = [&] { return check(config_options, plugins); }; });

  auto* explain_verb = verb("explain", "print every value of a config with its origin and meaning");
  add_config(explain_verb, config_options.config, config_options.sets);
  explain_verb->add_flag("--json", config_options.json, "the resolved config as JSON");
  example(explain_verb, "graft explain movies.json --set model.use=identity");
  explain_verb->callback([&] { chosen = [&] { return explain(config_options, plugins); }; });

  auto* schema_verb = verb("schema", "print a JSON Schema of configs, for editors");
  example(schema_verb, "graft schema > graft.schema.json");
  schema_verb->callback([&] { chosen = [&] { return schema(plugins); }; });

  std::string kind, name;
  bool all = false, json = false;
  auto* list_verb = verb("list", "list the components that can be used");
  list_verb->add_option("kind", kind, "source, extractor, augmenter, model, adapter, head, metric, balancer, task or searcher");
  list_verb->add_flag("--all", all, "also plugin files that were refused, with the reason");
  list_verb->add_flag("--json", json, "as JSON");
  example(list_verb, "graft list model");
  list_verb->callback([&] { chosen = [&] { return list(kind, all, json, plugins); }; });

  auto* show_verb = verb("show", "show one component: what it does and its parameters");
  show_verb->add_option("name", name, "as in a config: bert, or acme/scale; kind/name where two kinds share a name")->required();
  show_verb->add_flag("--json", json, "its manifest entry as JSON");
  example(show_verb, "graft show bert");
  show_verb->callback([&] { chosen = [&] { return show(name, json, plugins); }; });

  RowsOptions rows;
  auto* eval_verb = verb("eval", "measure a trained model on rows that have labels");
  add_rows(eval_verb, rows);
  eval_verb->add_option("file", rows.file, "rows to measure on (default: the run's own --split)");
  eval_verb->add_option("--split", rows.split, "train, valid or test, of the run's own data")
      ->check(CLI::IsMember({"train", "valid", "test"}));
  eval_verb->add_flag("--json", rows.json, "as JSON");
  example(eval_verb, "graft eval runs/latest other.csv");
  eval_verb->callback([&] { chosen = [&] { return eval(rows, plugins); }; });

  auto* predict_verb = verb("predict", "predict for rows of a CSV or JSONL file, standard input or the command line");
  add_rows(predict_verb, rows);
  predict_verb->add_option("file", rows.file, "rows: .csv, .tsv, .jsonl, perhaps .gz; - or nothing for standard input (CSV)");
  predict_verb->add_option("--text", rows.texts, "a text to predict for, instead of a file; repeatable")->allow_extra_args(false);
  example(predict_verb, "graft predict runs/latest --text 'a film of rare grace'");
  predict_verb->callback([&] { chosen = [&] { return predict(rows, plugins); }; });

  auto* embed_verb = verb("embed", "write the model's features of rows as safetensors");
  add_rows(embed_verb, rows);
  embed_verb->add_option("file", rows.file, "rows: .csv, .tsv or .jsonl")->required();
  example(embed_verb, "graft embed runs/latest rows.csv --out features.safetensors");
  embed_verb->callback([&] { chosen = [&] { return embed(rows, plugins); }; });

  CompareOptions compared;
  auto* compare_verb = verb("compare", "did it help? two runs on the rows that both predicted, with a paired test");
  compare_verb->add_option("a", compared.a, "folder of the run to compare with")->required();
  compare_verb->add_option("b", compared.b, "folder of the other run")->required();
  compare_verb->add_option("--split", compared.split, "test or valid")->check(CLI::IsMember({"test", "valid"}));
  compare_verb->add_flag("--json", compared.json, "as JSON");
  example(compare_verb, "graft compare runs/transfer runs/coral");
  compare_verb->callback([&] { chosen = [&] { return compare(compared); }; });

  RankOptions ranked;
  auto* rank_verb = verb("rank", "which trunk suits the data? each config's features against its labels, before any training");
  rank_verb->add_option("configs", ranked.configs, "JSON files with the same data and head")->required();
  rank_verb->add_option("--head", ranked.head, "the head whose labels count (default: the first of the first config)");
  rank_verb->add_option("--split", ranked.split, "train or valid")->check(CLI::IsMember({"train", "valid"}));
  rank_verb->add_option("--rows", ranked.rows, "at most so many rows, drawn by chance and the same for all (default: 2000)")
      ->check(CLI::PositiveNumber);
  rank_verb->add_option("--set", ranked.sets, "override one value of every config; repeatable")->allow_extra_args(false);
  rank_verb->add_flag("--json", ranked.json, "as JSON");
  example(rank_verb, "graft rank movies.json frozen.json classic.json");
  rank_verb->callback([&] { chosen = [&] { return rank(ranked, plugins); }; });

  std::string data, target, out;
  auto* init_verb = verb("init", "write a first config for a file of rows");
  init_verb->add_option("data", data, "a .csv, .tsv or .jsonl file")->required();
  init_verb->add_option("--target", target, "the column to predict")->required();
  init_verb->add_option("--out", out, "where to write (default: standard output)");
  example(init_verb, "graft init reviews.csv --target stars > first.json");
  init_verb->callback([&] { chosen = [&] { return init(data, target, out, plugins); }; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return guard(chosen);
}
