#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("calibration_error: bins that are right by 3/4 at 5/8 and by 0 at 7/8 make 4/6 of 1/8 and 2/6 of 7/8",
          "[metric][calibration_error]") {
  const auto metric = for_classes("calibration_error", 2, R"({"bins": 4})");
  const std::vector<double> second = {0.625, 0.625, 0.375, 0.625, 0.875, 0.125, 0.875};
  CHECK(value(metric, seconds(second, {1, 1, 0, 0, 0, 1, kMissingClass})) == Approx((4 * 0.125 + 2 * 0.875) / 6));
}

TEST_CASE("calibration_error: a bin holds its upper edge, not its lower", "[metric][calibration_error]") {
  // 0.75 is right and 0.5625 wrong: one bin (0.5, 0.75] of 4, two bins of 8.
  const Rows rows = seconds({0.75, 0.5625}, {1, 0});
  CHECK(value(for_classes("calibration_error", 2, R"({"bins": 4})"), rows) == Approx((1.3125 - 1) / 2));
  CHECK(value(for_classes("calibration_error", 2, R"({"bins": 8})"), rows) == Approx((0.25 + 0.5625) / 2));
}

TEST_CASE("calibration_error: equals bins of scikit-learn's calibration curve", "[metric][calibration_error]") {
  for (const std::string bins : {"1", "10", "15"})
    check_reference("class", "calibration_error " + bins, "calibration_error", R"({"bins": )" + bins + "}",
                    "probability_metrics.json");
  check_reference("class", "calibration_error 15", "calibration_error", "{}", "probability_metrics.json");
}

TEST_CASE("calibration_error: one bin is the gap of the means, and more bins never make less of it",
          "[metric][calibration_error]") {
  const auto with = [](int bins, const Rows& rows) {
    return value(for_classes("calibration_error", 3, R"({"bins": )" + std::to_string(bins) + "}"), rows);
  };
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Rows rows = drawn(true, seed, 40);
    CHECK(with(1, rows) <= with(5, rows) + 1e-12);
    CHECK(with(5, rows) <= with(20, rows) + 1e-12);  // each bin of 5 is cut in four
  }
}

TEST_CASE("calibration_error: sure and right is 0, sure and wrong is 1, a NaN confidence is no value",
          "[metric][calibration_error]") {
  CHECK(value(for_classes("calibration_error", 2), seconds({1, 0}, {1, 0})) == 0);
  CHECK(value(for_classes("calibration_error", 2), seconds({1, 0}, {0, 1})) == 1);
  CHECK(std::isnan(value(for_classes("calibration_error", 2), probabilities({{NAN, 0.5}, {0, 1}}, {0, 1}))));
  CHECK(std::isnan(value(for_classes("calibration_error", 2), probabilities({{0.5, NAN}, {0, 1}}, {0, 1}))));
}

TEST_CASE("calibration_error: no bins, a head without probabilities and other bins are refused", "[metric][calibration_error]") {
  CHECK(message_of([] { make("calibration_error", R"({"bins": 0})"); }) ==
        "parameters:1:10: [graft/calibration_error] bins must be >= 1, got 0");
  CHECK(message_of([] {
          make("calibration_error")
              ->build({{"label", FieldKind::kClass, {}, class_names(2)}}, {"truth", FieldKind::kClass, {}, class_names(2)});
        }) == "[graft/calibration_error] needs predictions named probability; this head gives label");
  CHECK(message_of([] { for_classes("calibration_error", 2)->merge(*for_classes("calibration_error", 2, R"({"bins": 10})")); }) ==
        "[graft/calibration_error] metrics of 15 and 10 bins cannot be merged");
}

TEST_CASE("calibration_error: contract of a metric", "[metric][calibration_error]") {
  check_contract([] { return for_classes("calibration_error", 3); }, true, 0, 1);
  CHECK_FALSE(for_classes("calibration_error", 3)->higher_is_better());
}
