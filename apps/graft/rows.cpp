// The verbs that put rows through a trained model: eval, predict, embed.
#include <ATen/Parallel.h>

#include <cstdio>

#include "catalog.hpp"
#include "core/config/resolve.hpp"
#include "core/data/streams.hpp"
#include "core/report/csv_writer.hpp"
#include "core/run/answers.hpp"
#include "core/run/assembly.hpp"
#include "core/run/model_folder.hpp"
#include "core/run/open_rows.hpp"
#include "core/run/run_folder.hpp"
#include "core/train/compute.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

using Renames = std::vector<std::pair<std::string, std::string>>;

Renames renames_of(const RowsOptions& options) {
  Renames renames;
  for (const std::string& pair : options.map) {
    const std::size_t sign = pair.find('=');
    if (sign == std::string::npos || sign == 0 || sign + 1 == pair.size())
      throw Error("graft", "--map is written NAME=COLUMN, the run's name first; got " + pair);
    renames.emplace_back(pair.substr(0, sign), pair.substr(sign + 1));
  }
  return renames;
}

std::string stream_of(const RowsOptions& options, const Value& saved) {
  const Value::Object& streams = saved.at("data").object();
  if (options.stream.empty()) return streams.front().key;
  std::vector<std::string> names;
  for (const Value::Member& stream : streams) names.push_back(stream.key);
  if (saved.at("data").find(options.stream)) return options.stream;
  const std::string close = nearest(options.stream, names);
  throw Error("graft", "the run has no stream " + options.stream + (close.empty() ? "" : ", did you mean " + close + "?"));
}

struct Loaded {
  core::Loader loader;
  core::TrainedModel model;
  core::Rows rows;

  Loaded(const RowsOptions& options, const core::PluginCatalog& catalog, bool with_targets) : loader(catalog) {
    const core::RunFolder folder = core::RunFolder::open(options.run);
    const Value saved = core::read_saved_model(folder.model());
    core::open_devices();
    const std::string stream = stream_of(options, saved);
    const auto needed = core::needed_columns(saved, stream, with_targets, loader);
    rows = options.texts.empty() ? core::open_rows(options.file, saved, stream, needed, renames_of(options), loader)
                                 : core::rows_of_texts(options.texts, needed);
    at::set_num_threads(core::compute_threads(core::load_resolved(folder.file("config.json"))));
    model = core::load_model(folder.model(), stream, rows.schema, with_targets, loader);
    model.pipeline->clean(rows.batch, at::get_num_threads());
  }
};

void print_scores(const std::vector<core::HeadEvaluation>& heads, bool json) {
  Value all = Value::Object{};
  for (const core::HeadEvaluation& head : heads) {
    const std::string prefix = head.stream + "/" + head.head + "/";
    for (const auto& score : head.scores) all.set(prefix + score.metric, score.value);
    all.set(prefix + "loss", head.loss());
  }
  if (json) return void(std::puts(to_json(all, 2).c_str()));
  for (const Value::Member& score : all.object()) std::printf("%-36s %.4f\n", score.key.c_str(), score.value.number());
}

std::string predictions_csv(const core::Rows& rows, const std::vector<core::HeadEvaluation>& heads) {
  std::vector<std::vector<std::string>> columns;
  for (const Field& field : rows.schema) {
    std::vector<std::string> cells = {field.name};
    const Column& column = rows.batch.column(field.name);
    if (const auto* texts = std::get_if<Strings>(&column))
      cells.insert(cells.end(), texts->begin(), texts->end());
    else if (const auto* numbers = std::get_if<Tensor>(&column); numbers && numbers->dim() == 1)
      for (std::int64_t i = 0; i < numbers->numel(); ++i)
        cells.push_back(core::csv_number(numbers->to(at::kDouble).const_data_ptr<double>()[i]));
    else
      continue;
    columns.push_back(std::move(cells));
  }
  for (const core::HeadEvaluation& head : heads) {
    columns.push_back(core::prediction_texts(head));
    columns.back().insert(columns.back().begin(), head.head);
    for (auto& [name, numbers] : core::probability_columns(head)) {
      columns.push_back({std::move(name)});
      for (double number : numbers) columns.back().push_back(core::csv_number(number));
    }
  }
  std::string text;
  std::vector<std::string> line(columns.size());
  for (std::int64_t i = 0; i <= rows.batch.size(); ++i) {
    for (std::size_t c = 0; c < columns.size(); ++c) line[c] = columns[c][i];
    text += core::csv_line(line);
  }
  return text;
}

