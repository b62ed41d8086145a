#include "core/pipeline/pipeline.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "core/config/texts.hpp"
#include "core/conformance/outputs.hpp"
#include "core/data/table.hpp"
#include "core/pipeline/augment.hpp"
#include "core/pipeline/columns.hpp"
#include "core/pipeline/placed.hpp"
#include "core/pipeline/state_files.hpp"
#include "core/pipeline/transform.hpp"
#include "core/registry/guarded.hpp"
#include "graft/error.hpp"
#include "graft/rng.hpp"

namespace graft::core {
namespace {

struct Entry {
  const Value::Member* member;
  std::set<std::size_t> streams;
};

// Every step of the config with the streams it runs on: a stream's own steps first, then the common ones.
std::vector<Entry> entries_of(const Value& config, const std::vector<std::string>& streams) {
  std::vector<Entry> entries;
  for (std::size_t s = 0; s < streams.size(); ++s) {
    const Value* own = config.at("data").at(streams[s]).find("pipeline");
    if (!own || own->is_null()) continue;
    for (const Value::Member& member : own->object()) entries.push_back({&member, {s}});
  }
  if (const Value* common = config.find("pipeline"); common && !common->is_null())
    for (const Value::Member& member : common->object()) {
      std::set<std::size_t> on;
      for (std::size_t s = 0; s < streams.size(); ++s)
        if (names(member.value.find("streams"), streams[s])) on.insert(s);
      entries.push_back({&member, std::move(on)});
    }
  return entries;
}

std::string output_of(const Value::Member& entry) {
  const Value* output = entry.value.find("output");
  return output && !output->is_null() ? output->text() : entry.key;
}

bool is_augmenter(const Value::Member& entry, const Loader& loader) {
  return loader.catalog().find(Kind::kAugmenter, entry.value.at("use").text()) != nullptr;
}

const Value& parameter_schema(Kind kind, const std::string& use, const Loader& loader) {
  const Component* component = loader.catalog().find(kind, use);
  if (!component) throw Error("pipeline", "there is no component " + use);
  return component->entry.at("params");
}

// Fields that a step added or changed.
Schema made_of(const Schema& after, const Schema& before) {
  Schema made;
  for (const Field& field : after)
    if (const Field* same = find(before, field.name); !same || !(*same == field)) made.push_back(field);
  return made;
}

// Clean training rows of these streams, with the columns that all of them have.
Table training_table(const std::set<std::size_t>& streams, const std::vector<StreamRows>& rows) {
  const StreamRows& first = rows.at(*streams.begin());
  if (streams.size() == 1) return Table(first.schema, first.clean.at("train"));
  Schema shared;
  for (const Field& field : first.schema)
    if (std::all_of(streams.begin(), streams.end(), [&](std::size_t s) {
          const Field* other = find(rows.at(s).schema, field.name);
          return other && other->kind == field.kind;
        }))
      shared.push_back(field);
  std::vector<std::string> names;
  for (const Field& field : shared) names.push_back(field.name);
  std::vector<Batch> parts;
  for (std::size_t s : streams) parts.push_back(rows.at(s).clean.at("train").only(names));
  return Table(shared, Batch::concatenate(parts));
}

Chance chance_of(const PipelineStep& step, const Schema& schema) {
  try {
    return Chance(step.parameters, schema);
  } catch (const Error& error) {
    throw Error("pipeline", step.name + ": " + error.text());
  }
}

ConfigEntry config_entry(const Value::Member& step, const std::set<std::size_t>& on, const std::vector<StreamRows>& rows) {
  std::vector<std::string> names;
  for (const std::size_t s : on) names.push_back(rows[s].name);
  const std::string streams =
      names.size() > 1 ? "in what the streams " + listed(names, "and") + " share" : "in the stream " + names[0];
  return {step.value.place, "pipeline." + step.key, rows.size() > 1 ? streams : ""};
}

void fit(const PipelineStep& step, const Table& training) {
  guarded(*step.plugin, "fit", [&] { step.extractor ? step.extractor->fit(training) : step.augmenter->fit(training); });
}

void begin_augmenter(PipelineStep& step, std::size_t stream, const Schema& schema) {
  step.chances[stream] = chance_of(step, schema);
  guarded(*step.plugin, "outputs", [&] { step.augmenter->outputs(schema); });
}

void extract_first(const PipelineStep& step, StreamRows& rows, int threads) {
  const Schema before = rows.schema;
  rows.schema = guarded(*step.plugin, "outputs", [&] { return step.extractor->outputs(before); });
  for (auto& [split, batch] : rows.clean) {
    transform_rows(step, batch, threads);
    check_output(*step.plugin, "transform", batch, made_of(rows.schema, before), at::kCPU);
  }
}

// Null where the batch has no such column, or one of soft labels.
const Tensor* class_ids(const Batch& rows, const std::string& column) {
  const Tensor* ids = rows.has(column) ? std::get_if<Tensor>(&rows.column(column)) : nullptr;
  return ids && ids->scalar_type() == at::kLong && ids->dim() == 1 ? ids : nullptr;
}

}  // namespace

void Pipeline::add_step(const Value::Member& entry, std::set<std::size_t> streams, const Schema& schema,
                        const std::set<std::string>& not_features, Loader& loader) {
  PipelineStep step{entry.key, entry.value.at("use").text(), std::move(streams), nullptr, nullptr, nullptr, {}, {}};
  const Kind kind = is_augmenter(entry, loader) ? Kind::kAugmenter : Kind::kExtractor;
  step.parameters =
      with_columns(entry.value, parameter_schema(kind, step.use, loader), schema, not_features, step.use, loader.catalog());
  const Config config(output_of(entry), step.parameters);
  if (kind == Kind::kAugmenter)
    step.augmenter = loader.create<Augmenter>(step.use, config);
  else
    step.extractor = loader.create<Extractor>(step.use, config);
  step.plugin = step.extractor ? plugin_of(step.extractor) : plugin_of(step.augmenter);
  steps_.push_back(std::move(step));
}

Pipeline::Pipeline(const Value& config, const std::vector<Stream>& streams, const std::set<std::string>& targets, Loader& loader,
                   int threads, std::vector<StreamRows>& rows) {
  std::vector<std::string> names_of_streams;
  rows.clear();
  for (const Stream& stream : streams) {
    names_of_streams.push_back(stream.name);
    rows.push_back({stream.name, stream.schema, stream.splits, {}});
  }
  std::vector<bool> reached_augmenter(streams.size(), false);
  for (const Entry& entry : entries_of(config, names_of_streams)) {
    if (entry.streams.empty()) continue;
    std::set<std::string> not_features = targets;
    for (std::size_t s : entry.streams) not_features.insert(streams[s].not_features.begin(), streams[s].not_features.end());
    const Schema& schema = rows[*entry.streams.begin()].schema;
    placed(config_entry(*entry.member, {*entry.streams.begin()}, rows),
           [&] { add_step(*entry.member, entry.streams, schema, not_features, loader); });
    const PipelineStep& step = steps_.back();
    std::set<std::size_t> fitted_on;
    for (std::size_t s : step.streams)
      if (names(entry.member->value.find("fit_on"), names_of_streams[s])) fitted_on.insert(s);
    if (fitted_on.empty()) throw Error("pipeline", step.name + ": fit_on names no stream that the step runs on");
    placed(config_entry(*entry.member, fitted_on, rows), [&] { fit(step, training_table(fitted_on, rows)); });
    for (std::size_t s : step.streams) {
      if (step.augmenter && !reached_augmenter[s]) rows[s].training = rows[s].clean.at("train");
      if (step.augmenter) reached_augmenter[s] = true;
      placed(config_entry(*entry.member, {s}, rows),
             [&] { step.augmenter ? begin_augmenter(steps_.back(), s, rows[s].schema) : extract_first(step, rows[s], threads); });
    }
  }
  for (std::size_t s = 0; s < rows.size(); ++s)
    if (!reached_augmenter[s]) rows[s].training = rows[s].clean.at("train");
  for (std::size_t s = 0; s < rows.size(); ++s)
    for (const Field& field : rows[s].schema)
      if (field.kind == FieldKind::kClass && targets.contains(field.name))
        labels_[s].push_back({field.name, static_cast<std::int64_t>(field.classes.size())});
  check_order();
}

Pipeline::Pipeline(const Value& config, const Value& states, const std::string& folder, const std::string& stream, Schema& schema,
                   const std::set<std::string>& wanted, Loader& loader) {
  Value of_stream = Value::Object{};  // the config as if this stream were the only one
  of_stream.set("data", Value::Object{{stream, config.at("data").at(stream), {}}});
  of_stream.set("pipeline", config.at("pipeline"));
  std::vector<Value::Member> leading;  // the steps that lead to `wanted`, last first
  std::set<std::string> needed = wanted;
  const std::vector<Entry> entries = entries_of(of_stream, {stream});
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const Value::Member& step = *entry->member;
    if (entry->streams.empty() || is_augmenter(step, loader)) continue;
    const Value& declared = parameter_schema(Kind::kExtractor, step.value.at("use").text(), loader);
    bool leads = false;
    for (const std::string& name : made_columns(output_of(step), step.value, declared)) leads = needed.erase(name) > 0 || leads;
    if (!leads) continue;
    const Value& parameters = states.at(step.key).at("parameters");
    for (std::string& name : named_columns(parameters, declared, loader.catalog())) needed.insert(std::move(name));
    leading.push_back({step.key, parameters, step.place});
  }
  for (const std::string& name : needed) require(schema, name, "predict");
  for (auto member = leading.rbegin(); member != leading.rend(); ++member) {
    add_step(*member, {0}, schema, {}, loader);
    const PipelineStep& step = steps_.back();
    const State state = load_state(states.at(step.name), folder, "pipeline." + step.name);
    guarded(*step.plugin, "restore", [&] { step.extractor->restore(state); });
    schema = guarded(*step.plugin, "outputs", [&] { return step.extractor->outputs(schema); });
  }
}

