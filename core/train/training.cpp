#include "core/train/training.hpp"

#include <algorithm>
#include <chrono>

#include "core/config/texts.hpp"
#include "core/pipeline/placed.hpp"
#include "core/pipeline/state_files.hpp"
#include "core/registry/guarded.hpp"
#include "core/train/roles.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

std::optional<std::int64_t> optional_integer(const Value& config, const char* key) {
  const Value* value = config.find(key);
  return value && value->is_integer() ? std::optional(value->integer()) : std::nullopt;
}

std::string optional_text(const Value& config, const char* key) {
  const Value* value = config.find(key);
  return value && value->is_text() ? value->text() : "";
}

std::vector<std::string> names_of(const std::vector<std::size_t>& streams, const std::vector<StreamRows>& rows) {
  std::vector<std::string> names;
  for (const std::size_t s : streams) names.push_back(rows[s].name);
  return names;
}

State saved_state(const Value& texts, const Safetensors& tensors, const std::string& prefix) {
  State state;
  for (const Value::Member& text : texts.object()) state.texts[text.key] = text.value.text();
  for (const std::string& name : tensors.names())
    if (name.starts_with(prefix)) state.tensors[name.substr(prefix.size())] = tensors.tensor(name).clone();
  return state;
}

// Plugins that are not graft's own may take the process down in the first step; its seeds and weights are then there to go on with.
bool has_guests(const Loader& loader) {
  const std::vector<OpenedPlugin> plugins = loader.plugins();
  return std::any_of(plugins.begin(), plugins.end(), [](const OpenedPlugin& plugin) { return !plugin.is_own; });
}

bool has_rows(const StreamRows& stream, const char* split) {
  const auto at = stream.clean.find(split);
  return at != stream.clean.end() && at->second.size() > 0;
}

// An evaluation of valid rows as it will be, without values.
Evaluation to_come(const Network& network, const std::vector<StreamRows>& rows) {
  Evaluation evaluation;
  for (std::size_t s = 0; s < rows.size(); ++s)
    for (const NamedHead& head : network.heads) {
      if (!head.streams.contains(s) || !has_rows(rows[s], "valid")) continue;
      HeadEvaluation each{rows[s].name, head.name, head.target, {}, {}, {}, {}, {}};
      for (const Value::Member& metric : head.metrics.is_object() ? head.metrics.object() : Value::Object{})
        each.scores.push_back({metric.key, std::nan(""), true});
      evaluation.heads.push_back(std::move(each));
    }
  return evaluation;
}

std::int64_t batch_size_of(const Value& value) { return value.is_text() ? 0 : value.integer(); }  // "all": 0

}  // namespace

