#include "core/conformance/task_trial.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/conformance/compare.hpp"
#include "core/config/resolve.hpp"
#include "core/train/roles.hpp"
#include "core/train/sgd.hpp"
#include "graft/files.hpp"

namespace graft::core::conformance {
namespace {

constexpr std::int64_t kStreamRows = 24;
const std::vector<std::string> kLabels = {"a", "b", "c"};

Stream labelled_stream(const std::string& name, std::size_t number, std::uint64_t seed, bool has_label, bool has_number) {
  std::vector<std::int64_t> ids;
  for (std::int64_t row = 0; row < kStreamRows; ++row) ids.push_back(static_cast<std::int64_t>(number << 48) | row);
  Batch rows(ids);
  Rng rng = Rng(seed).fork(name);
  const Tensor x = rng.uniform_like(at::empty({kStreamRows, 4}, at::kFloat)).sub(0.5).mul(4);
  Stream stream{name, {{"x", FieldKind::kVector, {4}, {}}}, {}, {}};
  rows.set("x", x);
  if (has_label) {
    stream.schema.push_back({"label", FieldKind::kClass, {}, kLabels});
    rows.set("label", x.narrow(1, 0, 3).argmax(1));
  }
  if (has_number) {
    stream.schema.push_back({"number", FieldKind::kNumber, {}, {}});
    rows.set("number", x.to(at::kDouble).sum(1).add(1));
  }
  stream.splits["train"] = rows;
  return stream;
}

void lose_labels(Batch& rows, bool all_numbers) {
  const Tensor third = at::arange(rows.size()).remainder(3).eq(0);
  rows.set("label", rows.tensor("label").masked_fill(third, kMissingClass));
  if (rows.has("number"))
    rows.set("number", rows.tensor("number").masked_fill(all_numbers ? at::ones_like(third) : third, std::nan("")));
}

std::string config_text(const std::vector<std::string>& streams, const TaskTrial::Options& options, std::uint64_t seed) {
  std::string data;
  for (const std::string& stream : streams)
    data += (data.empty() ? "" : ", ") + ("\"" + stream + "\": {\"source\": {\"use\": \"csv\", \"path\": \"rows.csv\"}}");
  return R"({"graft": 1,
  "run": {"seed": )" +
         std::to_string(seed % 1000000) +
         R"(, "epochs": 2, "batch_size": 8, "device": "cpu", "precision": "fp32", "threads": 1, "loader_threads": 1},
  "data": {)" +
         data + R"(},
  "model": {"use": "mlp", "input": "x", "hidden": [6]},
  "heads": {"kind": {"use": "classify", "target": "label", "weight": )" +
         std::to_string(options.kind_weight) + R"(},
            "amount": {"use": "regress", "target": "number", "weight": )" +
         std::to_string(options.amount_weight) + R"(}},
  "optimizer": {"use": "adamw", "learning_rate": 0.01}
})";
}

Value task_config(Subject& subject, const std::vector<std::string>& roles, const std::vector<std::string>& streams) {
  Value task = subject.parameters();
  Value by_role = Value::Object{};
  by_role.set(roles.front(), Value::List{streams[0], streams[1]});
  for (std::size_t i = 1; i < roles.size(); ++i) by_role.set(roles[i], streams[i + 1]);
  task.set("streams", std::move(by_role));
  Value whole = Value::Object{};
  task.set("use", subject.name());
  whole.set("task", std::move(task));
  return whole;
}

// Answers of a teacher for these rows: sharp where the label would be, and the same at every call.
Predictions taught(const std::vector<StreamRows>& rows, const std::vector<std::size_t>& streams) {
  std::vector<Batch> parts;
  for (const std::size_t s : streams) {
    const Batch& all = rows[s].clean.at("train");
    Batch part(std::vector<std::int64_t>(all.row_ids().begin(), all.row_ids().end()));
    const Tensor p = at::softmax(all.tensor("x").narrow(1, 0, 3), 1);
    part.set("kind/label", p.argmax(1));
    part.set("kind/probability", p);
    parts.push_back(part);
  }
  return {{{"kind/label", FieldKind::kClass, {}, kLabels}, {"kind/probability", FieldKind::kSoftClass, {3}, kLabels}},
          Batch::concatenate(parts)};
}

// Hands on what the task asks of the host, and keeps what it was given and what it minimises.
class Watched final : public Step {
 public:
  Watched(Step& host, TrialStep& seen) : host_(host), seen_(seen) {}
  Batch next(std::string_view role) override { return seen_.drawn.emplace_back(host_.next(role)); }
  std::vector<Batch> next_of_each(std::string_view role) override {
    std::vector<Batch> batches = host_.next_of_each(role);
    seen_.drawn.insert(seen_.drawn.end(), batches.begin(), batches.end());
    return batches;
  }
  Batch clean(const Batch& batch) override { return host_.clean(batch); }
  Batch forward(const Batch& batch, const ForwardOptions& options) override { return host_.forward(batch, options); }
  Terms terms(const Batch& features, const Batch& batch, const std::vector<std::string>& heads) override {
    return host_.terms(features, batch, heads);
  }
  Scores scores(const Batch& features, std::string_view head) override { return host_.scores(features, head); }
  Rng rng() override { return host_.rng(); }
  void minimise(const std::function<Terms()>& closure, std::size_t optimizer) override {
    host_.minimise(
        [&] {
          Terms terms = closure();
          seen_.passes.emplace_back(optimizer, terms);
          return terms;
        },
        optimizer);
  }
  Session& session() override { return host_.session(); }

