// What the tests of all balancers share: losses without a model, references, and the contract of the kind.
#pragma once

#include <torch/csrc/autograd/autograd.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>

#include "catch.hpp"
#include "graft/balancer.hpp"
#include "graft/safetensors.hpp"
#include "graft/testing.hpp"

namespace balancer_test {

using namespace graft;
using Rows = std::vector<std::vector<double>>;

// Losses made of tensors: what the host would give for one step.
struct FakeLosses final : Losses {
  std::vector<std::int64_t> present;
  Tensor loss, g, j;
  std::function<double(std::int64_t, std::int64_t)> epochs = [](std::int64_t, std::int64_t) { return std::nan(""); };
  Progress at;
  Rng stream{1};

  std::span<const std::int64_t> tasks() const override { return present; }
  const Tensor& values() const override { return loss; }
  const Tensor& gramian() const override { return g; }
  const Tensor& jacobian() const override { return j; }
  double epoch_mean(std::int64_t task, std::int64_t ago) const override { return epochs(task, ago); }
  const Progress& progress() const override { return at; }
  Rng rng() const override { return stream; }
};

inline Tensor vector(const std::vector<double>& values) { return torch::tensor(values, torch::kDouble); }

inline std::vector<double> list(const Tensor& tensor) {
  const Tensor host = tensor.detach().to(torch::kDouble).contiguous();
  return {host.const_data_ptr<double>(), host.const_data_ptr<double>() + host.numel()};
}

inline FakeLosses of_gramian(const Tensor& gramian, std::uint64_t seed = 1) {
  FakeLosses losses;
  losses.g = gramian;
  losses.loss = torch::ones({gramian.size(0)}, torch::kDouble);
  losses.present.resize(static_cast<std::size_t>(gramian.size(0)));
  std::iota(losses.present.begin(), losses.present.end(), 0);
  losses.stream = Rng(seed);
  return losses;
}

inline FakeLosses of_jacobian(const Tensor& jacobian, std::uint64_t seed = 1) {
  FakeLosses losses = of_gramian(jacobian.to(torch::kDouble).matmul(jacobian.to(torch::kDouble).t()), seed);
  losses.j = jacobian.to(torch::kFloat);
  return losses;
}

inline FakeLosses of_values(const std::vector<double>& values) {
  FakeLosses losses = of_gramian(torch::eye(static_cast<std::int64_t>(values.size()), torch::kDouble));
  losses.loss = vector(values).set_requires_grad(true);
  return losses;
}

inline const testing::Plugin& plugin() {
  static const testing::Plugin opened(GRAFT_PLUGIN_DIR "/graft_balancer.so");
  return opened;
}

inline std::shared_ptr<Balancer> make(const std::string& name, std::int64_t tasks, const std::string& parameters = "{}") {
  auto balancer = plugin().make<Balancer>("graft/" + name, parameters);
  balancer->build(tasks);
  return balancer;
}

// The golden Jacobian of torchjd's tests/unit/aggregation/test_values.py.
inline Tensor golden() { return torch::tensor({{-4.0, 1.0, 1.0}, {6.0, 1.0, 1.0}}, torch::kDouble); }

inline Tensor weights(const std::string& name, const Tensor& gramian, const std::string& parameters = "{}") {
  return make(name, gramian.size(0), parameters)->combine(of_gramian(gramian));
}

inline Tensor direction(const std::string& name, const Tensor& jacobian, const std::string& parameters = "{}") {
  return jacobian.t().mv(weights(name, jacobian.matmul(jacobian.t()), parameters));
}

inline void check_close(const Tensor& value, const std::vector<double>& expected, double tolerance) {
  const std::vector<double> got = list(value);
  REQUIRE(got.size() == expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == Approx(expected[i]).epsilon(0).margin(tolerance));
}

// A scalar of the losses and its gradient, by a balancer that takes losses.
struct Scalar {
  double value;
  std::vector<double> gradient;
};

inline Scalar scalar(Balancer& balancer, const FakeLosses& losses) {
  const Tensor value = balancer.combine(losses);
  REQUIRE(value.dim() == 0);
  return {value.item<double>(), list(torch::autograd::grad({value}, {losses.loss})[0])};
}

inline Tensor drawn_jacobian(std::int64_t tasks, std::int64_t size, std::uint64_t seed) {
  Rng rng(seed);
  Tensor jacobian = torch::empty({tasks, size}, torch::kDouble);
  for (std::int64_t i = 0; i < jacobian.numel(); ++i) jacobian.mutable_data_ptr<double>()[i] = rng.normal();
  return jacobian;
}

// Largest distance of the directions, in lengths of torchjd's, over all Gramians of the reference file.
inline double worst_direction(const std::string& name, const std::string& parameters = "{}") {
  const Safetensors file(GRAFT_TEST_DATA "/balancers.safetensors");
  double worst = 0;
  int cases = 0;
  for (int tasks : {2, 3, 4, 6, 10}) {
    const Tensor gramians = file.tensor("gramian." + std::to_string(tasks));
    const Tensor expected = file.tensor(name + "." + std::to_string(tasks));
    for (std::int64_t i = 0; i < gramians.size(0); ++i, ++cases) {
      const Tensor g = gramians[i].clone(), error = weights(name, g, parameters) - expected[i];
      const double length = expected[i].dot(g.mv(expected[i])).item<double>();
      worst = std::max(worst, std::sqrt(std::max(0.0, error.dot(g.mv(error)).item<double>()) / length));
    }
  }
  CHECK(cases == 200);
  return worst;
}

// Gramians that are hard to work with: of no, one and many directions, of scales from 1e-2 to 1e15, of tasks without a gradient.
inline std::vector<Tensor> hard_gramians() {
  std::vector<Tensor> all;
  for (std::int64_t tasks : {2, 3, 5, 12, 20})
    for (double scale : {0.0, 1e-2, 1.0, 1e3, 1e6, 1e15})
      for (std::int64_t size : {std::int64_t{1}, tasks - 1, tasks + 9})
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
          Tensor jacobian = scale * drawn_jacobian(tasks, size, seed);
          if (seed == 1) jacobian[0].zero_();
          if (seed == 2) jacobian[1].copy_(-jacobian[0]);
          if (seed == 3) jacobian[1].mul_(1e-6);
          all.push_back(jacobian.matmul(jacobian.t()));
        }
  return all;
}