Training::Training(const Value& config, Network& network, const Pipeline& pipeline, const std::vector<StreamRows>& rows,
                   Loader& loader, Checkpoints checkpoints, PredictionsOf predictions_of)
    : network_(network),
      pipeline_(pipeline),
      rows_(rows),
      loader_(loader),
      checkpoints_(std::move(checkpoints)),
      seed_(static_cast<std::uint64_t>(config.at("run").at("seed").integer())),
      accumulate_(static_cast<int>(config.at("run").at("accumulate").integer())),
      epochs_(config.at("run").at("epochs").integer()),
      evaluate_every_(optional_integer(config.at("evaluate"), "every").value_or(0)),
      checkpoint_every_(config.at("checkpoint").at("every").integer()),
      keep_(config.at("checkpoint").at("keep").integer()),
      parameters_(network.parameters()),
      phases_(plan_phases(config.find("phases") ? config.at("phases") : Value(), epochs_)),
      optimizer_(make_optimizer(config.at("optimizer"))),
      average_(config.at("average")),
      selection_(optional_text(config.at("evaluate"), "best"), optional_integer(config.at("evaluate"), "patience"),
                 names_of(main_streams(config.at("task"), rows), rows)),
      soup_(config.at("average")),
      head_patience_(config.at("heads"), names_of(main_streams(config.at("task"), rows), rows)) {
  if (soup_.is_on() && !has_rows_to_choose_by())
    throw Error("average", "soup chooses by valid rows, and no stream has any: set data.<stream>.split.valid");
  check_best(config.at("evaluate"));
  const Value& task = config.at("task");
  const ConfigEntry entry{task.place, "task"};
  task_ = placed(entry, [&] { return loader.create<Task>(task.at("use").text(), Config("task", task)); });
  make_feeds(config, rows, pipeline);

  steps_per_epoch_ = (batches_per_epoch_ + accumulate_ - 1) / accumulate_;
  progress_.total_steps = epochs_ * steps_per_epoch_;
  if (const auto limit = optional_integer(config.at("run"), "steps"))
    progress_.total_steps = std::min(progress_.total_steps, *limit);
  history_ = History(progress_.total_steps);

  std::map<std::string, Feed*> feeds;
  for (auto& [role, feed] : feeds_) feeds[role] = feed.get();
  stepper_ = std::make_unique<Stepper>(Stepper::Given{network, pipeline, rows, *task_, plugin_of(task_), *optimizer_,
                                                      [optimizer = config.at("optimizer")] { return make_optimizer(optimizer); },
                                                      Schedule(config.at("schedule")), feeds, roles_, seed_, accumulate_,
                                                      std::move(predictions_of), head_patience_.stopped()});
  for (const Phase& phase : phases_) {  // refuses before the first step
    apply_phase(phase, network_.model->stages(), parameters_);
    if (const auto* solver = dynamic_cast<const Solver*>(optimizer_.get()))
      require_heads_alone(*solver, parameters_, phase.name, steps_per_epoch_);
  }
  placed(entry, [&] { stepper_->setup(); });
  for (Parameter& parameter : stepper_->modules().of_main_optimizer()) parameters_.push_back(std::move(parameter));
}

void Training::make_feeds(const Value& config, const std::vector<StreamRows>& rows, const Pipeline& pipeline) {
  FeedOptions options{seed_,
                      {},
                      optional_integer(config.at("run"), "batch_tokens").value_or(0),
                      static_cast<int>(config.at("run").at("loader_threads").integer())};
  options.mixing = mixing_of(config.at("run").at("sampling"));
  std::vector<std::set<std::string>> columns;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    const Value* own = config.at("data").at(rows[s].name).find("batch_size");
    options.batch_sizes.push_back(batch_size_of(own && !own->is_null() ? *own : config.at("run").at("batch_size")));
    const Value* sampling = config.at("data").at(rows[s].name).find("sampling");
    options.sampling.push_back(sampling && !sampling->is_null() ? sampling->number() : 0);
    columns.push_back(network_.columns(s));
    columns.back().merge(pipeline_.batch_chance_columns(s));
  }
  const std::int64_t size = batch_size_of(config.at("run").at("batch_size"));
  evaluate_options_.batch_size = size > 0 ? std::max<std::int64_t>(size, 64) : 256;
  const std::vector<std::string> wanted = task_->streams();
  roles_ = roles_of(config.at("task"), wanted, rows);
  check_learned(config.at("heads"), wanted.front());
  for (const std::string& role : wanted) {
    std::int64_t batches = 0;
    for (auto& [name, feed] : feeds_of(role, columns, options)) {
      batches = std::max(batches, feed->batches_per_epoch());
      feeds_[name] = std::move(feed);
    }
    if (role == wanted.front()) batches_per_epoch_ = batches;
  }
}

// What evaluate.best names is found before the first step, and not at the first evaluation.
void Training::check_best(const Value& settings) const {
  const Value* best = settings.find("best");
  if (!best || !best->is_text()) return;
  placed({best->place, "evaluate.best"}, [&] {
    const Evaluation evaluation = to_come(network_, rows_);
    if (evaluation.heads.empty())
      throw Error("evaluate", "best: it is chosen by valid rows, and no stream has any: set data.<stream>.split.valid");
    Selection(selection_).add(0, evaluation);
  });
}

