#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("accuracy: 3 right of 4 labelled rows is 0.75", "[metric][accuracy]") {
  CHECK(value(for_classes("accuracy", 3), classes({0, 1, 2, 2, 0}, {0, 1, 2, 1, kMissingClass})) == 0.75);
}

TEST_CASE("accuracy: equals scikit-learn", "[metric][accuracy]") { check_reference("class", "accuracy", "accuracy"); }

TEST_CASE("accuracy: the order and the names of classes do not matter", "[metric][accuracy]") {
  const double before = value(for_classes("accuracy", 3), classes({0, 1, 2, 2}, {0, 2, 2, 1}));
  CHECK(value(for_classes("accuracy", 3), classes({2, 0, 1, 1}, {2, 1, 1, 0})) == before);  // 0 -> 2 -> 1 -> 0
}

TEST_CASE("accuracy: a soft label counts as its largest class, an empty one not at all", "[metric][accuracy]") {
  const auto metric = make("accuracy");
  metric->build({{"label", FieldKind::kClass, {}, class_names(2)}}, {"truth", FieldKind::kSoftClass, {2}, class_names(2)});
  const Batch truth = testing::batch({{"truth", testing::matrix({{0.3, 0.7}, {0.6, 0.4}, {0, 0}, {NAN, 1}})}});
  metric->update(testing::batch({{"label", testing::integers({1, 1, 1, 0})}}), truth);
  CHECK(metric->value() == 0.5);
}

TEST_CASE("accuracy: a head without labels, a target without classes, other classes and impossible labels are refused",
          "[metric][accuracy]") {
  const Field classes2{"truth", FieldKind::kClass, {}, class_names(2)};
  const Schema label3 = {{"label", FieldKind::kClass, {}, class_names(3)}};
  auto building = [](const Schema& predictions, const Field& target) {
    return message_of([&] { make("accuracy")->build(predictions, target); });
  };
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, classes2) ==
        "[graft/accuracy] needs predictions named label; this head gives value");
  CHECK(building({}, classes2) == "[graft/accuracy] needs predictions named label; this head gives none");
  CHECK(building(label3, {"truth", FieldKind::kNumber, {}, {}}) ==
        "[graft/accuracy] column truth must be class or soft class, is number");
  CHECK(building(label3, classes2) == "[graft/accuracy] predictions and column truth must have the same classes, got 3 and 2");
  CHECK(message_of([] { value(for_classes("accuracy", 2), classes({0}, {2})); }) ==
        "[graft/accuracy] a label must be in [0, 2), got 2");
  CHECK(message_of([] { value(for_classes("accuracy", 2), classes({-1}, {0})); }) ==
        "[graft/accuracy] a predicted label must be in [0, 2), got -1");
  CHECK(message_of([] { value(for_classes("accuracy", 2), classes({0}, {0, 1})); }) ==
        "[graft/accuracy] predictions and labels must be one number a row, got [1] and [2]");
  CHECK(message_of([] { for_classes("accuracy", 2)->merge(*for_classes("accuracy", 3)); }) ==
        "[graft/accuracy] metrics of 2 and 3 classes cannot be merged");
}

TEST_CASE("accuracy: contract of a metric", "[metric][accuracy]") {
  check_contract([] { return for_classes("accuracy", 3); }, true, 0, 1);
  CHECK(for_classes("accuracy", 3)->higher_is_better());
}
