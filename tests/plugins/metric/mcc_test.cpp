#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("mcc: two classes give (tp tn - fp fn) / sqrt(...) worked out by hand", "[metric][mcc]") {
  const Rows rows = classes({1, 1, 1, 0, 0, 0, 0}, {1, 1, 0, 1, 0, 0, 0});  // tp 2, fp 1, fn 1, tn 3
  CHECK(value(for_classes("mcc", 2), rows) == Approx((2.0 * 3 - 1) / std::sqrt(3.0 * 3 * 4 * 4)));
}

TEST_CASE("mcc: equals scikit-learn", "[metric][mcc]") { check_reference("class", "mcc", "mcc"); }

TEST_CASE("mcc: all right is 1, two classes swapped is -1, one class only is 0", "[metric][mcc]") {
  CHECK(value(for_classes("mcc", 3), classes({0, 1, 2, 1}, {0, 1, 2, 1})) == Approx(1));
  CHECK(value(for_classes("mcc", 2), classes({0, 1, 1}, {1, 0, 0})) == Approx(-1));
  CHECK(value(for_classes("mcc", 2), classes({1, 1, 1}, {1, 0, 0})) == 0);
  CHECK(value(for_classes("mcc", 2), classes({1, 0}, {1, 1})) == 0);
}

TEST_CASE("mcc: labels and predictions can change places", "[metric][mcc]") {
  CHECK(value(for_classes("mcc", 3), classes({0, 1, 2, 2, 0}, {0, 2, 2, 1, 1})) ==
        Approx(value(for_classes("mcc", 3), classes({0, 2, 2, 1, 1}, {0, 1, 2, 2, 0}))));
}

TEST_CASE("mcc: a head without labels is refused", "[metric][mcc]") {
  CHECK(message_of([] {
          make("mcc")->build({{"value", FieldKind::kNumber, {}, {}}}, {"truth", FieldKind::kClass, {}, class_names(2)});
        }) == "[graft/mcc] needs predictions named label; this head gives value");
}

TEST_CASE("mcc: contract of a metric", "[metric][mcc]") {
  check_contract([] { return for_classes("mcc", 3); }, true, -1, 1);
  CHECK(for_classes("mcc", 3)->higher_is_better());
}
