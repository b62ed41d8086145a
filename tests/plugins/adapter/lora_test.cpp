#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/adapter.hpp"
#include "graft/model.hpp"
#include "graft/nn/linear.hpp"
#include "graft/safetensors.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_adapter.so");
  return opened;
}

std::shared_ptr<Adapter> lora(const std::string& parameters = "{}", const std::string& name = "lora") {
  return plugin().make<Adapter>("graft/lora", parameters, name);
}

// value(tanh(query(x))), 6 to 5 to 4.
struct Two final : Model {
  std::shared_ptr<nn::Linear> query = register_module("query", std::make_shared<nn::Linear>(6, 5, Rng(1)));
  std::shared_ptr<nn::Linear> value = register_module("value", std::make_shared<nn::Linear>(5, 4, Rng(2)));
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
  Tensor run(const Tensor& x, const Call& call = {}) { return value->forward(query->forward(x, call).tanh(), call); }

  Tensor& named(const std::string& name) { return *named_parameters().find(name); }
};

void put(Two& model, const std::string& name, const Tensor& value) { write_parameter(model.named(name), value); }

}  // namespace

TEST_CASE("lora: rank 1 by hand, y = W x + b + alpha B A x", "[adapter][lora]") {
  Two model;
  lora(R"({"rank": 1, "alpha": 2, "layers": ["query"]})")->attach(model, Rng(1));
  at::NoGradGuard no_grad;
  put(model, "query.weight", at::zeros({5, 6}));
  put(model, "query.bias", at::ones({5}));
  put(model, "query.lora.A", at::ones({1, 6}));
  put(model, "query.lora.B", at::full({5, 1}, 3.0));
  const Tensor y = model.query->forward(testing::matrix({{1, 0, 0, 0, 0, 1}}), Call());
  CHECK(at::equal(y, at::full({1, 5}, 1.0 + 2 * 3 * 2)));
}

TEST_CASE("lora: output, gradients and merged weights are peft's", "[adapter][lora]") {
  const std::string kase = GENERATE("plain", "stabilised");
  const Safetensors file(GRAFT_TEST_DATA "/lora_reference.safetensors");
  const auto reference = [&](const std::string& name) { return file.tensor(kase + "." + name).clone(); };
  Two model;
  const auto adapter =
      lora(std::string(R"({"rank": 2, "alpha": 16, "rank_stabilised": )") + (kase == "plain" ? "false}" : "true}"));
  adapter->attach(model, Rng(1));
  for (const std::string layer : {"query", "value"}) {
    for (const char* own : {"weight", "bias"}) put(model, layer + "." + own, reference(layer + "." + own));
    for (const char* small : {"A", "B"}) put(model, layer + ".lora." + small, reference(layer + "." + small));
  }
  const Tensor y = model.run(reference("x"));
  CHECK(relative_difference(y.detach(), reference("y")) < 1e-6);
  const std::vector<std::string> names = {"query.A", "query.B", "value.A", "value.B"};
  std::vector<Tensor> small;
  for (const std::string& name : names) small.push_back(model.named(name.substr(0, 6) + "lora." + name.substr(6)));
  const auto gradients = torch::autograd::grad({y.square().sum()}, small);
  for (std::size_t i = 0; i < names.size(); ++i)
    CHECK(relative_difference(gradients[i], reference(names[i].substr(0, 6) + "d_" + names[i].substr(6))) < 1e-6);
  adapter->merge(model);
  for (const std::string layer : {"query", "value"})
    CHECK(relative_difference(model.named(layer + ".weight").detach(), reference(layer + ".merged")) < 1e-6);
}

TEST_CASE("lora: the start is the base, merging changes nothing, and only the small matrices train", "[adapter][lora]") {
  Two model;
  const Tensor x = at::randn({9, 6});
  const Tensor base = model.run(x).detach();
  const auto adapter = lora(R"({"rank": 3})");
  adapter->attach(model, Rng(4));
  CHECK(at::equal(model.run(x), base));
  std::int64_t trains = 0;
  for (const auto& item : model.named_parameters()) {
    CHECK(item.value().requires_grad() == (item.key().find(".lora.") != std::string::npos));
    trains += item.value().requires_grad() ? item.value().numel() : 0;
  }
  CHECK(trains == 3 * (6 + 5) + 3 * (5 + 4));
  {
    at::NoGradGuard no_grad;
    for (const char* name : {"query.lora.B", "value.lora.B"}) model.named(name).normal_();
  }
  const Tensor adapted = model.run(x).detach();
  CHECK_FALSE(at::allclose(adapted, base));
  Call::Options off;
  off.adapters = {"another"};
  CHECK(at::equal(model.run(x, Call(off)), base));
  adapter->merge(model);
  CHECK(relative_difference(model.run(x).detach(), adapted) < 1e-6);
  CHECK(model.named_parameters().size() == 4);
}

