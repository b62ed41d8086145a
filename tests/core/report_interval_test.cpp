#include <cmath>
#include <numeric>

#include "catch.hpp"
#include "core/report/interval.hpp"
#include "graft/error.hpp"

using namespace graft::core;
using graft::Rng;

TEST_CASE("wilson: intervals equal those of scipy's binomtest", "[core][report]") {
  // scipy 1.17.1: binomtest(hits, rows).proportion_ci(0.95, "wilson")
  const struct {
    int hits, rows;
    double low, high;
  } cases[] = {{1011, 1061, 0.9384087284046769, 0.9640730373450359},
               {0, 10, 0.0, 0.27753279986288926},
               {10, 10, 0.7224672001371109, 1.0},
               {1, 3, 0.06149194472039626, 0.7923403991979523},
               {512, 1000, 0.48103255440609083, 0.5428756033902556},
               {7, 20000, 0.00016955317759555276, 0.0007223484532697996}};
  for (const auto& one : cases) {
    CHECK(wilson(one.hits, one.rows).low == Approx(one.low).epsilon(1e-12).margin(1e-15));
    CHECK(wilson(one.hits, one.rows).high == Approx(one.high).epsilon(1e-12));
  }
}

TEST_CASE("wilson: no rows say nothing, and impossible hits are refused", "[core][report]") {
  CHECK(wilson(0, 0).low == 0);
  CHECK(wilson(0, 0).high == 1);
  CHECK(message_of([] { wilson(3, 2); }) == "[report] hits must be in [0, 2], got 3");
  CHECK(message_of([] { wilson(-1, 2); }) == "[report] hits must be in [0, 2], got -1");
}

namespace {

std::vector<double> drawn(int rows, std::uint64_t seed) {
  Rng rng(seed);
  std::vector<double> values(rows);
  for (double& value : values) value = 3 + 2 * rng.normal();
  return values;
}

Interval of_mean(const std::vector<double>& values, std::uint64_t seed) {
  return bootstrap(
      static_cast<std::int64_t>(values.size()),
      [&](std::span<const std::int64_t> rows) {
        double sum = 0;
        for (std::int64_t row : rows) sum += values[row];
        return sum / static_cast<double>(rows.size());
      },
      Rng(seed));
}

}  // namespace

TEST_CASE("bootstrap: the interval of a mean is as wide as theory says", "[core][report]") {
  const std::vector<double> values = drawn(400, 1);
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / 400;
  double squares = 0;
  for (double value : values) squares += (value - mean) * (value - mean);
  const double error = std::sqrt(squares / 400 / 400);  // of the mean
  const Interval interval = of_mean(values, 2);
  CHECK(interval.low == Approx(mean - 1.96 * error).margin(0.2 * error));  // 1000 draws: about 0.07 standard errors of noise
  CHECK(interval.high == Approx(mean + 1.96 * error).margin(0.2 * error));
}

TEST_CASE("bootstrap: about 95 of 100 intervals hold the true mean", "[core][report]") {
  int holds = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Interval interval = of_mean(drawn(60, seed + 10), seed);
    holds += interval.low <= 3 && 3 <= interval.high;
  }
  CHECK(holds >= 86);  // 95 - 4 standard deviations
}

TEST_CASE("bootstrap: the same seed gives the same interval, another seed another", "[core][report]") {
  const std::vector<double> values = drawn(50, 3);
  CHECK(of_mean(values, 4).low == of_mean(values, 4).low);
  CHECK(of_mean(values, 4).low != of_mean(values, 5).low);
}

TEST_CASE("bootstrap: draws without a value are left out; without rows there is no interval", "[core][report]") {
  auto half = [](std::span<const std::int64_t> rows) { return rows[0] == 0 ? std::nan("") : 1.0; };
  CHECK(bootstrap(2, half, Rng(1)).low == 1);
  CHECK(std::isnan(bootstrap(2, [](auto) { return std::nan(""); }, Rng(1)).low));
  CHECK(std::isnan(bootstrap(0, half, Rng(1)).high));
}