// Streams of the first role teach by labels: some head must learn from one of them, and one that teaches no head is worth a word.
void Training::check_learned(const Value& heads, const std::string& role) const {
  std::vector<std::string> idle;
  for (const std::size_t s : roles_.at(role))
    if (std::none_of(network_.heads.begin(), network_.heads.end(), [&](const auto& head) { return head.streams.contains(s); }))
      idle.push_back(rows_[s].name);
  if (idle.size() == roles_.at(role).size())
    throw ConfigErrors({{heads.place, "heads",
                         "no head learns from " + listed(idle, "or") + ", the streams of the role " + role +
                             " that have the labels: set streams of a head, or task.streams." + role}});
  for (const std::string& stream : idle)
    warn("task", stream + ": no head learns from it, so its batches teach nothing: leave it out of task.streams." + role);
}

// One feed, or one a stream.
std::map<std::string, std::unique_ptr<Feed>> Training::feeds_of(const std::string& role,
                                                                const std::vector<std::set<std::string>>& columns,
                                                                const FeedOptions& options) {
  std::map<std::string, std::unique_ptr<Feed>> feeds;
  if (task_->turns(role) == Turns::kOne) {
    feeds[role] = std::make_unique<Feed>(roles_[role], rows_, pipeline_, columns, options);
    return feeds;
  }
  for (const std::size_t s : roles_[role]) {
    FeedOptions own = options;
    own.seed = Rng(options.seed).fork("stream").fork(rows_[s].name).key();
    feeds[role + "/" + rows_[s].name] = std::make_unique<Feed>(std::vector<std::size_t>{s}, rows_, pipeline_, columns, own);
  }
  return feeds;
}

void Training::start_feeds() {
  const std::int64_t left = (progress_.total_steps - progress_.step) * accumulate_;
  for (auto& [role, feed] : feeds_) feed->start(feed->taken(), feed->taken() + left);
}

double Training::stall_seconds() const {
  double seconds = stalled_before_;
  for (const auto& [role, feed] : feeds_) seconds += feed->stall_seconds();
  return seconds;
}

AugmentCounts Training::augment_counts() const {
  AugmentCounts counts = counts_before_;
  for (const auto& [role, feed] : feeds_) counts.add(feed->augment_counts());
  counts.add(stepper_->augment_counts());
  return counts;
}

std::uint64_t Training::checkpoints_bytes() const {
  std::uint64_t weights = 0;
  for (const auto& [name, tensor] : network_.changing_tensors()) weights += tensor.nbytes();
  const std::uint64_t whole = average_.is_on() ? 4 : 3;  // weights, two moments, an average
  return weights * (whole * static_cast<std::uint64_t>(keep_ + 3) + static_cast<std::uint64_t>(soup_.keep()));
}

bool Training::has_rows_to_choose_by() const {
  return std::any_of(rows_.begin(), rows_.end(), [](const StreamRows& stream) { return stream.clean.contains("valid"); });
}

