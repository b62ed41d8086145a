#include "core/run/preview.hpp"

#include <ATen/Parallel.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/data/order.hpp"
#include "core/data/streams.hpp"
#include "core/pipeline/columns.hpp"
#include "core/pipeline/pipeline.hpp"
#include "core/registry/guarded.hpp"
#include "core/run/assembly.hpp"
#include "core/run/preview_values.hpp"
#include "core/train/network.hpp"

namespace graft::core {
namespace {

constexpr std::size_t kColumnsShown = 6;

Batch some_rows(const Batch& rows, std::int64_t count) {
  std::vector<std::int64_t> positions = permutation(rows.size(), Rng(0).fork("preview"));
  positions.resize(static_cast<std::size_t>(std::min(count, rows.size())));
  std::sort(positions.begin(), positions.end());
  return rows.select(positions);
}

std::int64_t shown_number(std::int64_t row_id) { return (row_id & ((std::int64_t{1} << 40) - 1)) + 1; }

using Entries = std::map<std::string, std::vector<std::int64_t>>;  // by column: those of a wide vector to show

// The values of some columns; of many the first ones, and how many there are.
std::vector<PreviewValue> values_of(const Schema& schema, const Batch& batch, const std::vector<std::string>& columns,
                                    std::int64_t row, const Entries& entries = {}) {
  std::vector<PreviewValue> values;
  for (const std::string& name : columns) {
    if (values.size() == kColumnsShown) {
      values.push_back({"\xE2\x80\xA6", std::to_string(columns.size()) + " in all", {}});
      break;
    }
    const auto shown = entries.find(name);
    if (const Field* field = find(schema, name))
      values.push_back(
          preview_value(*field, batch.column(name), row, shown == entries.end() ? std::vector<std::int64_t>() : shown->second));
  }
  return values;
}

std::vector<std::string> names_in(const Schema& schema) {
  std::vector<std::string> names;
  for (const Field& field : schema) names.push_back(field.name);
  return names;
}

std::vector<std::string> made_columns_of(const Schema& before, const Schema& after) {
  std::vector<std::string> names;
  for (const Field& field : after)
    if (const Field* same = find(before, field.name); !same || !(*same == field)) names.push_back(field.name);
  return names;
}

const Value& manifest_of(const PipelineStep& step, const Loader& loader) {
  return loader.catalog().find(step.augmenter ? Kind::kAugmenter : Kind::kExtractor, step.use)->entry;
}

// The columns that an augmenter's manifest says it changes.
std::vector<std::string> changed_columns(const PipelineStep& step, const Value& manifest) {
  std::vector<std::string> names;
  for (const Value& parameter : manifest.at("changes").list()) {
    const Value* given = step.parameters.find(parameter.text());
    const Value::List one = {given ? *given : Value()};
    for (const Value& name : given && given->is_list() ? given->list() : one)
      if (name.is_text()) names.push_back(name.text());
  }
  return names;
}

// "Each row with chance 0.8 where label is good, 0.3 of the others"
std::string chance_of_rows(const Value& parameters) {
  const Value& p = parameters.at("p");
  if (!p.is_object()) return p == Value(1.0) || p == Value(1) ? "Every row" : "Each row with chance " + to_json(p);
  std::string text;
  for (const Value::Member& chance : p.object())
    if (chance.key != "*")
      text += (text.empty() ? " " : ", ") + to_json(chance.value) + " where " + parameters.at("by").text() + " is " + chance.key;
  if (const Value* others = p.find("*")) text += (text.empty() ? " " : ", ") + to_json(*others) + " of the others";
  return "Each row with chance" + text;
}

std::string chance_text(const Value& parameters) {
  const Value &until = parameters.at("until_epoch"), &group = parameters.at("one_of");
  std::string text = chance_of_rows(parameters);
  if (group.is_text()) text = "Each row goes through one of the steps that share one_of " + group.text() + ". " + text;
  if (!until.is_integer()) return text;
  return text + (until.integer() == 1 ? ", in epoch 1 alone" : ", in epochs 1 to " + std::to_string(until.integer()));
}

// The columns of the source, those first that some step names by itself or with one other: labels and texts before measurements.
std::vector<std::string> telling_first(const Schema& schema, const Pipeline& pipeline, std::size_t stream, const Loader& loader) {
  std::set<std::string> telling;
  for (const PipelineStep& step : pipeline.steps()) {
    if (!step.streams.contains(stream)) continue;
    const auto named = named_columns(step.parameters, manifest_of(step, loader).at("params"), loader.catalog());
    if (named.size() <= 2) telling.insert(named.begin(), named.end());
  }
  std::vector<std::string> columns = names_in(schema);
  std::stable_partition(columns.begin(), columns.end(), [&](const std::string& name) { return telling.contains(name); });
  return columns;
}

// One stream's rows on their way through the steps.
class Way {
 public:
  Way(const Pipeline& pipeline, std::size_t stream, const Stream& source, std::int64_t rows, std::uint64_t seed,
      const Loader& loader)
      : pipeline_(pipeline),
        stream_(stream),
        seed_(seed),
        loader_(loader),
        schema_(source.schema),
        rows_(some_rows(source.splits.at("train"), rows)),
        clean_(rows_) {
    seen_.name = source.name;
    seen_.training_rows = source.splits.at("train").size();
    const std::vector<std::string> columns = telling_first(schema_, pipeline, stream, loader);
    for (std::int64_t row = 0; row < rows_.size(); ++row)
      seen_.rows.push_back({number(row), values_of(schema_, rows_, columns, row), {}, {}});
  }

