#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("mae: errors of 1, 2 and 3 make 2; a row without a label does not count", "[metric][mae]") {
  CHECK(value(for_numbers("mae"), numbers({1, 0, 6, 100}, {2, 2, 3, NAN})) == 2);
}

TEST_CASE("mae: equals scikit-learn", "[metric][mae]") { check_reference("number", "mae", "mae"); }

TEST_CASE("mae: scales with the unit and never sees a shift of both sides", "[metric][mae]") {
  CHECK(value(for_numbers("mae"), numbers({100, 0, 600}, {200, 200, 300})) == 200);
  CHECK(value(for_numbers("mae"), numbers({8, 7, 13}, {9, 9, 10})) == 2);
}

TEST_CASE("mae: a head without values and a target without numbers are refused", "[metric][mae]") {
  auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("mae")->build(predictions, {"truth", target, {}, {}}); });
  };
  CHECK(building({{"label", FieldKind::kClass, {}, {}}, {"probability", FieldKind::kSoftClass, {}, {}}}, FieldKind::kNumber) ==
        "[graft/mae] needs predictions named value; this head gives label, probability");
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kText) ==
        "[graft/mae] column truth must be number or integer, is text");
}

TEST_CASE("mae: contract of a metric", "[metric][mae]") {
  check_contract([] { return for_numbers("mae"); }, false, 0, 1e3);
  CHECK(for_numbers("mae")->higher_is_better() == false);
}
