#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("pearson: (1, 2, 3) against (1, 3, 2) is 0.5", "[metric][pearson]") {
  CHECK(value(for_numbers("pearson"), numbers({1, 2, 3, 9}, {1, 3, 2, NAN})) == Approx(0.5));
}

TEST_CASE("pearson: equals scipy", "[metric][pearson]") { check_reference("number", "pearson", "pearson"); }

TEST_CASE("pearson: a change of unit or zero point changes nothing, a change of sign turns it round", "[metric][pearson]") {
  CHECK(value(for_numbers("pearson"), numbers({10, 20, 30}, {-1, -3, -2})) == Approx(-0.5));
  CHECK(value(for_numbers("pearson"), numbers({1e9 + 1, 1e9 + 2, 1e9 + 3}, {1, 3, 2})) == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("pearson: pieces with means of a thousand million merge without losing digits", "[metric][pearson]") {
  const auto first = for_numbers("pearson"), second = for_numbers("pearson");
  const Rows rows = numbers({1e9 + 2, 1e9 + 3}, {1e9 + 3, 1e9 + 2});
  value(first, numbers({1e9 + 1}, {1e9 + 1}));
  value(second, rows);
  first->merge(*second);
  CHECK(first->value() == Approx(0.5).epsilon(1e-12));
}

TEST_CASE("pearson: one row, or a side that never changes, has no correlation", "[metric][pearson]") {
  CHECK(std::isnan(value(for_numbers("pearson"), numbers({1}, {1}))));
  CHECK(std::isnan(value(for_numbers("pearson"), numbers({0.1, 0.1, 0.1}, {1, 2, 3}))));
  CHECK(std::isnan(value(for_numbers("pearson"), numbers({1, 2, 3}, {0.1, 0.1, 0.1}))));
}

TEST_CASE("pearson: a head without values and a target without numbers are refused", "[metric][pearson]") {
  auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("pearson")->build(predictions, {"truth", target, {}, {}}); });
  };
  CHECK(building({{"label", FieldKind::kClass, {}, {}}, {"probability", FieldKind::kSoftClass, {}, {}}}, FieldKind::kNumber) ==
        "[graft/pearson] needs predictions named value; this head gives label, probability");
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kText) ==
        "[graft/pearson] column truth must be number or integer, is text");
}

TEST_CASE("pearson: contract of a metric", "[metric][pearson]") {
  check_contract([] { return for_numbers("pearson"); }, false, -1, 1);
  CHECK(for_numbers("pearson")->higher_is_better() == true);
}
