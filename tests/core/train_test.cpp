// Optimizers, schedules, phases, accumulation, the choice of the best.
#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "core/train/accumulator.hpp"
#include "core/train/adamw.hpp"
#include "core/train/history.hpp"
#include "core/train/memory_budget.hpp"
#include "core/train/parts.hpp"
#include "core/train/phases.hpp"
#include "core/train/schedule.hpp"
#include "core/train/selection.hpp"
#include "core/train/sgd.hpp"
#include "graft/error.hpp"

using namespace graft;
using namespace graft::core;

namespace {

Parameters one(std::vector<float> values, std::vector<float> gradient, bool decays = true) {
  Tensor tensor = torch::tensor(values).set_requires_grad(true);
  tensor.mutable_grad() = torch::tensor(gradient);
  return {{"w", tensor, true, 1.0, decays}};
}

std::vector<float> values(const Tensor& tensor) {
  return {tensor.const_data_ptr<float>(), tensor.const_data_ptr<float>() + tensor.numel()};
}

}  // namespace

TEST_CASE("adamw: the first step moves each weight by the learning rate, whatever the gradient's size", "[train][adamw]") {
  auto parameters = one({1.0f, 2.0f, -3.0f}, {0.5f, -4.0f, 100.0f});
  AdamW adamw({0.1, 0.0, 0.9, 0.999, 1e-8, 0.0});
  adamw.step(parameters, 1.0, 1.0);
  CHECK(parameters[0].tensor[0].item<float>() == Approx(0.9f));
  CHECK(parameters[0].tensor[1].item<float>() == Approx(2.1f));
  CHECK(parameters[0].tensor[2].item<float>() == Approx(-3.1f));
}

TEST_CASE("adamw: ten steps with decay and clipping equal the reference arithmetic in double", "[train][adamw]") {
  const double lr = 0.01, decay = 0.1, b1 = 0.9, b2 = 0.999, eps = 1e-8, clip = 0.5;
  double p[2] = {0.3, -0.7}, m[2] = {}, v[2] = {};
  auto parameters = one({0.3f, -0.7f}, {0, 0});
  AdamW adamw({lr, decay, b1, b2, eps, clip});
  for (int t = 1; t <= 10; ++t) {
    const double g[2] = {0.2 * t, -1.0 / t};
    parameters[0].tensor.mutable_grad() = torch::tensor({static_cast<float>(g[0]), static_cast<float>(g[1])});
    const double norm = adamw.step(parameters, 1.0, 1.0), expected_norm = std::hypot(g[0], g[1]);
    CHECK(norm == Approx(expected_norm).epsilon(1e-6));
    const double scale = expected_norm > clip ? clip / (expected_norm + 1e-6) : 1;
    for (int i = 0; i < 2; ++i) {
      p[i] *= 1 - lr * decay;
      m[i] = b1 * m[i] + (1 - b1) * g[i] * scale;
      v[i] = b2 * v[i] + (1 - b2) * g[i] * scale * g[i] * scale;
      p[i] -= lr * (m[i] / (1 - std::pow(b1, t))) / (std::sqrt(v[i] / (1 - std::pow(b2, t))) + eps);
    }
  }
  CHECK(parameters[0].tensor[0].item<float>() == Approx(p[0]).epsilon(1e-5));
  CHECK(parameters[0].tensor[1].item<float>() == Approx(p[1]).epsilon(1e-5));
}

TEST_CASE("adamw: a restored optimizer goes on to the same bits", "[train][adamw]") {
  auto a = one({0.3f, -0.7f}, {1.0f, 2.0f});
  AdamW first({0.01, 0.1, 0.9, 0.999, 1e-8, 1.0});
  first.step(a, 1.0, 1.0);
  auto b = one(values(a[0].tensor), {0.5f, 0.25f});
  const std::string file = (std::filesystem::temp_directory_path() / "graft-adamw-test.safetensors").string();
  write_safetensors(file, first.tensors());
  AdamW second({0.01, 0.1, 0.9, 0.999, 1e-8, 1.0});
  second.restore(Safetensors(file), first.counts(), b);
  a[0].tensor.mutable_grad() = torch::tensor({0.5f, 0.25f});
  first.step(a, 0.5, 1.0);
  second.step(b, 0.5, 1.0);
  CHECK(values(a[0].tensor) == values(b[0].tensor));
}