 private:
  Step& host_;
  TrialStep& seen_;
};

struct WatchedTask final : Task {
  explicit WatchedTask(std::shared_ptr<Task> task) : task(std::move(task)) {}
  std::vector<std::string> streams() const override { return task->streams(); }
  Turns turns(std::string_view role) const override { return task->turns(role); }
  bool splittable() const override { return task->splittable(); }
  void setup(Session& session) override { task->setup(session); }
  void step(Step& step) override {
    Watched watched(step, *seen);
    task->step(watched);
  }
  void epoch_end(Session& session) override { task->epoch_end(session); }

  std::shared_ptr<Task> task;
  TrialStep* seen = nullptr;
};

struct Silent final : Training::Observer {
  void stepped(const Progress&, const Stepper::Result&, const Training&) override {}
  void evaluated(const Progress&, const Evaluation&, bool) override {}
  void stopped(const Progress&, const StoppedHead&) override {}
  void saved(const Progress&, const std::string&) override {}
  void entered(const Phase&, std::int64_t) override {}
  void kept(const FrozenFeatures&) override {}
};

std::string part_of(const std::string& parameter) {
  return parameter.starts_with("heads.kind.") ? "kind" : parameter.starts_with("heads.amount.") ? "amount" : "model";
}

}  // namespace

struct TaskTrial::Parts {
  std::vector<Stream> streams;
  std::vector<StreamRows> rows;
  std::unique_ptr<Pipeline> pipeline;
  Network network;

  Training::PredictionsOf teacher() const {
    return [this](const std::string&, const std::vector<std::size_t>& wanted) { return taught(rows, wanted); };
  }
};

TaskTrial::TaskTrial(Subject& subject, Options options) : subject_(subject), options_(options) {
  at::set_num_threads(1);
  for (const auto& [kind, name] : {std::pair(Kind::kSource, "graft/csv"), std::pair(Kind::kModel, "graft/mlp"),
                                   std::pair(Kind::kHead, "graft/classify"), std::pair(Kind::kHead, "graft/regress")})
    if (!subject.loader.catalog().find(kind, name))
      skip(std::string("tasks are tried with ") + name + ", which nobody here provides");
  const auto task = subject.make<Task>();
  roles_ = subject.call("streams", [&] { return task->streams(); });
  expect(!roles_.empty(), "streams() to name a role", "it names none");
  std::vector<std::string> streams = {"first", "second"};
  for (std::size_t i = 1; i < roles_.size(); ++i) streams.push_back("rows_" + roles_[i]);
  const std::string file = subject.scratch() + "/trial.json";
  write_file(subject.scratch() + "/rows.csv", "x\n0\n");
  write_file(subject.scratch() + "/task.json", to_json(task_config(subject, roles_, streams), 2));
  std::string text = config_text(streams, options, subject.seed);
  text.insert(1, "\"extends\": \"task.json\", ");
  write_file(file, text);
  config_ = resolve_config(file, {}, subject.loader.catalog()).root;
}

TaskTrial::~TaskTrial() = default;