void Training::enter_phase(Observer& observer) {
  const Phase& phase = phase_at(phases_, progress_.epoch);
  if (&phase == phase_) return;
  phase_ = &phase;
  apply_phase(phase, network_.model->stages(), parameters_);
  hold_stopped_heads();
  std::int64_t trainable = 0;
  for (const Parameter& parameter : parameters_) trainable += parameter.trains ? parameter.tensor.numel() : 0;
  observer.entered(phase, trainable);
  is_frozen_ = is_frozen(network_, parameters_);
  frozen_features_.reset();
  if (is_frozen_ && pays_to_keep_features()) {
    const auto start = std::chrono::steady_clock::now();
    frozen_features_ = std::make_unique<FrozenFeatures>(network_, rows_, pipeline_, evaluate_options_.batch_size, FeatureCache());
    if (frozen_features_->rows() > 0) observer.kept(*frozen_features_);
    network_.train(true);
    step_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  evaluate_options_.frozen = frozen_features_.get();
  stepper_->freeze(is_frozen_, frozen_features_.get());
}

// Whatever terms a task makes of their scores, as r_drop does.
void Training::hold_stopped_heads() {
  for (const std::string& head : head_patience_.stopped())
    for (Parameter& parameter : parameters_) {
      if (!parameter.name.starts_with("heads." + head + ".")) continue;
      parameter.trains = false;
      parameter.tensor.set_requires_grad(false);
      parameter.tensor.mutable_grad() = Tensor();
    }
}

// A phase shorter than an epoch may not meet every row. The answer depends on the config alone, so a resumed run has the same.
bool Training::pays_to_keep_features() const {
  const std::int64_t first = phase_->first_epoch * steps_per_epoch_, last = first + phase_->epochs * steps_per_epoch_;
  return std::min(last, progress_.total_steps) - first >= steps_per_epoch_;
}

Stepper::Result Training::one_step() {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t in_epoch = progress_.step % steps_per_epoch_;
  const std::int64_t left = batches_per_epoch_ - in_epoch * accumulate_;
  const Stepper::Result result =
      stepper_->step(progress_, parameters_, static_cast<int>(std::min<std::int64_t>(accumulate_, left)));
  ++progress_.step;
  average_.stepped(parameters_, progress_);
  rows_done_ += result.rows;
  tokens_done_ += result.tokens;
  padded_done_ += result.padded;
  step_seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  history_.add_step(progress_.step, result.loss, result.rate, result.gradient_norm);
  return result;
}

void Training::between_steps(Observer& observer, bool stopping) {
  const bool last = progress_.step == progress_.total_steps;
  if (ends_epoch()) {
    ++progress_.epoch;
    stepper_->epoch_end(progress_);
  }
  bool is_best = false, is_for_soup = false;
  const bool evaluates = last || (evaluate_every_ > 0 ? progress_.step % evaluate_every_ == 0 : ends_epoch());
  const bool saves = stopping || progress_.step % checkpoint_every_ == 0;
  if (!evaluates && !saves) return;
  const AveragedWeights averaged(average_, parameters_);
  if (evaluates) {
    const Evaluation evaluation = evaluate(network_, rows_, "valid", evaluate_options_, loader_);
    if (!evaluation.heads.empty()) {
      is_best = selection_.add(progress_.step, evaluation);
      is_for_soup = soup_.add(progress_.step, selection_.last(), selection_.higher_is_better());
      history_.add_evaluation({progress_.step, evaluation.values()});
      observer.evaluated(progress_, evaluation, is_best);
      for (const StoppedHead& head : head_patience_.add(progress_.step, evaluation)) observer.stopped(progress_, head);
      hold_stopped_heads();
    }
    network_.train(true);
    network_.model->train(!is_frozen_);
  }
  if (is_best || is_for_soup || saves || last || out_of_patience()) save(observer, is_best);
}

void Training::count_seconds() {
  const auto now = std::chrono::steady_clock::now();
  seconds_ += std::chrono::duration<double>(now - counted_until_).count();
  counted_until_ = now;
}

void Training::save(Observer& observer, bool is_best) {
  count_seconds();
  Value state = Value::Object{};
  state.set("step", progress_.step);
  state.set("epoch", progress_.epoch);
  state.set("rows", rows_done_);
  state.set("tokens", tokens_done_);
  state.set("padded", padded_done_);
  state.set("largest_pass", stepper_->batch_parts().largest());
  state.set("seconds", seconds_);
  state.set("step_seconds", step_seconds_);
  state.set("stall_seconds", stall_seconds());
  Value feeds = Value::Object{};
  for (const auto& [role, feed] : feeds_) feeds.set(role, feed->taken());
  state.set("feeds", std::move(feeds));
  state.set("augment", augment_counts().save());
  state.set("optimizer", optimizer_->counts());
  state.set("selection", selection_.save());
  state.set("soup", soup_.save());
  state.set("head_patience", head_patience_.save());
  state.set("history", history_.save());
  Checkpoint checkpoint{network_.changing_tensors(), optimizer_->tensors(), {}};
  state.set("average", average_.counts());
  for (auto& named : average_.weights()) checkpoint.optimizer.push_back(std::move(named));
  state.set("optimizers", stepper_->modules().counts());
  for (auto& named : stepper_->modules().tensors()) checkpoint.optimizer.push_back(std::move(named));
  const State task = task_->state();
  Value texts = Value::Object{};
  for (const auto& [key, text] : task.texts) texts.set(key, text);
  state.set("task", std::move(texts));
  for (const auto& [key, tensor] : task.tensors) checkpoint.optimizer.emplace_back("task." + key, tensor);
  if (Balance* balance = stepper_->balance()) {
    const State own = balance->state();
    Value own_texts = Value::Object{};
    for (const auto& [key, text] : own.texts) own_texts.set(key, text);
    state.set("balance", std::move(own_texts));
    for (const auto& [key, tensor] : own.tensors) checkpoint.optimizer.emplace_back("balance." + key, tensor);
  }
  checkpoint.state = std::move(state);
  checkpoints_.write(progress_.step, checkpoint, is_best);
  checkpoints_.prune(keep_, soup_.steps());
  observer.saved(progress_, *checkpoints_.last());
}

void Training::resume(const std::string& folder) {
  const Value state = Checkpoints::read_state(folder);
  network_.load_changing(folder + "/weights.safetensors");
  const Safetensors tensors(folder + "/optimizer.safetensors");
  average_.restore(tensors, state.at("average"), parameters_);
  optimizer_->restore(tensors, state.at("optimizer"), parameters_);
  stepper_->modules().restore(tensors, state.at("optimizers"));
  progress_.step = state.at("step").integer();
  progress_.epoch = state.at("epoch").integer();
  rows_done_ = state.at("rows").integer();
  tokens_done_ = state.at("tokens").integer();
  padded_done_ = state.at("padded").integer();
  stepper_->batch_parts().restore(state.at("largest_pass").integer());
  seconds_ = state.at("seconds").number();
  step_seconds_ = state.at("step_seconds").number();
  stalled_before_ = state.at("stall_seconds").number();
  for (auto& [role, feed] : feeds_) feed->start(state.at("feeds").at(role).integer(), state.at("feeds").at(role).integer());
  counts_before_.restore(state.at("augment"));
  selection_.restore(state.at("selection"));
  soup_.restore(state.at("soup"));
  head_patience_.restore(state.at("head_patience"));
  history_.restore(state.at("history"));
  task_->restore(saved_state(state.at("task"), tensors, "task."));
  if (Balance* balance = stepper_->balance()) balance->restore(saved_state(state.at("balance"), tensors, "balance."));
}

Training::End Training::run(Observer& observer, const std::function<bool()>& asked_to_stop) {
  counted_until_ = std::chrono::steady_clock::now();
  network_.train(true);
  start_feeds();
  if (progress_.step == 0 && has_guests(loader_)) save(observer, false);
  while (progress_.step < progress_.total_steps && !out_of_patience()) {
    enter_phase(observer);
    const Stepper::Result result = one_step();
    const bool stopping = asked_to_stop() && progress_.step < progress_.total_steps;
    observer.stepped(progress_, result, *this);
    between_steps(observer, stopping);
    if (stopping) return End::kStopped;
  }
  for (auto& [role, feed] : feeds_) feed->stop();
  average_.exchange(parameters_);  // what is measured and saved from here on
  count_seconds();
  return progress_.step < progress_.total_steps ? End::kOutOfPatience : End::kDone;
}

}  // namespace graft::core
