#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("r2: squared errors of 2 against a variance of 8 make 3/4; a row without a label does not count", "[metric][r2]") {
  CHECK(value(for_numbers("r2"), numbers({2, 3, 4, 100}, {1, 3, 5, NAN})) == 0.75);
}

TEST_CASE("r2: equals scikit-learn", "[metric][r2]") { check_reference("number", "r2", "r2", "{}", "probability_metrics.json"); }

TEST_CASE("r2: the mean gives 0, what is right 1, and what is worse than the mean less than 0", "[metric][r2]") {
  CHECK(value(for_numbers("r2"), numbers({2, 2, 2}, {1, 2, 3})) == 0);
  CHECK(value(for_numbers("r2"), numbers({1, 2, 3}, {1, 2, 3})) == 1);
  CHECK(value(for_numbers("r2"), numbers({3, 2, 1}, {1, 2, 3})) == -3);
}

TEST_CASE("r2: a change of unit or zero point of both sides changes nothing", "[metric][r2]") {
  CHECK(value(for_numbers("r2"), numbers({1e9 + 2, 1e9 + 3, 1e9 + 4}, {1e9 + 1, 1e9 + 3, 1e9 + 5})) ==
        Approx(0.75).epsilon(1e-12));
  CHECK(value(for_numbers("r2"), numbers({-20, -30, -40}, {-10, -30, -50})) == Approx(0.75));
}

TEST_CASE("r2: one row, labels that never change and a NaN prediction have no value", "[metric][r2]") {
  CHECK(std::isnan(value(for_numbers("r2"), numbers({1}, {1}))));
  CHECK(std::isnan(value(for_numbers("r2"), numbers({1, 2, 3}, {0.1, 0.1, 0.1}))));
  CHECK(std::isnan(value(for_numbers("r2"), numbers({1, NAN, 3}, {1, 2, 3}))));
}

TEST_CASE("r2: a head without values and a target without numbers are refused", "[metric][r2]") {
  const auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("r2")->build(predictions, {"truth", target, {}, {}}); });
  };
  CHECK(building({{"label", FieldKind::kClass, {}, {}}, {"probability", FieldKind::kSoftClass, {}, {}}}, FieldKind::kNumber) ==
        "[graft/r2] needs predictions named value; this head gives label, probability");
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kText) ==
        "[graft/r2] column truth must be number or integer, is text");
}

TEST_CASE("r2: contract of a metric", "[metric][r2]") {
  check_contract([] { return for_numbers("r2"); }, false, -1e3, 1);
  CHECK(for_numbers("r2")->higher_is_better());
}