namespace {

// A table [5, 3] in each of four steps: rows 1 and 3, then row 1 twice, then none, then rows 0 and 4.
Tensor table_gradient(int step) {
  const std::vector<std::vector<std::int64_t>> rows = {{3, 1}, {1, 1}, {}, {0, 4}};
  const Tensor ids = torch::tensor(rows[step], torch::kLong).unsqueeze(0);
  const Tensor values = torch::arange(3.0 * ids.numel(), torch::kFloat).view({-1, 3}).add(0.5 + step);
  return torch::sparse_coo_tensor(ids, values, {5, 3});
}

Parameters table() { return {{"table", torch::linspace(-1, 1, 15).view({5, 3}).contiguous().set_requires_grad(true)}}; }

template <class Optimizer>
void sparse_equals_dense(const typename Optimizer::Options& options) {
  Parameters sparse = table(), dense = table();
  auto first = std::make_unique<Optimizer>(options), second = std::make_unique<Optimizer>(options);
  for (int step = 0; step < 4; ++step) {
    sparse[0].tensor.mutable_grad() = table_gradient(step);
    dense[0].tensor.mutable_grad() = table_gradient(step).to_dense();
    CHECK(first->step(sparse, 1.0, 0.5) == Approx(second->step(dense, 1.0, 0.5)));
    CHECK(values(sparse[0].tensor) == values(dense[0].tensor));
    if (step != 1) continue;
    const std::string file = (std::filesystem::temp_directory_path() / "graft-sparse-test.safetensors").string();
    write_safetensors(file, first->tensors());
    const Value counts = first->counts();
    first = std::make_unique<Optimizer>(options);  // goes on from its saved state
    first->restore(Safetensors(file), counts, sparse);
  }
}

}  // namespace

TEST_CASE("adamw: a sparse gradient changes a table as the dense one does, also after a resume", "[train][adamw]") {
  sparse_equals_dense<AdamW>({0.1, 0.01, 0.9, 0.999, 1e-8, 0.0});
  sparse_equals_dense<AdamW>({0.1, 0.0, 0.9, 0.999, 1e-8, 0.0});
}

TEST_CASE("sgd: a sparse gradient changes a table as the dense one does, also after a resume", "[train][sgd]") {
  sparse_equals_dense<Sgd>({0.1, 0.9, 0.01, true, 0.0});
  sparse_equals_dense<Sgd>({0.1, 0.0, 0.0, false, 0.0});
}

TEST_CASE("adamw: a sparse gradient that is not finite changes nothing", "[train][adamw]") {
  Parameters parameters = table();
  const std::vector<float> before = values(parameters[0].tensor);
  parameters[0].tensor.mutable_grad() = table_gradient(0).mul(std::numeric_limits<float>::infinity());
  CHECK(message_of([&] {
          AdamW({}).step(parameters, 1.0, 1.0);
        }).starts_with("[train] the gradient is not finite in 1 parameters"));
  CHECK(values(parameters[0].tensor) == before);
}

TEST_CASE("adamw: a gradient that is not finite changes nothing and names the parameter", "[train][adamw]") {
  auto parameters = one({1.0f}, {std::numeric_limits<float>::quiet_NaN()});
  AdamW adamw({});
  CHECK(message_of([&] { adamw.step(parameters, 1.0, 1.0); }) ==
        "[train] the gradient is not finite in 1 parameters (w); lower optimizer.learning_rate or set optimizer.clip");
  CHECK(parameters[0].tensor.item<float>() == 1.0f);
}

TEST_CASE("adamw: every write moves the parameter's version on", "[train][adamw]") {
  auto parameters = one({1.0f}, {1.0f});
  const auto before = parameters[0].tensor._version();
  AdamW({}).step(parameters, 1.0, 1.0);
  CHECK(parameters[0].tensor._version() > before);
}