inline void check_gramian_contract(const std::string& name, bool scales_heads, const std::string& parameters = "{}") {
  const auto balancer = make(name, 3, parameters);
  CHECK(balancer->wants() == Balancer::Wants::kGramian);
  CHECK(balancer->scales_heads() == scales_heads);
  CHECK(balancer->reevaluates() == false);
  for (double square : {0.0, 1e-8, 1.0, 1e12})
    check_close(weights(name, torch::full({1, 1}, square, torch::kDouble), parameters), {1}, 1e-12);
  for (const Tensor& gramian : hard_gramians()) {
    const Tensor w = weights(name, gramian, parameters);
    INFO(gramian << w);
    REQUIRE(w.scalar_type() == torch::kDouble);
    REQUIRE(w.sizes().equals({gramian.size(0)}));
    REQUIRE(w.isfinite().all().item<bool>());
    REQUIRE(torch::equal(w, weights(name, gramian, parameters)));
  }
  CHECK(weights(name, torch::full({2, 2}, std::nan(""), torch::kDouble), parameters).isnan().all().item<bool>());
  FakeLosses some = of_jacobian(drawn_jacobian(2, 5, 3));  // tasks 0 and 2 of 3
  some.present = {0, 2};
  CHECK(balancer->combine(some).size(0) == 2);
}

inline void check_loss_contract(const std::string& name, bool reevaluates = false, const std::string& parameters = "{}") {
  const auto balancer = make(name, 3, parameters);
  CHECK(balancer->wants() == Balancer::Wants::kLosses);
  CHECK(balancer->scales_heads());
  CHECK(balancer->reevaluates() == reevaluates);
  for (const auto& values : std::vector<std::vector<double>>{{0, 0, 0}, {1e-2, 1, 1e6}, {1e-30, 1e-3, 5}, {0, 1, 0}}) {
    for (int step = 0; step < 3; ++step) {
      const FakeLosses losses = of_values(values);
      const Scalar got = scalar(*balancer, losses);
      CHECK(std::isfinite(got.value));
      for (double part : got.gradient) CHECK((std::isfinite(part) && part >= 0));
      if (reevaluates) balancer->after_step(losses);
    }
  }
  FakeLosses some = of_values({1, 2});
  some.present = {0, 2};
  CHECK(scalar(*balancer, some).gradient.size() == 2);
  FakeLosses one = of_values({3});
  CHECK(std::isfinite(scalar(*balancer, one).value));
}

// The direction does not change with the order of the tasks, and grows as the gradients do.
inline void check_order_and_scale(const std::string& name, double tolerance, const std::string& parameters = "{}") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::int64_t tasks = seed % 4 == 0 ? 20 : 4;
    const Tensor jacobian = drawn_jacobian(tasks, tasks + 3, seed), d = direction(name, jacobian, parameters);
    const Tensor turned = jacobian.index_select(0, torch::arange(tasks).roll(2).flip(0));
    const double length = d.norm().item<double>();
    CHECK((direction(name, turned, parameters) - d).norm().item<double>() <= tolerance * length);
    for (double scale : {1e3, 1e15})
      CHECK((direction(name, scale * jacobian, parameters) / scale - d).norm().item<double>() <= tolerance * length);
  }
}

// No task gets worse, to first order: G w >= 0.
inline void check_hurts_none(const std::string& name, double tolerance, const std::string& parameters = "{}") {
  for (const Tensor& gramian : hard_gramians()) {
    const Tensor w = weights(name, gramian, parameters);
    const double size = (gramian.abs().mv(w.abs())).max().item<double>();
    REQUIRE(gramian.mv(w).min().item<double>() >= -tolerance * size);
  }
}

// A run that stops and goes on equals one that does not.
inline void check_state(const std::string& name, const std::function<Tensor(Balancer&, int)>& step, const std::string& tensor) {
  const auto whole = make(name, 3), first = make(name, 3), second = make(name, 3);
  for (int i = 0; i < 5; ++i) CHECK(torch::equal(step(*whole, i), step(*first, i)));
  second->restore(first->state());
  for (int i = 5; i < 10; ++i) CHECK(torch::equal(step(*whole, i), step(*second, i)));
  for (const auto& [key, value] : whole->state().tensors)
    CHECK(torch::equal(value.nan_to_num(-1), second->state().tensors.at(key).nan_to_num(-1)));
  CHECK(message_of([&] { make(name, 3)->restore(State()); }) ==
        "[graft/" + name + "] the state must have the tensor " + tensor + ", has none");
  CHECK(message_of([&] { make(name, 4)->restore(whole->state()); }) ==
        "[graft/" + name + "] the state is of 3 tasks, the run has 4");
}

inline void check_keeps_no_state(const std::string& name) {
  const auto balancer = make(name, 2);
  CHECK(balancer->state().empty());
  balancer->restore(State());
}

// What a manifest says of a wrong parameter.
inline std::string refusal(const std::string& name, const std::string& parameters) {
  return message_of([&] { make(name, 2, parameters); });
}

}  // namespace balancer_test
