#include "graft/rng.hpp"

#include <ATen/Functions.h>

#include <cmath>
#include <set>

#include "catch.hpp"
#include "graft/error.hpp"

using graft::Rng;

TEST_CASE("rng: the first draws of key 7 never change", "[sdk][rng]") {
  // Worked out by rng_reference.py: a change here changes every run that was ever seeded.
  Rng rng(7);
  CHECK(rng.bits() == 0x0302e0b5bce18373ULL);
  CHECK(rng.bits() == 0x28c3c45568dca8bbULL);
  CHECK(Rng(7).fork("noise").key() == 0x850179640f812be8ULL);
  CHECK(Rng(7).fork(std::uint64_t{3}).key() == 0x5ba5af9a20f494a6ULL);
  CHECK(Rng(7).row(5).key() == 0xaa54097ed17c7d24ULL);
}

TEST_CASE("rng: draw number n of a stream can be had without the draws before it", "[sdk][rng]") {
  Rng rng(42);
  for (std::uint64_t i = 0; i < 100; ++i) CHECK(rng.bits() == Rng::bits_at(42, i));
}

TEST_CASE("rng: forks do not depend on what their parent drew", "[sdk][rng]") {
  Rng drawn(1);
  drawn.bits();
  CHECK(drawn.fork("a").key() == Rng(1).fork("a").key());
  CHECK(drawn.row(3).key() == Rng(1).row(3).key());
}

TEST_CASE("rng: names, numbers and rows give different streams", "[sdk][rng]") {
  std::set<std::uint64_t> keys;
  const Rng root(0);
  for (int i = 0; i < 10000; ++i) {
    keys.insert(root.fork(static_cast<std::uint64_t>(i)).key());
    keys.insert(root.row(i).key());
    keys.insert(root.fork(std::to_string(i)).key());
  }
  CHECK(keys.size() == 30000);
}

TEST_CASE("rng: uniform draws have the mean, variance and correlation of the uniform distribution", "[sdk][rng]") {
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0, products = 0, previous = 0;
  Rng rng(3);
  for (int i = 0; i < kDraws; ++i) {
    const double u = rng.uniform();
    REQUIRE((u >= 0 && u < 1));
    sum += u;
    squares += u * u;
    products += (u - 0.5) * (previous - 0.5);
    previous = u;
  }
  // Five standard errors: 5 * sqrt(1/12/n), and 5 * sqrt(1/180/n) for the second moment.
  CHECK(std::abs(sum / kDraws - 0.5) < 0.0046);
  CHECK(std::abs(squares / kDraws - 1.0 / 3) < 0.0048);
  CHECK(std::abs(products / kDraws) < 0.0014);
}

TEST_CASE("rng: neighbouring rows are not correlated", "[sdk][rng]") {
  constexpr int kRows = 100000;
  double products = 0;
  for (int i = 0; i < kRows; ++i) {
    Rng one = Rng(9).row(i), next = Rng(9).row(i + 1);
    products += (one.uniform() - 0.5) * (next.uniform() - 0.5);
  }
  CHECK(std::abs(products / kRows) < 0.0014);
}

TEST_CASE("rng: normal draws have mean 0, variance 1 and no heavy tails", "[sdk][rng]") {
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0, fourth = 0;
  Rng rng(4);
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
    fourth += x * x * x * x;
  }
  CHECK(std::abs(sum / kDraws) < 0.016);
  CHECK(std::abs(squares / kDraws - 1) < 0.023);
  CHECK(std::abs(fourth / kDraws - 3) < 0.16);
}

TEST_CASE("rng: below(n) gives every number under n about equally often", "[sdk][rng]") {
  int counts[7] = {};
  Rng rng(5);
  for (int i = 0; i < 70000; ++i) ++counts[rng.below(7)];
  for (int count : counts) CHECK(std::abs(count - 10000) < 470);  // five standard deviations
  CHECK(rng.below(1) == 0);
  CHECK(message_of([&] { rng.below(0); }) == "[rng] below(n) needs n >= 1, got 0");
}

TEST_CASE("rng: uniform_like fills any float type and never rounds up to 1", "[sdk][rng]") {
  for (auto type : {at::kDouble, at::kFloat, at::kHalf, at::kBFloat16}) {
    const at::Tensor drawn = Rng(6).uniform_like(at::empty({100, 100}, type));
    CHECK(drawn.scalar_type() == type);
    CHECK(drawn.max().item<double>() < 1);
    CHECK(drawn.min().item<double>() >= 0);
    CHECK(drawn.to(at::kDouble).mean().item<double>() == Approx(0.5).margin(0.02));
  }
}