  PreviewStream through_all() {
    for (const PipelineStep& step : pipeline_.steps())
      if (step.streams.contains(stream_)) seen_.steps.push_back(step.augmenter ? augmented(step) : extracted(step));
    return std::move(seen_);
  }

 private:
  std::int64_t number(std::int64_t row) const { return shown_number(rows_.row_ids()[static_cast<std::size_t>(row)]); }

  PreviewStep shown(const PipelineStep& step, const Value& manifest) const {
    return {step.name, step.use, manifest.at("summary").text(), {}, step.augmenter != nullptr, {}};
  }

  PreviewStep extracted(const PipelineStep& step) {
    const Value& manifest = manifest_of(step, loader_);
    PreviewStep shown = this->shown(step, manifest);
    const Batch before = rows_;
    const Schema inputs = schema_;
    schema_ = guarded(*step.plugin, "outputs", [&] { return step.extractor->outputs(inputs); });
    guarded(*step.plugin, "transform", [&] { step.extractor->transform(rows_); });
    if (!has_augmented_) guarded(*step.plugin, "transform", [&] { step.extractor->transform(clean_); });
    const auto reads = named_columns(step.parameters, manifest.at("params"), loader_.catalog()),
               makes = made_columns_of(inputs, schema_);
    for (std::int64_t row = 0; row < rows_.size(); ++row)
      shown.rows.push_back({number(row), values_of(inputs, before, reads, row), {values_of(schema_, rows_, makes, row)}, {}});
    return shown;
  }

  PreviewStep augmented(const PipelineStep& step) {
    has_augmented_ = true;
    const Value& manifest = manifest_of(step, loader_);
    PreviewStep shown = this->shown(step, manifest);
    shown.chance = chance_text(step.parameters);
    const std::vector<std::string> columns = changed_columns(step, manifest);
    const Batch before = rows_;
    const std::vector<Batch> epochs = by_epoch(step);
    for (std::int64_t row = 0; row < before.size(); ++row) {
      const Entries entries = entries_to_show(before, epochs, columns, row);
      PreviewRow seen{number(row), values_of(schema_, before, columns, row, entries), {}, {}};
      for (const Batch& after : epochs) {
        seen.after.push_back(values_of(schema_, after, columns, row, entries));
        seen.is_changed.push_back(changed_rows(before, after)[row].item<bool>());
      }
      shown.rows.push_back(std::move(seen));
    }
    rows_ = epochs[0];  // what the next steps go on with
    return shown;
  }

  std::vector<Batch> by_epoch(const PipelineStep& step) const {
    std::vector<Batch> epochs(kPreviewEpochs, rows_);
    const bool is_batch = step.augmenter->scope() == Augmenter::Scope::kBatch;
    for (int epoch = 0; epoch < kPreviewEpochs; ++epoch)
      pipeline_.augment(step, stream_, epochs[static_cast<std::size_t>(epoch)], clean_,
                        is_batch ? Pipeline::batch_draws(seed_, epoch) : Pipeline::row_draws(seed_, epoch), epoch);
    return epochs;
  }

  static Entries entries_to_show(const Batch& before, const std::vector<Batch>& epochs, const std::vector<std::string>& columns,
                                 std::int64_t row) {
    Entries entries;
    for (const std::string& name : columns) {
      std::vector<const Column*> after;
      for (const Batch& epoch : epochs)
        if (epoch.has(name)) after.push_back(&epoch.column(name));
      if (before.has(name)) entries[name] = entries_that_differ(before.column(name), after, row);
    }
    return entries;
  }

  const Pipeline& pipeline_;
  std::size_t stream_;
  std::uint64_t seed_;
  const Loader& loader_;
  Schema schema_;
  Batch rows_, clean_;  // clean_: with the labels as they were before any augmenter
  bool has_augmented_ = false;
  PreviewStream seen_;
};

}  // namespace

Preview preview(const ResolvedConfig& config, Loader& loader, std::int64_t rows) {
  const int threads = compute_threads(config.root);
  at::set_num_threads(threads);
  Preview seen{config.name, config.root.at("run").at("seed").integer(), {}};
  const std::vector<Stream> streams = open_streams(config.root.at("data"), loader);
  std::vector<StreamRows> all;
  const Pipeline pipeline(config.root, streams, target_columns(config.root, loader), loader, threads, all);
  for (std::size_t s = 0; s < streams.size(); ++s)
    seen.streams.push_back(Way(pipeline, s, streams[s], rows, static_cast<std::uint64_t>(seen.seed), loader).through_all());
  return seen;
}

}  // namespace graft::core
