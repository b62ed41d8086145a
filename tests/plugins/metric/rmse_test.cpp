#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("rmse: errors of 1, 5 and 7 make 5; a row without a label does not count", "[metric][rmse]") {
  CHECK(value(for_numbers("rmse"), numbers({1, 0, 10, 100}, {2, 5, 3, NAN})) == 5);
}

TEST_CASE("rmse: equals scikit-learn", "[metric][rmse]") { check_reference("number", "rmse", "rmse"); }

TEST_CASE("rmse: is never under the mean absolute error", "[metric][rmse]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Rows rows = drawn(false, seed, 30);
    CHECK(value(for_numbers("rmse"), rows) >= value(for_numbers("mae"), rows));
  }
}

TEST_CASE("rmse: a head without values and a target without numbers are refused", "[metric][rmse]") {
  auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("rmse")->build(predictions, {"truth", target, {}, {}}); });
  };
  CHECK(building({{"label", FieldKind::kClass, {}, {}}, {"probability", FieldKind::kSoftClass, {}, {}}}, FieldKind::kNumber) ==
        "[graft/rmse] needs predictions named value; this head gives label, probability");
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kText) ==
        "[graft/rmse] column truth must be number or integer, is text");
}

TEST_CASE("rmse: contract of a metric", "[metric][rmse]") {
  check_contract([] { return for_numbers("rmse"); }, false, 0, 1e3);
  CHECK(for_numbers("rmse")->higher_is_better() == false);
}