void Pipeline::clean(Batch& rows, int threads) const {
  for (const PipelineStep& step : steps_)
    if (step.extractor) transform_rows(step, rows, threads);
}

Rng Pipeline::row_draws(std::uint64_t seed, std::int64_t epoch) {
  return Rng(seed).fork("augment").fork(static_cast<std::uint64_t>(epoch));
}
Rng Pipeline::batch_draws(std::uint64_t seed, std::int64_t step) {
  return Rng(seed).fork("augment batch").fork(static_cast<std::uint64_t>(step));
}

void Pipeline::augment_rows(std::size_t stream, Batch& rows, std::uint64_t seed, std::int64_t epoch,
                            AugmentCounts& counts) const {
  const Batch clean = rows;
  bool reached = false;
  for (const PipelineStep& step : steps_) {
    if (!step.streams.contains(stream)) continue;
    if (step.augmenter) {
      reached = true;
      if (step.augmenter->scope() == Augmenter::Scope::kBatch) return;
      augment_counted(step, stream, rows, clean, row_draws(seed, epoch), epoch, counts);
    } else if (reached) {
      guarded(*step.plugin, "transform", [&] { step.extractor->transform(rows); });
    }
  }
}

Tap Pipeline::augment_batch(std::size_t stream, Batch& rows, std::uint64_t seed, std::int64_t epoch, std::int64_t step_number,
                            AugmentCounts& counts) const {
  const Batch clean = rows;
  Tap all;
  for (const PipelineStep& step : steps_) {
    if (!step.augmenter || !step.streams.contains(stream) || step.augmenter->scope() != Augmenter::Scope::kBatch) continue;
    Tap tap = augment_counted(step, stream, rows, clean, batch_draws(seed, step_number), epoch, counts);
    if (!tap) continue;
    if (!all)
      all = std::move(tap);
    else
      all = [first = std::move(all), second = std::move(tap)](std::string_view point, const Tensor& value) {
        return second(point, first(point, value));
      };
  }
  return all;
}

