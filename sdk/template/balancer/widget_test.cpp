#include <ATen/ops/allclose.h>
#include <graft/balancer.hpp>
#include <graft/testing.hpp>

#include <cmath>

#include "catch.hpp"

using namespace graft;

namespace {

struct Given final : Losses {
  explicit Given(std::initializer_list<double> losses) : values_(testing::numbers(losses).requires_grad_()) {
    for (std::size_t i = 0; i < losses.size(); ++i) tasks_.push_back(static_cast<std::int64_t>(i));
  }
  std::span<const std::int64_t> tasks() const override { return tasks_; }
  const Tensor& values() const override { return values_; }
  const Tensor& gramian() const override { throw Error("test", "not asked for"); }
  const Tensor& jacobian() const override { throw Error("test", "not asked for"); }
  double epoch_mean(std::int64_t, std::int64_t) const override { return std::nan(""); }
  const Progress& progress() const override { return progress_; }
  Rng rng() const override { return Rng(1); }

 private:
  Tensor values_;
  std::vector<std::int64_t> tasks_;
  Progress progress_;
};

std::shared_ptr<Balancer> made(const std::string& tilt) {
  static const testing::Plugin plugin(ACME_WIDGET_PLUGIN);
  return plugin.make<Balancer>("acme/widget", R"({"tilt": )" + tilt + "}");
}

double combined(const std::string& tilt, const Given& losses) { return made(tilt)->combine(losses).item<double>(); }

}  // namespace

TEST_CASE("widget: the value and the weights by hand", "[widget]") {
  const Given losses({std::log(1), std::log(3)});
  const Tensor scalar = made("1")->combine(losses);
  CHECK(scalar.item<double>() == Approx(2 * std::log((1 + 3) / 2.0)));
  scalar.backward();
  CHECK(at::allclose(losses.values().grad(), testing::numbers({2 * 0.25, 2 * 0.75})));
}

TEST_CASE("widget: from the sum of the losses to the largest of them", "[widget]") {
  CHECK(combined("1e-9", Given({1, 2, 3})) == Approx(6));
  CHECK(combined("100", Given({1, 2, 3})) == Approx(9).epsilon(0.01));
  CHECK(combined("1", Given({1, 2, 3})) < combined("2", Given({1, 2, 3})));
}

TEST_CASE("widget: large losses do not overflow, one task weighs as ever", "[widget]") {
  CHECK(combined("1", Given({1e15, 1e15})) == Approx(2e15));
  CHECK(combined("5", Given({7})) == Approx(7));
}

TEST_CASE("widget: a tilt of 0 is refused", "[widget]") {
  CHECK(message_of([] { made("0"); }) == "parameters:1:10: [acme/widget] tilt must be > 0, got 0");
}
