// What tests of adapters share: a small model of nested layers, and the rules that every adapter must meet.
#pragma once

#include <torch/types.h>

#include "catch.hpp"
#include "gradients.hpp"
#include "graft/adapter.hpp"
#include "graft/model.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/testing.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

[[maybe_unused]] std::shared_ptr<Adapter> adapter(const std::string& use, const std::string& parameters = "{}",
                                                  const std::string& name = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_adapter.so");
  return plugin.make<Adapter>("graft/" + use, parameters, name);
}

// output.dense(norm(attention.output.dense(tanh(self.query(x))))), 6 to 5 to 5 to 4.
struct Toy final : Model {
  Toy() {
    query = group(*this, "self")->register_module("query", std::make_shared<nn::Linear>(6, 5, Rng(1)));
    middle = group(*group(*this, "attention"), "output")->register_module("dense", std::make_shared<nn::Linear>(5, 5, Rng(2)));
    norm = register_module("norm", std::make_shared<nn::LayerNorm>(5));
    last = group(*this, "output")->register_module("dense", std::make_shared<nn::Linear>(5, 4, Rng(3)));
  }
  static std::shared_ptr<torch::nn::Module> group(Module& in, const char* name) {
    return in.register_module(name, std::make_shared<torch::nn::Module>());
  }
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
  Tensor run(const Tensor& x, const Call& call = {}) {
    const Tensor y = middle->forward(query->forward(x, call).tanh(), call);
    return last->forward(norm->forward(y, call), call);
  }
  Tensor& named(const std::string& name) { return *named_parameters().find(name); }
  std::vector<std::string> training() const {
    std::vector<std::string> names;
    for (const auto& item : named_parameters())
      if (item.value().requires_grad()) names.push_back(item.key());
    return names;
  }
  std::int64_t training_count() const {
    std::int64_t count = 0;
    for (const Tensor& parameter : parameters()) count += parameter.requires_grad() ? parameter.numel() : 0;
    return count;
  }

  std::shared_ptr<nn::Linear> query, middle, last;
  std::shared_ptr<nn::LayerNorm> norm;
};

constexpr std::int64_t kToyParameters = 6 * 5 + 5 + 5 * 5 + 5 + 5 + 5 + 5 * 4 + 4;

// Moves every parameter that trains off its start, by its name and `seed` alone.
[[maybe_unused]] void disturb(Model& model, std::uint64_t seed = 1) {
  at::NoGradGuard no_grad;
  for (auto& item : model.named_parameters()) {
    if (!item.value().requires_grad()) continue;
    const Tensor noise = Rng(seed).fork(item.key()).uniform_like(item.value()).sub(0.5);
    write_parameter(item.value(), item.value().add(noise));
  }
}

[[maybe_unused]] Tensor toy_input(std::int64_t rows = 9) { return Rng(17).uniform_like(at::empty({rows, 6})).mul(4).sub(2); }

// Attached to a Toy: the start is the base to 1e-6 and `trains` elements train; what trains changes the output; the state alone
// gives the same output in a model made anew; and merged equals unmerged, in a model of the base's own parameters.
[[maybe_unused]] void check_contract(const std::string& use, const std::string& parameters, std::int64_t trains) {
  CAPTURE(use, parameters);
  const Tensor x = toy_input();
  Toy model, again;
  const Tensor base = model.run(x).detach();
  const auto made = adapter(use, parameters);
  made->attach(model, Rng(4));
  CHECK(relative_difference(model.run(x).detach(), base) < 1e-6);
  CHECK(model.training_count() == trains);
  disturb(model);
  const Tensor adapted = model.run(x).detach();
  CHECK(relative_difference(adapted, base) > 1e-2);
  Call::Options half;
  half.precision = at::kBFloat16;
  CHECK(relative_difference(model.run(x, Call(half)).detach(), adapted) < 2e-2);  // bfloat16 keeps 8 bits

  adapter(use, parameters)->attach(again, Rng(5));
  const NamedTensors from = named_tensors(model), to = named_tensors(again);
  REQUIRE(from.size() == to.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    CHECK(from[i].first == to[i].first);
    Tensor target = to[i].second;
    at::NoGradGuard no_grad;
    write_parameter(target, from[i].second);
  }
  CHECK(at::equal(again.run(x), adapted));

  if (!made->can_merge()) return;
  made->merge(model);
  CHECK(relative_difference(model.run(x).detach(), adapted) < 1e-6);
  const NamedTensors merged = named_tensors(model), plain = named_tensors(Toy());
  REQUIRE(merged.size() == plain.size());
  for (std::size_t i = 0; i < plain.size(); ++i) CHECK(merged[i].first == plain[i].first);
}

// The worst difference, in double, between the gradients of what trains in a disturbed Toy and central differences.
[[maybe_unused]] double worst_toy_gradient(const std::string& use, const std::string& parameters) {
  Toy model;
  adapter(use, parameters)->attach(model, Rng(4));
  disturb(model);
  model.to(at::kDouble);
  std::vector<Tensor> inputs;
  for (const Tensor& parameter : model.parameters())
    if (parameter.requires_grad()) inputs.push_back(parameter);
  const Tensor x = toy_input().to(at::kDouble);
  return worst_gradient([&] { return model.run(x).sin().sum(); }, inputs);
}

}  // namespace