std::string predictions_jsonl(const core::Rows& rows, const std::vector<core::HeadEvaluation>& heads) {
  std::string text;
  std::vector<std::vector<std::string>> predicted;
  std::vector<std::vector<core::NumberColumn>> probabilities;
  for (const core::HeadEvaluation& head : heads) {
    predicted.push_back(core::prediction_texts(head));
    probabilities.push_back(core::probability_columns(head));
  }
  for (std::int64_t i = 0; i < rows.batch.size(); ++i) {
    Value line = Value::Object{};
    for (const Field& field : rows.schema) {
      const Column& column = rows.batch.column(field.name);
      if (const auto* texts = std::get_if<Strings>(&column))
        line.set(field.name, (*texts)[i]);
      else if (const auto* numbers = std::get_if<Tensor>(&column); numbers && numbers->dim() == 1)
        line.set(field.name, numbers->to(at::kDouble).const_data_ptr<double>()[i]);
    }
    for (std::size_t h = 0; h < heads.size(); ++h) {
      if (core::form_of(heads[h]) == core::AnswerForm::kNumber)
        line.set(heads[h].head, heads[h].predictions.tensor("value").to(at::kDouble).const_data_ptr<double>()[i]);
      else
        line.set(heads[h].head, predicted[h][i]);
      for (const auto& [name, numbers] : probabilities[h]) line.set(name, numbers[i]);
    }
    text += to_json(line) + "\n";
  }
  return text;
}

void deliver(const std::string& text, const std::string& out) {
  if (out.empty())
    std::fwrite(text.data(), 1, text.size(), stdout);
  else
    write_file(out, text);
}

// Through the saved pipeline and model, so that nothing is read but the run and its rows.
int eval_own_rows(const RowsOptions& options, const core::PluginCatalog& catalog) {
  const core::RunFolder folder = core::RunFolder::open(options.run);
  const Value config = core::load_resolved(folder.file("config.json"));
  core::read_saved_model(folder.model());
  core::Loader loader(catalog);
  core::open_devices();
  at::set_num_threads(core::compute_threads(config));
  std::vector<core::HeadEvaluation> heads;
  for (core::Stream& stream : core::open_streams(config.at("data"), loader)) {
    const auto rows = stream.splits.find(options.split);
    if (rows == stream.splits.end()) continue;
    core::TrainedModel model = core::load_model(folder.model(), stream.name, stream.schema, true, loader);
    model.pipeline->clean(rows->second, at::get_num_threads());
    for (core::HeadEvaluation& head : core::evaluate_rows(model.network, 0, stream.name, rows->second, {}, loader))
      heads.push_back(std::move(head));
  }
  if (heads.empty()) throw Error("graft", "the run has no rows in its split " + options.split);
  print_scores(heads, options.json);
  return 0;
}

}  // namespace

int eval(const RowsOptions& options, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  if (options.file.empty()) return eval_own_rows(options, catalog);
  Loaded loaded(options, catalog, true);
  print_scores(core::evaluate_rows(loaded.model.network, 0, loaded.model.stream, loaded.rows.batch, {}, loaded.loader),
               options.json);
  return 0;
}

int predict(const RowsOptions& options, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  Loaded loaded(options, catalog, false);
  core::EvaluateOptions unlabelled;
  unlabelled.with_metrics = false;
  const auto heads =
      core::evaluate_rows(loaded.model.network, 0, loaded.model.stream, loaded.rows.batch, unlabelled, loaded.loader);
  const bool jsonl = options.out.empty() ? options.file.ends_with(".jsonl") : options.out.ends_with(".jsonl");
  deliver(jsonl ? predictions_jsonl(loaded.rows, heads) : predictions_csv(loaded.rows, heads), options.out);
  return 0;
}

int embed(const RowsOptions& options, const PluginOptions& plugins) {
  if (options.out.empty()) throw Error("graft", "embed writes a safetensors file: give it --out FILE.safetensors");
  const core::PluginCatalog catalog = open_catalog(plugins);
  Loaded loaded(options, catalog, false);
  const NamedTensors features = core::embed_rows(loaded.model.network, loaded.rows.batch, 64);
  write_safetensors(options.out, features);
  std::printf("%s:", options.out.c_str());
  for (const auto& [name, tensor] : features)
    std::printf("%s %s [%lld, %lld]", name == features.front().first ? "" : ",", name.c_str(),
                static_cast<long long>(tensor.size(0)), static_cast<long long>(tensor.size(1)));
  std::printf("\n");
  return 0;
}

}  // namespace graft::app