TEST_CASE("lora: two sets on one layer both act; the second leaves the first in training", "[adapter][lora]") {
  Two model;
  lora("{}", "one")->attach(model, Rng(1));
  lora("{}", "two")->attach(model, Rng(2));
  CHECK(model.named("query.one.A").requires_grad());
  CHECK(model.named("query.two.A").requires_grad());
  CHECK_FALSE(at::equal(model.named("query.one.A"), model.named("query.two.A")));
}

TEST_CASE("lora: layers that the model has not are refused with those it has", "[adapter][lora]") {
  Two model;
  CHECK(message_of([&] { lora(R"({"layers": ["q_proj", "v_proj"]})")->attach(model, Rng(1)); }) ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in q_proj (they end in query, value)");
  CHECK(message_of([&] { lora(R"({"layers": ["query", "vlaue"]})")->attach(model, Rng(1)); }) ==
        "[graft/lora] layers: no linear layer of this model has a name that ends in vlaue, did you mean value? (they end in "
        "query, value)");
  CHECK(message_of([&] { lora(R"({"rank": 0})"); }).find("rank must be >= 1, got 0") != std::string::npos);
}

TEST_CASE("lora: meets the contract of adapters: the same seed gives the same start, another seed another", "[adapter][lora]") {
  const auto start = [](std::uint64_t seed) {
    Two model;
    lora()->attach(model, Rng(seed));
    return model.named("query.lora.A").detach().clone();
  };
  CHECK(at::equal(start(1), start(1)));
  CHECK_FALSE(at::equal(start(1), start(2)));
  CHECK(start(1).abs().max().item<double>() <= 1 / std::sqrt(6.0));
}

TEST_CASE("lora: pissa takes the greatest parts of the weight, which keeps the rest", "[adapter][lora]") {
  Two base, model;
  lora(R"({"rank": 2, "alpha": 6, "init": "pissa"})")->attach(model, Rng(4));
  const Tensor x = Rng(7).uniform_like(at::empty({9, 6})).sub(0.5);
  CHECK(relative_difference(model.run(x).detach(), base.run(x).detach()) < 1e-6);
  at::NoGradGuard no_grad;
  const Tensor all = at::linalg_svdvals(base.query->weight);  // descending
  const Tensor taken = at::matmul(model.named("query.lora.B"), model.named("query.lora.A")).mul(3);
  CHECK(at::allclose(at::linalg_svdvals(taken).slice(0, 0, 2), all.slice(0, 0, 2), 1e-5, 1e-6));
  CHECK(at::allclose(at::linalg_svdvals(model.query->weight).slice(0, 0, 3), all.slice(0, 2, 5), 1e-5, 1e-6));
  const Tensor a_lengths = at::matmul(model.named("query.lora.A"), model.named("query.lora.A").t());
  CHECK(at::allclose(a_lengths, at::diag(all.slice(0, 0, 2).div(3)), 1e-5, 1e-6));  // A = sqrt(S / scale) V^T
}

TEST_CASE("lora: pissa merges back into the base, and needs a rank that the layer has", "[adapter][lora]") {
  Two base, model;
  const auto adapter = lora(R"({"rank": 4, "init": "pissa", "layers": ["query"]})");
  adapter->attach(model, Rng(4));
  adapter->merge(model);
  CHECK(relative_difference(model.query->weight.detach(), base.query->weight.detach()) < 1e-6);
  CHECK(message_of([&] { lora(R"({"rank": 5, "init": "pissa"})")->attach(base, Rng(4)); }) ==
        "[graft/lora] rank must be <= 4, the smaller side of value, for init pissa, got 5");
  CHECK(base.named("query.weight").requires_grad());
}

TEST_CASE("lora: gradients are those of central differences", "[adapter][lora]") {
  Two model;
  lora(R"({"rank": 2, "alpha": 3})")->attach(model, Rng(4));
  {
    at::NoGradGuard no_grad;
    for (const char* name : {"query.lora.B", "value.lora.B"}) put(model, name, Rng(8).uniform_like(model.named(name)).sub(0.5));
  }
  model.to(at::kDouble);
  const Tensor x = Rng(7).uniform_like(at::empty({5, 6}, at::kDouble)).sub(0.5);
  CHECK(worst_gradient([&] { return model.run(x).sin().sum(); },
                       {model.named("query.lora.A"), model.named("query.lora.B"), model.named("value.lora.B")}) < 1e-8);
}
