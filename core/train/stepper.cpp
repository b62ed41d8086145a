#include "core/train/stepper.hpp"

#include <ATen/DeviceAccelerator.h>
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <ATen/record_function.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "core/config/problems.hpp"
#include "core/conformance/outputs.hpp"
#include "core/data/table.hpp"
#include "core/evaluate/forward.hpp"
#include "core/registry/guarded.hpp"
#include "core/train/check_balancer.hpp"
#include "core/train/last_stage.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

void count_tokens(const Batch& batch, const std::set<std::string>& inputs, std::int64_t& tokens, std::int64_t& padded) {
  for (const std::string& name : inputs) {
    const auto* ragged = std::get_if<Ragged>(&batch.column(name));
    if (!ragged) continue;
    tokens += ragged->values.size(0);
    padded += ragged->longest * batch.size();
  }
}

std::size_t stream_of(std::int64_t row_id) { return static_cast<std::size_t>(row_id >> 48); }

bool is_of_one_stream(const Batch& batch) {
  const auto& ids = batch.row_ids();
  return std::all_of(ids.begin(), ids.end(), [&](std::int64_t id) { return stream_of(id) == stream_of(ids.front()); });
}

bool is_out_of_memory(const PluginError& error) { return error.cxx_type == "c10::OutOfMemoryError"; }

}  // namespace

Stepper::Stepper(Given given) : given_(std::move(given)), modules_(given_.make_optimizer, given_.network.compute.device) {}

void Stepper::setup() {
  guarded(*given_.task_plugin, "setup", [&] { given_.task.setup(*this); });
}

void Stepper::freeze(bool is_frozen, const FrozenFeatures* kept) {
  is_frozen_ = is_frozen;
  kept_ = kept;
  given_.network.model->train(!is_frozen);
}

Stepper::Result Stepper::step(const Progress& progress, Parameters& parameters, int batches) {
  progress_ = progress;
  parameters_ = &parameters;
  result_ = {};
  result_.rate = given_.optimizer.learning_rate() * given_.schedule.factor(progress);
  batches_ = batches;
  passes_ = 0;
  for (batch_ = 0; batch_ < batches_; ++batch_) {
    batch_taps_.clear();
    guarded(*given_.task_plugin, "step", [&] { given_.task.step(*this); });
  }
  return result_;
}

void Stepper::epoch_end(const Progress& progress) {
  progress_ = progress;
  if (balance_) balance_->epoch_end();
  guarded(*given_.task_plugin, "epoch_end", [&] { given_.task.epoch_end(*this); });
}

Batch Stepper::next(std::string_view role) {
  streams_of(role);
  const auto feed = given_.feeds.find(std::string(role));
  if (feed == given_.feeds.end())
    throw Error("task", "asked for a batch of the role " + std::string(role) + " with next(), but its turns are of each stream");
  return drawn_from(*feed->second);
}

std::vector<Batch> Stepper::next_of_each(std::string_view role) {
  std::vector<Batch> batches;
  for (const std::size_t stream : streams_of(role)) {
    const auto feed = given_.feeds.find(std::string(role) + "/" + given_.rows[stream].name);
    if (feed == given_.feeds.end())
      throw Error("task",
                  "asked for batches of the role " + std::string(role) + " with next_of_each(), but its turns are of one");
    batches.push_back(drawn_from(*feed->second));
  }
  return batches;
}

const std::vector<std::size_t>& Stepper::streams_of(std::string_view role) const {
  const auto streams = given_.roles.find(std::string(role));
  if (streams == given_.roles.end())
    throw Error("task", "asked for rows of the role " + std::string(role) + ", which its streams() does not name");
  return streams->second;
}

std::vector<std::string> Stepper::streams(std::string_view role) const {
  std::vector<std::string> names;
  for (const std::size_t stream : streams_of(role)) names.push_back(given_.rows[stream].name);
  return names;
}

Batch Stepper::drawn_from(Feed& feed) {
  auto [stream, drawn] = feed.take();
  Batch batch = drawn.to(given_.network.compute.device);
  const std::int64_t number = progress_.step * given_.accumulate + batch_;
  if (Tap tap = given_.pipeline.augment_batch(stream, batch, given_.seed, progress_.epoch, number, augment_counts_))
    batch_taps_.push_back({{batch.row_ids().begin(), batch.row_ids().end()}, std::move(tap)});
  const std::int64_t before = result_.tokens;
  result_.rows += batch.size();
  count_tokens(batch, given_.network.inputs, result_.tokens, result_.padded);
  cost_ += result_.tokens > before ? result_.tokens - before : batch.size();
  rows_ += batch.size();
  return batch;
}