Tap Pipeline::augment_counted(const PipelineStep& step, std::size_t stream, Batch& rows, const Batch& clean, const Rng& rng,
                              std::int64_t epoch, AugmentCounts& counts) const {
  const Batch before = rows;
  Tap tap = augment(step, stream, rows, clean, rng, epoch);
  const Tensor changed = tap ? at::ones({rows.size()}, at::kBool) : changed_rows(before, rows);
  const auto number = static_cast<std::size_t>(&step - steps_.data());
  bool is_by_class = false;
  if (const auto labels = labels_.find(stream); labels != labels_.end())
    for (const Label& label : labels->second)
      if (const Tensor* ids = class_ids(clean, label.column)) {
        counts.add({stream, number, label.column}, *ids, label.classes, changed);
        is_by_class = true;
      }
  if (!is_by_class) counts.add({stream, number, {}}, at::full({rows.size()}, kMissingClass, at::kLong), 0, changed);
  return tap;
}

Tap Pipeline::augment(const PipelineStep& step, std::size_t stream, Batch& rows, const Batch& clean, const Rng& rng,
                      std::int64_t epoch) const {
  if (!step.chances.at(stream).acts(epoch)) return {};
  const Tensor some = chosen(step, stream, clean, rng);
  if (some.defined()) return augment_chosen(step, some, rows, rng.fork(step.name));
  return guarded(*step.plugin, "augment", [&] { return step.augmenter->augment(rows, rng.fork(step.name)); });
}

