// A host for tasks: the model gives the column "x" as it is, one head takes it for the scores of classes "y", and what minimise() was
// given is kept. Everything is double, so that finite differences are sharp.
#pragma once

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <map>

#include "catch.hpp"
#include "graft/head.hpp"
#include "graft/model.hpp"
#include "graft/task.hpp"
#include "graft/testing.hpp"

namespace toy {

using namespace graft;

inline std::shared_ptr<Task> task(const std::string& name, const std::string& parameters = "{}") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_task.so");
  return plugin.make<Task>("graft/" + name, parameters);
}

class ClassHead final : public Head {
 public:
  std::vector<std::string> read = {"features"};
  std::vector<std::string> reads() const override { return read; }
  std::string target() const override { return "y"; }
  void build(const Schema&, const Schema&, Rng) override {}
  Schema outputs() const override { return {{"probability", FieldKind::kSoftClass, {3}, {"a", "b", "c"}}}; }
  Scores forward(const Batch& features, const Call&) override { return {features.tensor("features"), {}}; }
  RowLoss loss(const Scores& scores, const Batch& batch) const override {
    if (batch.tensor("y").dim() == 2) {  // soft classes
      const Tensor soft = at::log_softmax(scores.values, 1).mul(batch.tensor("y")).sum(1).neg();
      return {soft, at::ones_like(soft)};
    }
    const Tensor known = batch.tensor("y").ge(0), y = batch.tensor("y").clamp_min(0);
    const Tensor value = at::log_softmax(scores.values, 1).gather(1, y.unsqueeze(1)).squeeze(1).neg();
    return {value.mul(known), known.to(at::kDouble)};
  }
  Batch predict(const Scores& scores, const Batch& rows) const override {
    Batch predictions(std::vector<std::int64_t>(rows.row_ids().begin(), rows.row_ids().end()));
    predictions.set("probability", at::softmax(scores.values, 1));
    return predictions;
  }
};

class Host : public Step, public Session {
 public:
  Host() { field = {"features", FieldKind::kVector, {3}, {}}; }
  void add(const std::string& stream, const Tensor& x, const std::vector<std::int64_t>& y = {}) {
    std::vector<std::int64_t> ids(x.size(0));
    for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::int64_t>(names.size() << 48 | i);
    Batch batch(ids);
    batch.set("x", x);
    if (!y.empty()) batch.set("y", torch::tensor(y));
    names.push_back(stream);
    rows_of.push_back(batch);
  }
  Tensor& x(std::size_t stream) { return leaves[stream]; }

  Batch next(std::string_view role) override { return rows_of.at(role == "main" ? 0 : 1); }
  std::vector<Batch> next_of_each(std::string_view) override { return rows_of; }
  Batch clean(const Batch& batch) override { return batch; }
  Batch forward(const Batch& batch, const ForwardOptions&) override {
    const auto stream = static_cast<std::size_t>(batch.row_ids().front() >> 48);
    if (!leaves.contains(stream)) leaves[stream] = batch.tensor("x").detach().clone().set_requires_grad(true);
    Batch features(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    features.set("features", leaves[stream]);
    return features;
  }
  Terms terms(const Batch& features, const Batch& batch, const std::vector<std::string>&) override {
    if (!batch.has("y")) return {};
    const RowLoss loss = head.loss(head.forward(features, Call()), batch);
    return {{"head", loss.value.sum(), loss.weight.sum()}};
  }
  Scores scores(const Batch& features, std::string_view) override { return head.forward(features, Call()); }
  Rng rng() override { return Rng(5); }
  void minimise(const std::function<Terms()>& closure, std::size_t optimizer) override {
    closures[optimizer] = closure;
    last[optimizer] = closure();
    order += std::to_string(optimizer);
    if (during) during();
    closures.clear();  // they may not be called later
  }
  Session& session() override { return *this; }

  Model& model() override { throw Error("test", "no model"); }
  std::vector<std::pair<std::string, Head*>> heads() override {
    return has_head ? std::vector<std::pair<std::string, Head*>>{{"head", &head}} : std::vector<std::pair<std::string, Head*>>{};
  }
  const Source& rows(std::string_view, std::string_view) const override { throw Error("test", "no rows"); }
  const Progress& progress() const override { return now; }
  Schema features() const override { return {field}; }
  std::vector<std::string> streams(std::string_view) const override { return names; }
  Rng rng() const override { return Rng(6); }
  void add_module(std::string name, std::shared_ptr<torch::nn::Module> module, std::size_t optimizer) override {
    module->to(at::kDouble);
    modules[name] = {std::move(module), optimizer};
  }
  Predictions predictions_of(const std::string&, std::string_view) override { return teacher; }
  void reset_optimizer(std::size_t) override { ++resets; }
  void balance(std::shared_ptr<Balancer>, BalanceAt) override { throw Error("test", "no balancer"); }

  // sum / count of a term of the last minimise().
  double value(const std::string& name, std::size_t optimizer = 0) const {
    for (const Term& term : last.at(optimizer))
      if (term.name == name) return term.sum.item<double>() / term.count.item<double>();
    throw Error("test", "no term " + name);
  }
  Tensor total(const std::string& name) const {
    for (const Term& term : closures.at(0)())
      if (term.name == name) return term.sum / term.count;
    throw Error("test", "no term " + name);
  }
  // The furthest a term's gradient at that stream's x is from central differences, relative to its largest element.
  double gradient_error(const std::string& name, std::size_t stream, double factor = 1) {
    const Tensor gradient = torch::autograd::grad({total(name)}, {leaves[stream]})[0];
    const at::NoGradGuard no_grad;
    Tensor numeric = at::zeros_like(gradient);
    constexpr double kStep = 1e-6;
    for (std::int64_t i = 0; i < numeric.numel(); ++i) {
      Tensor element = leaves[stream].view({-1}).select(0, i);
      element.add_(kStep);
      const double up = with_graph(name);
      element.sub_(2 * kStep);
      const double down = with_graph(name);
      element.add_(kStep);
      numeric.view({-1}).select(0, i).fill_(factor * (up - down) / (2 * kStep));
    }
    return (gradient - numeric).abs().max().item<double>() / std::max(numeric.abs().max().item<double>(), 1e-12);
  }

  ClassHead head;
  Predictions teacher;
  bool has_head = true;
  Field field;
  Progress now{5, 0, 10};
  std::vector<std::string> names;
  std::vector<Batch> rows_of;
  std::map<std::size_t, Tensor> leaves;
  std::map<std::size_t, std::function<Terms()>> closures;  // of the minimise() that runs
  std::function<void()> during;                            // called in each minimise()
  std::map<std::size_t, Terms> last;
  std::map<std::string, std::pair<std::shared_ptr<torch::nn::Module>, std::size_t>> modules;
  std::string order;
  int resets = 0;

 private:
  double with_graph(const std::string& name) const {
    const at::AutoGradMode enable(true);
    return total(name).item<double>();
  }
};

}  // namespace toy