Batch Stepper::clean(const Batch& batch) {
  if (batch.size() == 0 || !is_of_one_stream(batch))
    throw Error("task", "asked for the clean rows of a batch that is of no one stream");
  const std::size_t stream = stream_of(batch.row_ids().front());
  const Batch& all = given_.rows[stream].clean.at("train");
  std::vector<std::int64_t> positions;
  for (const std::int64_t id : batch.row_ids()) {
    const auto at = std::lower_bound(all.row_ids().begin(), all.row_ids().end(), id);
    if (at == all.row_ids().end() || *at != id) throw Error("task", "asked for the clean rows of a batch that holds other rows");
    positions.push_back(at - all.row_ids().begin());
  }
  const std::set<std::string> columns = given_.network.columns(stream);
  return all.only(std::vector<std::string>(columns.begin(), columns.end())).select(positions).to(given_.network.compute.device);
}

Predictions Stepper::predictions_of(const std::string& run, std::string_view role) {
  Predictions predictions = given_.predictions_of(run, streams_of(role));
  predictions.rows = predictions.rows.to(given_.network.compute.device);
  return predictions;
}

const Tap& Stepper::tap_of(const Batch& batch) const {
  static const Tap none;
  for (const BatchTap& each : batch_taps_)
    if (std::equal(each.row_ids.begin(), each.row_ids.end(), batch.row_ids().begin(), batch.row_ids().end())) return each.tap;
  return none;
}

Batch Stepper::part_of(const Batch& batch) const {
  if (part_count_ == 1) return batch;
  const std::int64_t begin = batch.size() * part_ / part_count_, end = batch.size() * (part_ + 1) / part_count_;
  std::vector<std::int64_t> positions(static_cast<std::size_t>(end - begin));
  std::iota(positions.begin(), positions.end(), begin);
  return batch.select(positions);
}

Batch Stepper::forward(const Batch& whole, const ForwardOptions& options) {
  if (solved_features_ && part_count_ == 1) return *solved_features_;
  const Batch batch = part_of(whole);
  const Rng rng = Rng(given_.seed).fork("forward").fork(static_cast<std::uint64_t>(progress_.step)).fork(passes_++);
  const Tap& tap = options.tap ? options.tap : tap_of(whole);
  if (tap && !options.tap && part_count_ > 1)
    throw HostError("train",
                    "an augmenter changes hidden tensors of whole batches, so a batch can't be run in parts: lower "
                    "run.batch_size, or raise run.memory_mb where there is more");
  if (kept_ && !tap && options.adapters.empty()) {
    if (std::optional<Batch> features = kept_->find(batch))
      return solves_ ? for_solver(*std::move(features)) : *std::move(features);
  }
  Batch features =
      core::forward(given_.network, batch, {!is_frozen_, rng.key(), {}, tap, options.adapters}, learning_from(batch));
  if (solves_) return for_solver(std::move(features));
  if (balance_ && balance_->at_features() && at::GradMode::is_enabled()) cut_.cut(features);
  return features;
}

// All heads for rows of several streams, and for those that no head learns from.
HeadList Stepper::learning_from(const Batch& batch) const {
  HeadList heads;
  if (batch.size() == 0 || !is_of_one_stream(batch)) return heads;
  for (const NamedHead& head : given_.network.heads)
    if (head.streams.contains(stream_of(batch.row_ids().front()))) heads.push_back(&head);
  return heads;
}

Terms Stepper::terms(const Batch& features, const Batch& whole, const std::vector<std::string>& only) {
  const Batch batch = part_of(whole);
  Terms terms;
  for (NamedHead& head : given_.network.heads) {
    if (batch.size() > 0 && is_of_one_stream(batch) && !head.streams.contains(stream_of(batch.row_ids().front()))) continue;
    if (!only.empty() && std::find(only.begin(), only.end(), head.name) == only.end()) continue;
    if (!batch.has(head.target.name) || given_.stopped.contains(head.name)) continue;
    const Call call = head_call(head);
    const Batch seen = seen_by(given_.network, head, features);
    const RowLoss loss = guarded(*head.plugin, "loss", [&] {
      const Scores scores = head.head->forward(seen, call);
      RowLoss each = head.head->loss(scores, batch);
      check_output(*head.plugin, each, scores);
      return each;
    });
    terms.push_back({head.name, loss.value.sum() * head.weight, loss.weight.sum(), true});
  }
  return terms;
}