TEST_CASE("sgd: momentum and Nesterov by hand", "[train][sgd]") {
  auto plain = one({1.0f}, {0.5f});
  Sgd({0.1, 0, 0, false, 0}).step(plain, 1.0, 1.0);
  CHECK(plain[0].tensor.item<float>() == Approx(0.95f));
  auto heavy = one({1.0f}, {0.5f});
  Sgd momentum({0.1, 0.9, 0, false, 0});
  momentum.step(heavy, 1.0, 1.0);
  heavy[0].tensor.mutable_grad() = torch::tensor({0.5f});
  momentum.step(heavy, 1.0, 1.0);
  CHECK(heavy[0].tensor.item<float>() == Approx(1 - 0.05 - 0.1 * 0.95));
  auto nesterov = one({1.0f}, {0.5f});
  Sgd({0.1, 0.9, 0, true, 0}).step(nesterov, 1.0, 1.0);
  CHECK(nesterov[0].tensor.item<float>() == Approx(1 - 0.1 * (0.5 + 0.45)));
}

TEST_CASE("schedule: the slanted triangle rises over a tenth and falls to where it began", "[train][schedule]") {
  const Value config = parse_json(R"({"use": "graft/slanted_triangular", "warmup": 0.1, "ratio": 32})", "c");
  const Schedule schedule(config);
  const auto factor = [&](std::int64_t step) { return schedule.factor({step, 0, 100}); };
  CHECK(factor(0) == Approx(1.0 / 32));
  CHECK(factor(5) == Approx((1 + 0.5 * 31) / 32));
  CHECK(factor(10) == 1.0);
  CHECK(factor(55) == Approx((1 + 0.5 * 31) / 32));
  CHECK(factor(100) == Approx(1.0 / 32));
}

TEST_CASE("schedule: linear and cosine with warm-up, by hand", "[train][schedule]") {
  const Schedule linear(Schedule::Shape::kLinear, 0.1), cosine(Schedule::Shape::kCosine, 10),
      constant(Schedule::Shape::kConstant, 0);
  CHECK(linear.factor({0, 0, 100}) == 0);
  CHECK(linear.factor({5, 0, 100}) == 0.5);
  CHECK(linear.factor({10, 0, 100}) == 1);
  CHECK(linear.factor({55, 0, 100}) == 0.5);
  CHECK(linear.factor({100, 0, 100}) == 0);
  CHECK(cosine.factor({55, 0, 100}) == Approx(0.5));
  CHECK(constant.factor({99, 0, 100}) == 1);
}

namespace {

Parameters bert_like() {
  Parameters parameters;
  for (const char* name : {"embeddings.weight", "encoder.layer.0.weight", "encoder.layer.1.weight", "encoder.layer.10.weight",
                           "pooler.weight", "heads.a.weight"})
    parameters.push_back({name, torch::zeros({1})});
  return parameters;
}
const std::vector<std::string> kStages = {"embeddings", "encoder.layer.0", "encoder.layer.1", "encoder.layer.10", "pooler"};

std::vector<std::string> trained(const std::vector<std::string>& patterns) {
  Parameters parameters = bert_like();
  apply_phase({"p", 0, 1, patterns, 1.0, 1.0}, kStages, parameters);
  std::vector<std::string> names;
  for (const Parameter& parameter : parameters)
    if (parameter.trains) names.push_back(parameter.name);
  return names;
}

}  // namespace

TEST_CASE("phases: patterns name heads, stages and globs, and ! takes out", "[train][phases]") {
  CHECK(trained({"heads"}) == std::vector<std::string>{"heads.a.weight"});
  CHECK(trained({"encoder.layer.1"}) == std::vector<std::string>{"encoder.layer.1.weight"});
  CHECK(trained({"encoder.*", "!encoder.layer.0"}) ==
        std::vector<std::string>{"encoder.layer.1.weight", "encoder.layer.10.weight"});
  CHECK(trained({"*"}).size() == 6);
}

