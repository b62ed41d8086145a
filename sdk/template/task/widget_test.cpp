#include <ATen/ops/allclose.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/zeros.h>
#include <graft/head.hpp>
#include <graft/task.hpp>
#include <graft/testing.hpp>

#include <cmath>

#include "catch.hpp"

using namespace graft;

namespace {

// A head whose scores are the features themselves.
struct Classes final : Head {
  std::string target() const override { return "y"; }
  void build(const Schema&, const Schema&, Rng) override {}
  Schema outputs() const override { return {{gives, FieldKind::kSoftClass, {2}, {"a", "b"}}}; }
  Scores forward(const Batch& features, const Call&) override { return {features.tensor("features"), {}}; }
  RowLoss loss(const Scores&, const Batch&) const override { return {}; }
  Batch predict(const Scores& scores, const Batch& batch) const override {
    Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
    result.set("probability", at::softmax(scores.values, 1));
    return result;
  }
  std::string gives = "probability";
};

// What a task sees of a run, as far as this one looks; what it minimises is kept.
struct Host final : Step, Session {
  Batch next(std::string_view) override { return testing::batch({{"features", x}}); }
  Batch forward(const Batch& batch, const ForwardOptions&) override { return batch; }
  Terms terms(const Batch&, const Batch&, const std::vector<std::string>&) override {
    return {{"mood", x.sum(), at::zeros({}).add(2)}};
  }
  Scores scores(const Batch& features, std::string_view) override { return head.forward(features, Call()); }
  void minimise(const std::function<Terms()>& closure, std::size_t) override { minimised = closure(); }
  Session& session() override { return *this; }
  std::vector<std::pair<std::string, Head*>> heads() override { return {{"mood", &head}}; }

  // Not asked for by this task.
  std::vector<Batch> next_of_each(std::string_view) override { return {}; }
  Batch clean(const Batch& batch) override { return batch; }
  Rng rng() override { return Rng(1); }
  Rng rng() const override { return Rng(1); }
  Model& model() override { throw Error("test", "no model"); }
  const Source& rows(std::string_view, std::string_view) const override { throw Error("test", "no rows"); }
  const Progress& progress() const override { return now; }
  Schema features() const override { return {}; }
  std::vector<std::string> streams(std::string_view) const override { return {"main"}; }
  Predictions predictions_of(const std::string&, std::string_view) override { return {}; }
  void add_module(std::string, std::shared_ptr<torch::nn::Module>, std::size_t) override {}
  void reset_optimizer(std::size_t) override {}
  void balance(std::shared_ptr<Balancer>, BalanceAt) override {}

  Tensor x = testing::matrix({{0, 0}, {0, std::log(3.0)}}).set_requires_grad(true);
  Classes head;
  Progress now;
  Terms minimised;
};

std::shared_ptr<Task> made(const std::string& parameters = "{}") {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  return plugin.make<Task>("acme/widget", parameters);
}

Term penalty(Host& host, const std::string& parameters) {
  const auto task = made(parameters);
  task->setup(host);
  task->step(host);
  return host.minimised.at(1);
}

}  // namespace

TEST_CASE("widget: the entropy by hand, beside the losses of the heads", "[widget]") {
  Host host;
  const Term term = penalty(host, R"({"weight": 0.5})");
  CHECK(host.minimised.at(0).name == "mood");
  CHECK(term.name == "mood/confidence");
  // probabilities (1/2, 1/2) and (1/4, 3/4)
  const double entropy = std::log(2) + (0.25 * std::log(4) + 0.75 * std::log(4.0 / 3));
  CHECK(term.sum.item<double>() == Approx(-0.5 * entropy));
  CHECK(term.count.item<double>() == 2);
  CHECK_FALSE(term.balanced);
}

TEST_CASE("widget: the penalty pulls towards even probabilities", "[widget]") {
  Host host;
  penalty(host, "{}").sum.backward();
  const Tensor gradient = host.x.grad();
  CHECK(at::allclose(gradient[0], testing::matrix({{0, 0}})[0]));  // even already
  CHECK(gradient[1][1].item<double>() > 0.01);                     // a step against it makes the surer score smaller
}

TEST_CASE("widget: without a head that gives classes there is nothing to hold back", "[widget]") {
  Host host;
  host.head.gives = "value";
  CHECK(message_of([&] { made()->setup(host); }) ==
        "[acme/widget] a head must give a probability of one class a row, as classify does; none does");
}