Call Stepper::head_call(const NamedHead& head) {
  const Rng rng = Rng(given_.seed).fork("head").fork(head.name).fork(static_cast<std::uint64_t>(progress_.step)).fork(passes_++);
  return Call({!solves_, rng.key(), {}, {}, {}});
}

Scores Stepper::scores(const Batch& features, std::string_view name) {
  std::vector<std::string> names;
  for (NamedHead& head : given_.network.heads) {
    names.push_back(head.name);
    if (head.name != name) continue;
    const Batch seen = seen_by(given_.network, head, features);
    return guarded(*head.plugin, "forward", [&] { return head.head->forward(seen, head_call(head)); });
  }
  throw Error("task", "asked for the scores of the head " + std::string(name) + "; there are " + listed(names, "and"));
}

Rng Stepper::rng() { return Rng(given_.seed).fork("task step").fork(static_cast<std::uint64_t>(progress_.step)).fork(passes_++); }

void Stepper::add_module(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer) {
  if (parameters_) throw Error("task", "add_module is for setup()");
  modules_.add(std::move(name), std::move(module), optimizer);
}

Optimizer& Stepper::optimizer_of(std::size_t optimizer) {
  if (optimizer > modules_.extra().size())
    throw Error("task", "asked for optimizer " + std::to_string(optimizer) + "; the last one is " +
                            std::to_string(modules_.extra().size()));
  return optimizer == 0 ? given_.optimizer : *modules_.extra()[optimizer - 1].optimizer;
}

Parameters& Stepper::parameters_of(std::size_t optimizer) {
  return optimizer == 0 ? *parameters_ : modules_.extra()[optimizer - 1].parameters;
}

void Stepper::reset_optimizer(std::size_t optimizer) { optimizer_of(optimizer).reset(); }

void Stepper::minimise(const std::function<Terms()>& closure, std::size_t number) {
  Optimizer& optimizer = optimizer_of(number);
  if (auto* solver = dynamic_cast<Solver*>(&optimizer)) {
    if (number == 0) return solve(*solver, closure);
    throw Error("optimizer",
                std::string(solver->name()) + " solves for heads alone, and this task trains a part of its own: use adamw");
  }
  const std::uint64_t first_pass = passes_;
  optimizer_ = number;
  Balance* balance = number == 0 ? balance_.get() : nullptr;
  run_batch(closure);
  if (batch_ + 1 < batches_) return;
  Accumulator& accumulator = accumulators_[number];
  accumulator.settle(parameters_of(number), balance, progress_);
  double norm = 0;
  {
    RECORD_FUNCTION("graft::optimizer", std::vector<c10::IValue>());
    norm = optimizer.step(parameters_of(number), given_.schedule.factor(progress_), 1.0);
  }
  const double loss = accumulator.read();
  if (number != 0) return;
  result_.gradient_norm = norm;
  result_.loss = loss;
  if (!balance_ || !balance_->reevaluates()) return;
  passes_ = first_pass;  // the same dropout: what changed is the weights alone
  evaluate_again(closure);
}

// The losses of the same rows, after the step.
void Stepper::evaluate_again(const std::function<Terms()>& closure) {
  const at::NoGradGuard no_grad;
  const int parts = static_cast<int>(std::min<std::int64_t>(batch_parts_.of(last_cost_), std::max<std::int64_t>(last_rows_, 1)));
  Terms all;
  part_count_ = parts;
  for (part_ = 0; part_ < parts; ++part_)
    for (Term& term : closure()) {
      const auto same = std::find_if(all.begin(), all.end(), [&](const Term& other) { return other.name == term.name; });
      if (same == all.end())
        all.push_back(std::move(term));
      else
        same->sum = same->sum + term.sum, same->count = same->count + term.count;
    }
  part_count_ = 1;
  const Balance::Present present = present_tasks(all, *balance_);
  if (!present.tasks.empty()) balance_->after_step(present, progress_);
}

// Takes the gradient of a step that is this pass alone, or leaves it to the accumulator.
Pass Stepper::take_gradient(Terms& terms, bool is_whole_step) {
  if (!balance_ || optimizer_ != 0) return is_whole_step ? Pass::kAtOnce : Pass::kByTerm;
  if (!is_whole_step || (!balance_->by_losses() && !balance_->at_once())) return Pass::kByTerm;
  if (balance_->at_features()) {
    cut_.backward(terms, *parameters_, *balance_, progress_);
    return Pass::kCounted;
  }
  if (balance_->at_last_stage()) {
    backward_by_last_stage(terms, *parameters_, given_.network.model->stages(), *balance_, progress_);
    return Pass::kCounted;
  }
  const Balance::Present present = present_tasks(terms, *balance_);
  if (present.tasks.empty()) return Pass::kAtOnce;
  const std::vector<double> weights = balance_->weigh(present, progress_);
  Terms weighted;
  for (const Term& term : terms) {
    const auto task = std::find(present.tasks.begin(), present.tasks.end(), balance_->number_of(term.name));
    const bool weighs = term.balanced && task != present.tasks.end();
    weighted.push_back(
        {term.name, weighs ? term.sum * weights[task - present.tasks.begin()] : term.sum, term.count, term.balanced});
  }
  Accumulator().add(weighted, *parameters_, Pass::kAtOnce);
  return Pass::kCounted;
}