std::unique_ptr<TaskTrial::Parts> TaskTrial::assembled() {
  auto parts = std::make_unique<Parts>();
  const bool lacks = options_.lacks_labels;
  parts->streams.push_back(labelled_stream("first", 0, subject_.seed, true, true));
  parts->streams.push_back(labelled_stream("second", 1, subject_.seed, true, lacks));
  for (std::size_t i = 1; i < roles_.size(); ++i)
    parts->streams.push_back(labelled_stream("rows_" + roles_[i], i + 1, subject_.seed, false, false));
  if (lacks)
    for (std::size_t s : {0, 1}) lose_labels(parts->streams[s].splits.at("train"), s == 1);
  parts->pipeline = std::make_unique<Pipeline>(config_, parts->streams, target_columns(config_, subject_.loader), subject_.loader,
                                               1, parts->rows);
  parts->network = build_network(config_, parts->rows, subject_.seed, subject_.loader);
  return parts;
}

std::vector<TrialStep> TaskTrial::steps(std::int64_t count) {
  const auto parts = assembled();
  WatchedTask task(subject_.make<Task>());
  Network& network = parts->network;
  FeedOptions options{subject_.seed, std::vector<std::int64_t>(parts->rows.size(), 8), 0, 1};
  std::vector<std::set<std::string>> columns;
  for (std::size_t s = 0; s < parts->rows.size(); ++s) columns.push_back(network.columns(s));
  const auto roles = roles_of(config_.at("task"), roles_, parts->rows);
  std::map<std::string, std::unique_ptr<Feed>> feeds;
  std::map<std::string, Feed*> given;
  const auto add = [&](const std::string& name, const std::vector<std::size_t>& streams) {
    feeds[name] = std::make_unique<Feed>(streams, parts->rows, *parts->pipeline, columns, options);
    feeds[name]->start(0, count);
    given[name] = feeds[name].get();
  };
  for (const auto& [role, streams] : roles)
    if (task.turns(role) == Turns::kOne)
      add(role, streams);
    else
      for (const std::size_t s : streams) add(role + "/" + parts->rows[s].name, {s});
  const auto descent = [] { return std::make_unique<Sgd>(Sgd::Options{0.05, 0, 0, false, /*clip=*/1}); };
  const auto optimizer = descent();
  const std::set<std::string> none;
  Stepper stepper({network, *parts->pipeline, parts->rows, task, std::make_shared<PluginInfo>(subject_.info()), *optimizer,
                   descent, Schedule(Schedule::Shape::kConstant, 0), given, roles, subject_.seed, 1, parts->teacher(), none});
  doing("setup");
  stepper.setup();
  Parameters parameters = network.parameters();
  for (Parameter& parameter : stepper.modules().of_main_optimizer()) parameters.push_back(std::move(parameter));
  network.train(true);
  std::vector<TrialStep> seen(static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    TrialStep& now = seen[static_cast<std::size_t>(i)];
    task.seen = &now;
    std::vector<Tensor> before;
    for (const Parameter& parameter : parameters) before.push_back(parameter.tensor.detach().clone());
    doing("step");
    now.result = stepper.step({i, 0, count}, parameters, 1);
    for (std::size_t k = 0; k < parameters.size(); ++k)
      if (!parameters[k].is_of_task())
        now.moved[part_of(parameters[k].name)] |= !difference(before[k], parameters[k].tensor).empty();
  }
  for (auto& [name, feed] : feeds) feed->stop();
  return seen;
}

Training::End TaskTrial::train(Parts& parts, const std::string& folder, std::int64_t stop_after, bool resumes) {
  const Checkpoints checkpoints(folder);
  doing("setup");
  Training training(config_, parts.network, *parts.pipeline, parts.rows, subject_.loader, checkpoints, parts.teacher());
  if (resumes) {
    doing("restore");
    training.resume(*checkpoints.last());
  }
  doing("step");
  Silent observer;
  return training.run(observer, [&] { return training.progress().step == stop_after; });
}

NamedTensors TaskTrial::run() {
  const auto parts = assembled();
  train(*parts, subject_.scratch() + "/whole", -1, false);
  return parts->network.tensors();
}

NamedTensors TaskTrial::run_in_two(std::int64_t stop_after) {
  const std::string folder = subject_.scratch() + "/halves";
  const auto first = assembled(), second = assembled();
  if (train(*first, folder, stop_after, false) != Training::End::kStopped)
    fail("a run that stops after " + std::to_string(stop_after) + " steps when it is asked to", "it went on to its end");
  train(*second, folder, -1, true);
  return second->network.tensors();
}

}  // namespace graft::core::conformance
