#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("spearman: ranks (1, 2.5, 2.5) against (1, 2, 3) give the square root of 3/4", "[metric][spearman]") {
  CHECK(value(for_numbers("spearman"), numbers({5, 9, 9, 0}, {1, 4, 100, NAN})) == Approx(std::sqrt(0.75)));
}

TEST_CASE("spearman: equals scipy", "[metric][spearman]") { check_reference("number", "spearman", "spearman"); }

TEST_CASE("spearman: any change that keeps the order keeps the value", "[metric][spearman]") {
  CHECK(value(for_numbers("spearman"), numbers({1, 8, 27, 64}, {0, 5, 2, 9})) ==
        value(for_numbers("spearman"), numbers({1, 2, 3, 4}, {0, 5, 2, 9})));
  CHECK(value(for_numbers("spearman"), numbers({1, 2, 3}, {std::exp(1.), std::exp(2.), std::exp(90.)})) == Approx(1));
}

TEST_CASE("spearman: a NaN prediction has no rank, so there is no value", "[metric][spearman]") {
  CHECK(std::isnan(value(for_numbers("spearman"), numbers({1, NAN, 3}, {1, 2, 3}))));
}

TEST_CASE("spearman: a head without values and a target without numbers are refused", "[metric][spearman]") {
  auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("spearman")->build(predictions, {"truth", target, {}, {}}); });
  };
  CHECK(building({{"label", FieldKind::kClass, {}, {}}, {"probability", FieldKind::kSoftClass, {}, {}}}, FieldKind::kNumber) ==
        "[graft/spearman] needs predictions named value; this head gives label, probability");
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kText) ==
        "[graft/spearman] column truth must be number or integer, is text");
}

TEST_CASE("spearman: contract of a metric", "[metric][spearman]") {
  check_contract([] { return for_numbers("spearman"); }, false, -1, 1);
  CHECK(for_numbers("spearman")->higher_is_better() == true);
}
