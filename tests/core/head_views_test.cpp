// Heads with adapters of their own: which passes of the trunk they make, and what each head is given of them.
#include <ATen/Functions.h>
#include <torch/types.h>

#include "catch.hpp"
#include "core/evaluate/forward.hpp"
#include "core/registry/guarded.hpp"
#include "core/train/check_balancer.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

using namespace graft;
using namespace graft::core;

namespace {

struct Plus final : nn::Patch {
  explicit Plus(double amount) : amount(amount) {}
  Tensor after(const Tensor& y, const Tensor&, const Call&) const override { return y.add(amount); }
  double amount;
};

// features = 2 x, on the CPU; counts its passes.
struct Doubling final : Model {
  Doubling() {
    layer = register_module("layer", std::make_shared<nn::Linear>(1, 1, Rng(1), /*with_bias=*/false));
    write_parameter(layer->weight, torch::tensor({{2.0f}}));
  }
  Schema build(const Schema&, Rng) override { return {{"features", FieldKind::kVector, {1}, {}}}; }
  Batch forward(const Batch& batch, const Call& call) override {
    ++passes;
    Batch result({batch.row_ids().begin(), batch.row_ids().end()});
    result.set("features", layer->forward(batch.tensor("x"), call));
    return result;
  }
  std::shared_ptr<nn::Linear> layer;
  int passes = 0;
};

struct Reader final : Head {
  std::string target() const override { return "y"; }
  void build(const Schema&, const Schema&, Rng) override {}
  Schema outputs() const override { return {}; }
  Scores forward(const Batch& features, const Call&) override { return {features.tensor("features"), {}}; }
  RowLoss loss(const Scores&, const Batch&) const override { return {}; }
  Batch predict(const Scores&, const Batch& batch) const override { return batch; }
};

struct Trunk {
  std::shared_ptr<Doubling> model = std::make_shared<Doubling>();
  Network network;
  Batch rows{{0, 1}};

  explicit Trunk(const std::vector<std::string>& heads) {
    network.model = model;
    network.model_plugin = std::make_shared<PluginInfo>(PluginInfo{Kind::kModel, "acme/doubling", "acme", "1", ""});
    network.features = model->build({}, Rng(0));
    for (const std::string& name : heads) {
      NamedHead head;
      head.name = name, head.head = std::make_shared<Reader>(), head.streams = {network.heads.size()};
      network.heads.push_back(std::move(head));
    }
    rows.set("x", torch::tensor({{1.0f}, {-3.0f}}));
    network.train(false);
  }
  Trunk& with(const std::string& set, double amount, std::vector<std::string> heads = {}) {
    model->layer->attach(set, std::make_shared<Plus>(amount));
    network.adapters.push_back({set, {}, {}, {}, std::move(heads)});
    return *this;
  }
  HeadList only(std::size_t head) const { return {&network.heads[head]}; }
  float seen(std::size_t head, const Batch& features) const {  // by that head, of the first row
    return seen_by(network, network.heads[head], features).tensor("features")[0][0].item<float>();
  }
};

}  // namespace

TEST_CASE("head views: a head sees its own adapters and those of all, and no other head's", "[train][head_views]") {
  Trunk trunk({"law", "plain", "news"});
  trunk.with("all", 1).with("ours", 10, {"law"}).with("theirs", 100, {"news"});
  const Batch features = forward(trunk.network, trunk.rows);
  CHECK(trunk.seen(0, features) == 2 + 1 + 10);
  CHECK(trunk.seen(1, features) == 2 + 1);
  CHECK(trunk.seen(2, features) == 2 + 1 + 100);
  CHECK(features.names() == std::vector<std::string>{"features@ours", "features", "features@theirs"});
  CHECK(trunk.model->passes == 3);
}

TEST_CASE("head views: a head without any adapter sees the bare trunk", "[train][head_views]") {
  Trunk trunk({"law", "plain"});
  trunk.with("ours", 10, {"law"});
  const Batch features = forward(trunk.network, trunk.rows);
  CHECK(trunk.seen(0, features) == 12);
  CHECK(trunk.seen(1, features) == 2);
}

TEST_CASE("head views: the trunk runs once for all heads of the same adapters, and only for the heads that are asked of",
          "[train][head_views]") {
  Trunk trunk({"a", "b", "c", "d"});
  trunk.with("two", 10, {"a", "c"}).with("one", 100, {"d"});
  forward(trunk.network, trunk.rows);
  CHECK(trunk.model->passes == 3);
  const Batch of_c = forward(trunk.network, trunk.rows, {}, trunk.only(2));
  CHECK(trunk.model->passes == 4);
  CHECK(trunk.seen(2, of_c) == 12);
  CHECK(trunk.seen(0, of_c) == 12);  // the same view
  CHECK(
      message_of([&] { trunk.seen(3, of_c); }) ==
      "[task] the head d has adapters of its own and reads features@one, which these features lack: they were made by the task, "
      "or come of rows that this head does not learn from. Take `heads` off its adapters");

  Trunk alike({"a", "b"});
  alike.with("one", 10, {"a", "b"});
  CHECK(forward(alike.network, alike.rows).names() == std::vector<std::string>{"features"});
  CHECK(alike.model->passes == 1);
}

TEST_CASE("head views: adapters that the call names are what every head sees", "[train][head_views]") {
  Trunk trunk({"law", "plain"});
  trunk.with("ours", 10, {"law"});
  Call::Options call;
  call.adapters = {"ours"};
  const Batch features = forward(trunk.network, trunk.rows, call);
  CHECK(trunk.seen(0, features) == 12);
  CHECK(trunk.seen(1, features) == 12);
  CHECK(trunk.model->passes == 1);
}

TEST_CASE("head views: an adapter of some heads is not folded into the model", "[train][head_views]") {
  Trunk trunk({"law", "plain"});
  trunk.with("ours", 10, {"law"});
  trunk.network.merge_adapters();
  REQUIRE(trunk.network.adapters.size() == 1);
  CHECK(trunk.seen(1, forward(trunk.network, trunk.rows)) == 2);
}

TEST_CASE("head views: tasks that see the trunk through adapters of their own do not meet at its features",
          "[train][head_views][bad]") {
  struct Gramian final : Balancer {
    Wants wants() const override { return Wants::kGramian; }
    Tensor combine(const Losses&) override { return {}; }
  };
  Trunk trunk({"law", "news"});
  for (NamedHead& head : trunk.network.heads) head.streams = {0};
  trunk.with("ours", 10, {"law"});
  CHECK(message_of([&] { check_balancer(Gramian(), "acme/both", BalanceAt::kFeatures, {trunk.network, false, 1}); }) ==
        "[task] acme/both compares the gradients of tasks at what the model gives, but each head reads a column of its own, "
        "features and features@ours, where they never meet: set at to last_stage or parameters");
}