void Stepper::run_batch(const std::function<Terms()>& closure) {
  for (;;) {
    const int parts = static_cast<int>(std::min<std::int64_t>(batch_parts_.of(cost_), std::max<std::int64_t>(rows_, 1)));
    try {
      run_in_parts(closure, parts);
      break;
    } catch (const PluginError& error) {
      if (!is_out_of_memory(error)) throw;
      did_not_fit(error.message, parts);
    } catch (const c10::OutOfMemoryError& error) {
      did_not_fit(error.what_without_backtrace(), parts);
    }
  }
  last_cost_ = cost_, last_rows_ = rows_;
  cost_ = rows_ = 0;
}

void Stepper::run_in_parts(const std::function<Terms()>& closure, int parts) {
  Accumulator own;
  part_count_ = parts;
  for (part_ = 0; part_ < parts; ++part_) {
    cut_.clear();
    Terms terms = closure();
    const Pass how = take_gradient(terms, batches_ == 1 && parts == 1);
    own.add(terms, parameters_of(optimizer_), how);
  }
  part_count_ = 1;
  accumulators_[optimizer_].merge(std::move(own));
}

void Stepper::did_not_fit(const std::string& what, int parts) {
  part_count_ = 1;
  for (Parameter& parameter : parameters_of(optimizer_))
    parameter.tensor.mutable_grad() = Tensor();  // of a pass that ended half-way
  if (given_.network.compute.device.is_cuda()) at::accelerator::emptyCache();
  if (balance_ && balance_->at_once())
    throw HostError("train", what + "; tasks are balanced at the " + balance_->at() +
                                 ", so a batch can't be run in parts: lower run.batch_size, "
                                 "or set task.at to parameters");
  if (!given_.task.splittable())
    throw HostError("train",
                    what + "; the loss of this task looks across rows, so a batch can't be run in parts: lower run.batch_size");
  if (parts >= rows_)
    throw HostError("train",
                    what + "; one row at a time is too much already: shorten the rows (max_length) or take a smaller model");
  batch_parts_.did_not_fit(cost_, parts);
  warn("train", "out of memory: batches are run in parts of at most " + std::to_string(batch_parts_.largest()) +
                    " tokens or rows from here on, to the same gradient");
}

std::vector<std::pair<std::string, Head*>> Stepper::heads() {
  std::vector<std::pair<std::string, Head*>> all;
  for (NamedHead& head : given_.network.heads) all.emplace_back(head.name, head.head.get());
  return all;
}

void Stepper::balance(std::shared_ptr<Balancer> balancer, BalanceAt at) {
  std::vector<std::string> tasks;
  for (const NamedHead& head : given_.network.heads) tasks.push_back(head.name);
  const auto plugin = plugin_of(balancer);
  if (!plugin) throw Error("task", "balance() takes a balancer that the host made: Config::component");
  const std::string name = plugin->component;
  check_balancer(*balancer, name, at, {given_.network, given_.task.turns("main") == Turns::kEach, given_.accumulate});
  balance_ = std::make_unique<Balance>(std::move(balancer), plugin, std::move(tasks), at, given_.seed);
}

const Source& Stepper::rows(std::string_view role, std::string_view split) const {
  const std::string name(split);
  auto& table = tables_[std::string(role) + "/" + name];
  if (table) return *table;
  const std::vector<std::size_t>& streams = streams_of(role);
  std::vector<Batch> parts;
  for (std::size_t s : streams)
    if (given_.rows[s].clean.contains(name)) parts.push_back(given_.rows[s].clean.at(name));
  if (parts.empty()) throw Error("task", "asked for the " + name + " rows of the role " + std::string(role) + ", which has none");
  table =
      std::make_unique<Table>(given_.rows[streams.front()].schema, parts.size() == 1 ? parts.front() : Batch::concatenate(parts));
  return *table;
}

}  // namespace graft::core