TEST_CASE("phases: a pattern that matches nothing is refused with the nearest stage", "[train][phases]") {
  CHECK(message_of([] { trained({"poler"}); }) ==
        "[phases] p.train: 'poler' matches no parameter, did you mean 'pooler'? (stages: heads, embeddings, encoder.layer.0, "
        "encoder.layer.1, "
        "encoder.layer.10, pooler)");
}

TEST_CASE("phases: layer decay falls from the heads towards the input", "[train][phases]") {
  Parameters parameters = bert_like();
  apply_phase({"p", 0, 1, {"*"}, 2.0, 0.5}, kStages, parameters);
  CHECK(parameters[5].rate == 2.0);
  CHECK(parameters[4].rate == 1.0);
  CHECK(parameters[3].rate == 0.5);
  CHECK(parameters[0].rate == 2.0 / 32);
}

TEST_CASE("phases: rates by pattern go over the decay, and the last one that fits counts", "[train][phases]") {
  Parameters parameters = bert_like();
  Phase phase{"p", 0, 1, {"*"}, 2.0, 0.5, {{"encoder.*", 3.0}, {"encoder.layer.1", 16.0}}};
  apply_phase(phase, kStages, parameters);
  CHECK(parameters[5].rate == 2.0);
  CHECK(parameters[3].rate == 2.0 * 3);
  CHECK(parameters[2].rate == 2.0 * 16);
  CHECK(parameters[0].rate == 2.0 / 32);
  phase.rates = {{"encodr.layer.1", 2.0}};
  CHECK(message_of([&] {
          apply_phase(phase, kStages, parameters);
        }).starts_with("[phases] p.rates: 'encodr.layer.1' matches no parameter, did you mean 'encoder.layer.1'?"));
}

TEST_CASE("phases: epochs must add up to the run's", "[train][phases]") {
  const Value config = parse_json(R"({"a": {"epochs": 2, "train": ["*"], "rate": 1.0, "layer_decay": 1.0, "rates": {}}})", "c");
  CHECK(message_of([&] { plan_phases(config, 3); }) == "[phases] epochs of the phases must add up to run.epochs, 3; got 2");
}

TEST_CASE("accumulator: several batches give the gradient of the one batch they make", "[train][accumulator]") {
  const Tensor x = torch::tensor({1.0f, 2.0f, 3.0f, 4.0f, 5.0f}), weight = torch::tensor({1.0f, 0.0f, 1.0f, 1.0f, 1.0f});
  auto terms = [&](const Tensor& w, int begin, int end) -> Terms {
    const Tensor rows = x.slice(0, begin, end), counts = weight.slice(0, begin, end);
    return {{"a", ((w * rows - 1).pow(2) * counts).sum(), counts.sum()},
            {"b", (w * rows).sum(), torch::tensor(static_cast<float>(end - begin))}};
  };
  auto gradient = [&](const std::vector<std::pair<int, int>>& batches) {
    Parameters parameters = {{"w", torch::tensor(0.5f).set_requires_grad(true)}};
    Accumulator accumulator;
    for (const auto& [begin, end] : batches)
      accumulator.add(terms(parameters[0].tensor, begin, end), parameters, batches.size() == 1 ? Pass::kAtOnce : Pass::kByTerm);
    const double loss = accumulator.finish(parameters);
    return std::pair(parameters[0].tensor.grad().item<float>(), loss);
  };
  const auto whole = gradient({{0, 5}}), parts = gradient({{0, 1}, {1, 2}, {2, 5}});
  CHECK(parts.first == Approx(whole.first).epsilon(1e-6));
  CHECK(parts.second == Approx(whole.second).epsilon(1e-6));
}

TEST_CASE("accumulator: a term without labelled rows gives no gradient rather than a NaN", "[train][accumulator]") {
  Parameters parameters = {{"w", torch::tensor(0.5f).set_requires_grad(true)}};
  Accumulator accumulator;
  accumulator.add({{"a", (parameters[0].tensor * 0).sum(), torch::tensor(0.0f)}}, parameters, Pass::kAtOnce);
  CHECK(accumulator.finish(parameters) == 0);
  CHECK_FALSE(parameters[0].tensor.grad().defined());
}

