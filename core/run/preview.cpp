#include "core/run/preview.hpp"

#include <ATen/Parallel.h>

#include <algorithm>

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

constexpr std::size_t kColumnsShown = 8;

Batch some_rows(const Batch& rows, std::int64_t count) {
  std::vector<std::int64_t> positions = permutation(rows.size(), Rng(0).fork("preview"));
  positions.resize(static_cast<std::size_t>(std::min(count, rows.size())));
  std::sort(positions.begin(), positions.end());
  return rows.select(positions);
}

std::int64_t shown_number(std::int64_t row_id) { return (row_id & ((std::int64_t{1} << 40) - 1)) + 1; }

// The values of some columns; of many the first ones, and how many there are.
std::vector<PreviewValue> values_of(const Schema& schema, const Batch& batch, const std::vector<std::string>& columns,
                                    std::int64_t row) {
  std::vector<PreviewValue> values;
  for (const std::string& name : columns) {
    if (values.size() == kColumnsShown) {
      values.push_back({"\xE2\x80\xA6", std::to_string(columns.size()) + " in all", {}});
      break;
    }
    if (const Field* field = find(schema, name)) values.push_back(preview_value(*field, batch.column(name), row));
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

std::string chance_text(const Value& parameters) {
  const Value &p = parameters.at("p"), &until = parameters.at("until_epoch"), &group = parameters.at("one_of");
  std::string text = p == Value(1.0) || p == Value(1) ? "Every row" : "Each row with chance " + to_json(p);
  if (p.is_object()) text += " by " + parameters.at("by").text();
  if (group.is_text()) text = "Each row goes through one of the steps that share one_of " + group.text() + ". " + text;
  return until.is_integer() ? text + ", until epoch " + std::to_string(until.integer()) : text;
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
    for (std::int64_t row = 0; row < rows_.size(); ++row)
      seen_.rows.push_back({number(row), values_of(schema_, rows_, names_in(schema_), row), {}});
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
      shown.rows.push_back({number(row), values_of(inputs, before, reads, row), {values_of(schema_, rows_, makes, row)}});
    return shown;
  }

  PreviewStep augmented(const PipelineStep& step) {
    has_augmented_ = true;
    const Value& manifest = manifest_of(step, loader_);
    PreviewStep shown = this->shown(step, manifest);
    shown.chance = chance_text(step.parameters);
    const std::vector<std::string> columns = changed_columns(step, manifest);
    const Batch before = rows_;
    for (std::int64_t row = 0; row < before.size(); ++row)
      shown.rows.push_back({number(row), values_of(schema_, before, columns, row), {}});
    for (int epoch = kPreviewEpochs; epoch-- > 0;) {  // the first epoch last: the next steps go on with it
      rows_ = before;
      const bool is_batch = step.augmenter->scope() == Augmenter::Scope::kBatch;
      pipeline_.augment(step, stream_, rows_, clean_,
                        is_batch ? Pipeline::batch_draws(seed_, epoch) : Pipeline::row_draws(seed_, epoch), epoch);
      for (std::int64_t row = 0; row < rows_.size(); ++row) {
        auto& after = shown.rows[static_cast<std::size_t>(row)].after;
        after.insert(after.begin(), values_of(schema_, rows_, columns, row));
      }
    }
    return shown;
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
