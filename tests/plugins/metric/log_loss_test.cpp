#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("log_loss: 1/2 and 1/4 for the true classes make (ln 2 + ln 4) / 2; a missing label does not count",
          "[metric][log_loss]") {
  const Rows rows = probabilities({{0.5, 0.25, 0.25}, {0.5, 0.25, 0.25}, {1, 0, 0}}, {0, 2, kMissingClass});
  CHECK(value(for_classes("log_loss", 3), rows) == Approx(1.5 * std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("log_loss: equals scikit-learn", "[metric][log_loss]") {
  check_reference("class", "log_loss", "log_loss", "{}", "probability_metrics.json");
}

TEST_CASE("log_loss: an even guess among C classes costs ln C", "[metric][log_loss]") {
  CHECK(value(for_classes("log_loss", 4), probabilities({{0.25, 0.25, 0.25, 0.25}}, {3})) == Approx(std::log(4.0)));
}

TEST_CASE("log_loss: sure and wrong costs 23 ln 2, sure and right almost nothing, NaN all", "[metric][log_loss]") {
  CHECK(value(for_classes("log_loss", 2), seconds({0}, {1})) == Approx(23 * std::log(2.0)).epsilon(1e-15));
  CHECK(value(for_classes("log_loss", 2), seconds({1}, {1})) == Approx(std::exp2(-23)));
  CHECK(std::isnan(value(for_classes("log_loss", 2), seconds({0.5, NAN}, {1, 1}))));
}

TEST_CASE("log_loss: a head without probabilities and other classes are refused", "[metric][log_loss]") {
  const auto building = [](const Schema& predictions, const Field& target) {
    return message_of([&] { make("log_loss")->build(predictions, target); });
  };
  const Field classes2{"truth", FieldKind::kClass, {}, class_names(2)};
  CHECK(building({{"label", FieldKind::kClass, {}, class_names(2)}}, classes2) ==
        "[graft/log_loss] needs predictions named probability; this head gives label");
  CHECK(building({{"probability", FieldKind::kSoftClass, {3}, class_names(3)}}, classes2) ==
        "[graft/log_loss] predictions and column truth must have the same classes, got 3 and 2");
  CHECK(message_of([] { for_classes("log_loss", 2)->merge(*for_classes("log_loss", 3)); }) ==
        "[graft/log_loss] metrics of 2 and 3 classes cannot be merged");
}

TEST_CASE("log_loss: contract of a metric", "[metric][log_loss]") {
  check_contract([] { return for_classes("log_loss", 3); }, true, 0, 16);
  CHECK_FALSE(for_classes("log_loss", 3)->higher_is_better());
}