TEST_CASE("selection: the best is the greatest or least by the metric's direction, the earlier of equals, never a NaN",
          "[train][selection]") {
  auto evaluation = [](double value, bool higher) {
    HeadEvaluation head;
    head.stream = "s";
    head.head = "h";
    head.losses = head.weights = torch::ones({1}, at::kDouble);
    head.scores = {{"metric", value, higher}};
    Evaluation all;
    all.heads.push_back(head);
    return all;
  };
  Selection selection("", 2);
  CHECK(selection.add(10, evaluation(0.5, true)));
  CHECK_FALSE(selection.add(20, evaluation(0.5, true)));
  CHECK_FALSE(selection.add(30, evaluation(std::nan(""), true)));
  CHECK(selection.out_of_patience());
  CHECK(selection.step() == 10);
  CHECK(selection.key() == "valid/s/h/metric");
  Selection lower("metric", std::nullopt);
  lower.add(1, evaluation(0.5, false));
  CHECK(lower.add(2, evaluation(0.4, false)));
  Selection wrong("metrik", std::nullopt);
  CHECK(message_of([&] { wrong.add(1, evaluation(0.5, true)); }) == "[evaluate] best: no metric is called metrik");
}

TEST_CASE("history: what was saved and restored goes on alike", "[train][history]") {
  History whole(5000), first(5000), second(5000);
  for (int step = 1; step <= 40; ++step) {
    whole.add_step(step, 1.0 / step, 0.1 * step, step);
    (step <= 17 ? first : second).add_step(step, 1.0 / step, 0.1 * step, step);
    if (step == 17) second.restore(parse_json(to_json(first.save()), "h"));
  }
  CHECK(to_json(whole.save()) == to_json(second.save()));
}

TEST_CASE("parts: a batch that did not fit is halved, and smaller ones are not", "[train][parts]") {
  Parts parts;
  CHECK(parts.of(1000) == 1);
  parts.did_not_fit(1000, 1);
  CHECK(parts.of(1000) == 2);
  CHECK(parts.of(1001) == 3);
  CHECK(parts.of(500) == 1);
  parts.did_not_fit(1000, 2);
  CHECK(parts.of(1000) == 4);
  CHECK(parts.largest() == 250);
}

TEST_CASE("memory budget: what exceeds it throws, what is freed counts no more", "[train][memory]") {
  const Tensor before = torch::ones({1000});
  const std::uint64_t used = MemoryBudget::used();
  {
    const MemoryBudget budget(64'000'000);
    const Tensor held = torch::ones({10'000'000});
    const std::uint64_t with_it = MemoryBudget::used() - used;
    CHECK(with_it >= 40'000'000);
    CHECK(with_it <= 45'000'000);
    CHECK_THROWS_AS(torch::ones({10'000'000}), c10::OutOfMemoryError);
    CHECK(MemoryBudget::used() - used == with_it);
  }
  CHECK(MemoryBudget::used() == used);
  CHECK(torch::ones({10'000'000}).sum().item<float>() == 10'000'000);
}

TEST_CASE("accumulator: what another gathered counts as if it had been added here", "[train][accumulate]") {
  Parameters parameters = {{"w", torch::tensor({2.0f}).set_requires_grad(true)}};
  const auto terms = [&](float x, float count) { return Terms{{"a", (parameters[0].tensor * x).sum(), torch::tensor(count)}}; };
  Accumulator whole, merged;
  for (float x : {1.0f, 3.0f}) whole.add(terms(x, 2), parameters, Pass::kByTerm);
  for (float x : {1.0f, 3.0f}) {
    Accumulator part;
    part.add(terms(x, 2), parameters, Pass::kByTerm);
    merged.merge(std::move(part));
  }
  CHECK(whole.finish(parameters) == merged.finish(parameters));
  CHECK(parameters[0].tensor.grad().item<float>() == 2);  // (1 + 3) / 4, twice
}