Tensor Pipeline::chosen(const PipelineStep& step, std::size_t stream, const Batch& clean, const Rng& rng) const {
  const Chance& chance = step.chances.at(stream);
  Tensor some;
  if (!chance.is_certain()) some = chance.chosen(clean, rng.fork(step.name).fork("p"));
  if (chance.group().empty()) return some;
  std::int64_t place = 0, count = 0;
  for (const PipelineStep& other : steps_) {
    if (&other == &step) place = count;
    if (other.augmenter && other.streams.contains(stream)) count += other.chances.at(stream).group() == chance.group();
  }
  const Tensor own = rows_of_alternative(clean, rng.fork("one_of").fork(chance.group()), place, count);
  return some.defined() ? some.logical_and(own.to(some.device())) : own;
}

std::set<std::string> Pipeline::batch_chance_columns(std::size_t stream) const {
  std::set<std::string> columns;
  for (const PipelineStep& step : steps_)
    if (step.augmenter && step.streams.contains(stream) && step.augmenter->scope() == Augmenter::Scope::kBatch &&
        !step.chances.at(stream).by().empty())
      columns.insert(step.chances.at(stream).by());
  return columns;
}

bool Pipeline::augments(std::size_t stream) const {
  return std::any_of(steps_.begin(), steps_.end(),
                     [&](const PipelineStep& step) { return step.augmenter && step.streams.contains(stream); });
}

void Pipeline::check_order() const {
  const PipelineStep* batch_scoped = nullptr;
  for (const PipelineStep& step : steps_) {
    const bool is_batch = step.augmenter && step.augmenter->scope() == Augmenter::Scope::kBatch;
    if (is_batch)
      batch_scoped = &step;
    else if (batch_scoped)
      throw Error("pipeline",
                  step.name + " works row by row and must come before " + batch_scoped->name + ", which works on whole batches");
  }
}

Value Pipeline::save(const std::string& folder) const {
  Value states = Value::Object{};
  for (const PipelineStep& step : steps_) {
    const State state =
        guarded(*step.plugin, "state", [&] { return step.extractor ? step.extractor->state() : step.augmenter->state(); });
    Value saved = save_state(state, folder, "pipeline." + step.name);
    saved.set("parameters", step.parameters);
    states.set(step.name, std::move(saved));
  }
  return states;
}

std::string Pipeline::order_text(std::size_t stream) const {
  std::string text;
  for (const PipelineStep& step : steps_)
    if (step.streams.contains(stream)) text += (text.empty() ? "" : ", ") + std::string(step.augmenter ? "~" : "") + step.name;
  return text;
}

}  // namespace graft::core
