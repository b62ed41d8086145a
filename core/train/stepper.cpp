#include "core/train/stepper.hpp"

#include <ATen/Functions.h>
#include <ATen/record_function.h>

#include <algorithm>

#include "core/data/table.hpp"
#include "core/registry/guarded.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

std::int64_t tokens_of(const Batch& batch) {
  std::int64_t tokens = 0;
  for (const std::string& name : batch.names())
    if (const auto* ragged = std::get_if<Ragged>(&batch.column(name))) tokens += ragged->values.size(0);
  return tokens;
}

}  // namespace

Stepper::Stepper(Parts parts) : parts_(std::move(parts)) {}

void Stepper::setup() {
  guarded(*parts_.task_plugin, "setup", [&] { parts_.task.setup(*this); });
}

void Stepper::freeze(bool is_frozen, const FrozenFeatures* kept) {
  is_frozen_ = is_frozen;
  kept_ = kept;
  parts_.network.model->train(!is_frozen);
}

Stepper::Result Stepper::step(const Progress& progress, Parameters& parameters, int batches) {
  progress_ = progress;
  parameters_ = &parameters;
  result_ = {};
  result_.rate = parts_.optimizer.learning_rate() * parts_.schedule.factor(progress);
  batches_ = batches;
  passes_ = 0;
  for (batch_ = 0; batch_ < batches_; ++batch_) guarded(*parts_.task_plugin, "step", [&] { parts_.task.step(*this); });
  return result_;
}

void Stepper::epoch_end(const Progress& progress) {
  progress_ = progress;
  guarded(*parts_.task_plugin, "epoch_end", [&] { parts_.task.epoch_end(*this); });
}

Batch Stepper::next(std::string_view role) {
  const auto feed = parts_.feeds.find(std::string(role));
  if (feed == parts_.feeds.end())
    throw Error("task", "asked for rows of the role " + std::string(role) + ", which its streams() does not name");
  auto [stream, batch] = feed->second->take();
  batch_tap_ = parts_.pipeline.augment_batch(stream, batch, parts_.seed, progress_.step * parts_.accumulate + batch_);
  result_.rows += batch.size();
  result_.tokens += tokens_of(batch);
  return std::move(batch);
}

Batch Stepper::forward(const Batch& batch, const ForwardOptions& options) {
  const Rng rng = Rng(parts_.seed).fork("forward").fork(static_cast<std::uint64_t>(progress_.step)).fork(passes_++);
  const Tap& tap = options.tap ? options.tap : batch_tap_;
  if (kept_ && !tap && options.adapters.empty()) {
    if (std::optional<Batch> features = kept_->find(batch)) return *std::move(features);
  }
  const Call call({!is_frozen_, rng.key(), parts_.network.outputs(), tap, options.adapters});
  return guarded(*parts_.network.model_plugin, "forward", [&] { return parts_.network.model->forward(batch, call); });
}

Terms Stepper::terms(const Batch& features, const Batch& batch, const std::vector<std::string>& only) {
  Terms terms;
  for (NamedHead& head : parts_.network.heads) {
    if (!only.empty() && std::find(only.begin(), only.end(), head.name) == only.end()) continue;
    if (!batch.has(head.target.name)) continue;
    const Rng rng =
        Rng(parts_.seed).fork("head").fork(head.name).fork(static_cast<std::uint64_t>(progress_.step)).fork(passes_++);
    const Call call({true, rng.key(), {}, {}, {}});
    const RowLoss loss =
        guarded(*head.plugin, "loss", [&] { return head.head->loss(head.head->forward(features, call), batch); });
    terms.push_back({head.name, loss.value.sum() * head.weight, loss.weight.sum(), true});
  }
  return terms;
}

void Stepper::minimise(const std::function<Terms()>& closure, std::size_t optimizer) {
  if (optimizer != 0)
    throw Error("task", "minimise was asked for optimizer " + std::to_string(optimizer) + "; there is one, number 0");
  accumulator_.add(closure(), *parameters_, batches_ == 1);
  if (batch_ + 1 < batches_) return;
  result_.loss = accumulator_.finish(*parameters_);
  RECORD_FUNCTION("graft::optimizer", std::vector<c10::IValue>());
  result_.gradient_norm = parts_.optimizer.step(*parameters_, parts_.schedule.factor(progress_), 1.0);
}

std::vector<std::pair<std::string, Head*>> Stepper::heads() {
  std::vector<std::pair<std::string, Head*>> all;
  for (NamedHead& head : parts_.network.heads) all.emplace_back(head.name, head.head.get());
  return all;
}

const Source& Stepper::rows(std::string_view role, std::string_view split) const {
  const std::string name(split);
  auto& table = tables_[std::string(role) + "/" + name];
  if (table) return *table;
  const auto streams = parts_.roles.find(std::string(role));
  if (streams == parts_.roles.end())
    throw Error("task", "asked for rows of the role " + std::string(role) + ", which its streams() does not name");
  std::vector<Batch> parts;
  for (std::size_t s : streams->second)
    if (parts_.rows[s].clean.contains(name)) parts.push_back(parts_.rows[s].clean.at(name));
  if (parts.empty()) throw Error("task", "asked for the " + name + " rows of the role " + std::string(role) + ", which has none");
  table = std::make_unique<Table>(parts_.rows[streams->second.front()].schema,
                                  parts.size() == 1 ? parts.front() : Batch::concatenate(parts));
  return *table;
}

}  // namespace graft::core
