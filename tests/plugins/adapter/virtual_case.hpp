// What tests of prefix and prompt share: rules of adapters that add virtual tokens to a tiny BERT.
#pragma once

#include "graft/safetensors.hpp"
#include "peft_case.hpp"

namespace {

[[maybe_unused]] Tensor features_of(Model& model, const Call::Options& options = {}) {
  return model.forward(peft_rows(/*is_short=*/true), Call(options)).tensor("features");
}

// `trains` elements train, all of the adapter; they change the output; the state alone gives the same output in a model made
// anew; bfloat16 is near; without its set the base is back; and it cannot be merged.
[[maybe_unused]] void check_virtual_contract(const std::string& use, const std::string& parameters, std::int64_t trains) {
  CAPTURE(use, parameters);
  const auto model = tiny_bert(), again = tiny_bert();
  const Tensor base = features_of(*model).detach();
  const auto made = adapter(use, parameters);
  made->attach(*model, Rng(4));
  std::int64_t count = 0;
  for (const auto& [name, tensor] : named_tensors(*model)) {  // a shared one once
    if (!tensor.requires_grad()) continue;
    CHECK(name.find("." + use + ".") != std::string::npos);
    count += tensor.numel();
  }
  CHECK(count == trains);
  disturb(*model);
  const Tensor adapted = features_of(*model).detach();
  CHECK(relative_difference(adapted, base) > 1e-2);
  Call::Options half, off;
  half.precision = at::kBFloat16;
  off.adapters = {"another"};
  CHECK(relative_difference(features_of(*model, half).detach(), adapted) < 3e-2);  // bfloat16 keeps 8 bits
  CHECK(at::equal(features_of(*model, off), base));

  adapter(use, parameters)->attach(*again, Rng(5));
  const NamedTensors from = named_tensors(*model), to = named_tensors(*again);
  REQUIRE(from.size() == to.size());
  for (std::size_t i = 0; i < from.size(); ++i) {
    CHECK(from[i].first == to[i].first);
    Tensor target = to[i].second;
    at::NoGradGuard no_grad;
    write_parameter(target, from[i].second);
  }
  CHECK(at::equal(features_of(*again), adapted));
  CHECK_FALSE(made->can_merge());
  CHECK(message_of([&] { made->merge(*model); }) == "[adapter] cannot be merged into the base weights");
}

// The last layer on first tokens alone gives what it gives on all, dropout of attention included; identity taps change nothing.
[[maybe_unused]] void check_short_last_layer(const std::string& use, const std::string& parameters) {
  const auto model = tiny_bert(R"(, "hidden_dropout": 0.0, "attention_dropout": 0.5)");
  adapter(use, parameters)->attach(*model, Rng(4));
  Call::Options first, all, tapped;
  first.training = all.training = tapped.training = true;
  first.key = all.key = tapped.key = 11;
  first.outputs = tapped.outputs = {"features"};
  std::vector<std::string> points;
  tapped.tap = [&](std::string_view point, const Tensor& value) {
    points.emplace_back(point);
    return value;
  };
  const auto outcome = [&](const Call::Options& options) {
    model->zero_grad();
    const Tensor y = features_of(*model, options);
    y.square().sum().backward();
    std::vector<Tensor> all = {y.detach().flatten()};
    for (const Tensor& parameter : model->parameters())
      if (parameter.requires_grad()) all.push_back(parameter.grad().flatten().clone());
    return at::cat(all);
  };
  const Tensor short_way = outcome(first);
  CHECK(relative_difference(short_way, outcome(all)) < 1e-5);
  CHECK(relative_difference(short_way, outcome(tapped)) < 1e-5);
  CHECK(points == std::vector<std::string>{"embeddings", "layer.0", "layer.1", "features"});
  first.training = false;
  CHECK(relative_difference(short_way, outcome(first)) > 1e-2);  // it did drop
}

// A row's features do not depend on its neighbours.
[[maybe_unused]] void check_rows_apart(const std::string& use, const std::string& parameters) {
  const auto model = tiny_bert();
  adapter(use, parameters)->attach(*model, Rng(4));
  const Tensor together = features_of(*model).detach();
  const Batch rows = peft_rows(true);
  for (std::int64_t row = 0; row < rows.size(); ++row) {
    const Tensor alone = model->forward(rows.select(std::vector<std::int64_t>{row}), Call()).tensor("features").detach();
    CHECK(furthest(alone[0], together[row]) < 1e-6);
  }
}

// The worst difference, in double, between the gradients of what trains and central differences.
[[maybe_unused]] double worst_virtual_gradient(const std::string& use, const std::string& parameters) {
  const auto model = tiny_bert();
  adapter(use, parameters)->attach(*model, Rng(4));
  disturb(*model);
  model->to(at::kDouble);
  std::vector<Tensor> inputs;
  for (const Tensor& parameter : model->parameters())
    if (parameter.requires_grad()) inputs.push_back(parameter);
  return worst_gradient([&] { return features_of(*model).sin().sum(); }, inputs);
}

[[maybe_unused]] std::string refused_by(const std::string& use, Model& model) {
  return message_of([&] { adapter(use)->attach(model, Rng(1)); });
}

}  // namespace
