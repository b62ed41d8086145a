#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("quadratic_kappa: a squared distance of 1 against 3 by chance makes 2/3; a missing label does not count",
          "[metric][quadratic_kappa]") {
  // Labels 0, 1, 2, of which 1 is guessed for two and 2 for one: by chance (1 + 0 + 1) 2/3 + (4 + 1 + 0) 1/3 = 3.
  CHECK(value(for_classes("quadratic_kappa", 3), classes({1, 1, 2, 0}, {0, 1, 2, kMissingClass})) == Approx(2.0 / 3));
}

TEST_CASE("quadratic_kappa: equals scikit-learn", "[metric][quadratic_kappa]") {
  check_reference("class", "quadratic_kappa", "quadratic_kappa", "{}", "probability_metrics.json");
}

TEST_CASE("quadratic_kappa: a near miss costs less than a far one, which accuracy cannot tell", "[metric][quadratic_kappa]") {
  const Rows near = classes({1, 1, 2, 3}, {0, 1, 2, 3}), far = classes({3, 1, 2, 3}, {0, 1, 2, 3});
  CHECK(value(for_classes("quadratic_kappa", 4), near) > value(for_classes("quadratic_kappa", 4), far));
  CHECK(value(for_classes("accuracy", 4), near) == value(for_classes("accuracy", 4), far));
}

TEST_CASE("quadratic_kappa: the order of the classes turned round changes nothing", "[metric][quadratic_kappa]") {
  CHECK(value(for_classes("quadratic_kappa", 4), classes({1, 1, 0, 3}, {0, 1, 2, 3})) ==
        value(for_classes("quadratic_kappa", 4), classes({2, 2, 3, 0}, {3, 2, 1, 0})));
}

TEST_CASE("quadratic_kappa: one prediction for all is worth 0, the two ends swapped -1, one class alone nothing",
          "[metric][quadratic_kappa]") {
  CHECK(value(for_classes("quadratic_kappa", 3), classes({1, 1, 1}, {0, 1, 2})) == 0);
  CHECK(value(for_classes("quadratic_kappa", 3), classes({2, 0}, {0, 2})) == -1);
  CHECK(std::isnan(value(for_classes("quadratic_kappa", 3), classes({1, 1}, {1, 1}))));
}

TEST_CASE("quadratic_kappa: a head without labels and a target without classes are refused", "[metric][quadratic_kappa]") {
  const auto building = [](const Schema& predictions, FieldKind target) {
    return message_of([&] { make("quadratic_kappa")->build(predictions, {"truth", target, {}, class_names(2)}); });
  };
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, FieldKind::kClass) ==
        "[graft/quadratic_kappa] needs predictions named label; this head gives value");
  CHECK(building({{"label", FieldKind::kClass, {}, class_names(2)}}, FieldKind::kInteger) ==
        "[graft/quadratic_kappa] column truth must be class or soft class, is integer");
}

TEST_CASE("quadratic_kappa: contract of a metric", "[metric][quadratic_kappa]") {
  check_contract([] { return for_classes("quadratic_kappa", 3); }, true, -1, 1);
  CHECK(for_classes("quadratic_kappa", 3)->higher_is_better());
}
