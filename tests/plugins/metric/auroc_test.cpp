#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("auroc: of 2 x 2 pairs three are in order, which makes 0.75; a missing label does not count", "[metric][auroc]") {
  CHECK(value(for_classes("auroc", 2), seconds({0.1, 0.4, 0.35, 0.8, 0.9}, {0, 0, 1, 1, kMissingClass})) == 0.75);
}

TEST_CASE("auroc: equal probabilities count half", "[metric][auroc]") {
  CHECK(value(for_classes("auroc", 2), seconds({0.5, 0.5, 0.5}, {0, 1, 1})) == 0.5);
  CHECK(value(for_classes("auroc", 2), seconds({0.25, 0.5, 0.5, 0.75}, {0, 0, 1, 1})) == 0.875);
}

TEST_CASE("auroc: every average equals scikit-learn, with ties and with classes that have no row", "[metric][auroc]") {
  for (const std::string average : {"binary", "macro", "weighted"})
    check_reference("class", "auroc " + average, "auroc", R"({"average": ")" + average + R"("})", "probability_metrics.json");
}

TEST_CASE("auroc: any change that keeps the order keeps the value, and turning the order round mirrors it", "[metric][auroc]") {
  const std::vector<double> p = {0.1, 0.9, 0.3, 0.3, 0.6, 0.2};
  const auto of = [](const std::vector<double>& second) {
    return value(for_classes("auroc", 2), seconds(second, {0, 1, 1, 0, 0, 1}));
  };
  std::vector<double> squared, turned;
  for (double one : p) {
    squared.push_back(one * one);
    turned.push_back(1 - one);
  }
  CHECK(of(squared) == of(p));
  CHECK(of(turned) == Approx(1 - of(p)));
}

TEST_CASE("auroc: of two classes the first is as well told apart as the second", "[metric][auroc]") {
  const Rows rows = seconds({0.125, 0.875, 0.375, 0.375, 0.625}, {0, 1, 1, 0, 0});
  CHECK(value(for_classes("auroc", 2, R"({"positive": "class0"})"), rows) == value(for_classes("auroc", 2), rows));
}

TEST_CASE("auroc: labels of one class have no value, and in macro a class without rows is left out", "[metric][auroc]") {
  CHECK(std::isnan(value(for_classes("auroc", 2), seconds({0.1, 0.9}, {1, 1}))));
  CHECK(std::isnan(value(for_classes("auroc", 2), seconds({0.1, 0.9}, {0, 0}))));
  CHECK(std::isnan(value(for_classes("auroc", 3), probabilities({{0.2, 0.3, 0.5}}, {1}))));
  const auto rows = probabilities({{0.5, 0.5, 0}, {0.75, 0.25, 0}, {0.25, 0.75, 0}}, {0, 1, 1});
  CHECK(value(for_classes("auroc", 3), rows) == 0.5);
}

TEST_CASE("auroc: a NaN probability has no rank, so there is no value", "[metric][auroc]") {
  CHECK(std::isnan(value(for_classes("auroc", 2), seconds({0.1, NAN, 0.3}, {0, 1, 1}))));
}

TEST_CASE("auroc: a soft label counts as its largest class, an empty one not at all", "[metric][auroc]") {
  const auto metric = make("auroc");
  metric->build({{"probability", FieldKind::kSoftClass, {2}, class_names(2)}},
                {"truth", FieldKind::kSoftClass, {2}, class_names(2)});
  const Batch truth = testing::batch({{"truth", testing::matrix({{0.3, 0.7}, {0.6, 0.4}, {0, 0}, {NAN, 1}})}});
  metric->update(seconds({0.9, 0.1, 0, 0}, {0, 0, 0, 0}).first, truth);
  CHECK(metric->value() == 1);
}

TEST_CASE("auroc: heads without probabilities, other shapes, averages and positives that do not fit are refused",
          "[metric][auroc]") {
  const Field classes2{"truth", FieldKind::kClass, {}, class_names(2)};
  const auto building = [](const Schema& predictions, const Field& target) {
    return message_of([&] { make("auroc")->build(predictions, target); });
  };
  const Schema probability3 = {{"probability", FieldKind::kSoftClass, {3}, class_names(3)}};
  CHECK(building({{"value", FieldKind::kNumber, {}, {}}}, classes2) ==
        "[graft/auroc] needs predictions named probability; this head gives value");
  CHECK(building(probability3, classes2) == "[graft/auroc] predictions and column truth must have the same classes, got 3 and 2");
  CHECK(building(probability3, {"truth", FieldKind::kNumber, {}, {}}) ==
        "[graft/auroc] column truth must be class or soft class, is number");
  const auto making = [](int classes, const char* parameters) {
    return message_of([&] { for_classes("auroc", classes, parameters); });
  };
  CHECK(making(3, R"({"average": "binary"})") == "[graft/auroc] average binary needs 2 classes, got 3; use macro or weighted");
  CHECK(making(3, R"({"positive": "class1"})") == "[graft/auroc] positive is for average binary only, got average macro");
  CHECK(making(2, R"({"positive": "clas1"})") ==
        "[graft/auroc] positive must be a class of truth (class0 or class1), got clas1, did you mean class1?");
  CHECK(
      making(2, R"({"average": "micro"})") ==
      R"(parameters:1:13: [graft/auroc] average must be "auto", "binary", "macro" or "weighted", got "micro", did you mean "macro"?)");
  CHECK(message_of([] { value(for_classes("auroc", 2), probabilities({{0.2, 0.3, 0.5}}, {0})); }) ==
        "[graft/auroc] probabilities must be [1, 2], one a class for each label, got [1, 3]");
  CHECK(message_of([] { value(for_classes("auroc", 2), seconds({0.5}, {2})); }) ==
        "[graft/auroc] a label must be in [0, 2), got 2");
  CHECK(message_of([] { for_classes("auroc", 2)->merge(*for_classes("auroc", 3)); }) ==
        "[graft/auroc] metrics of 2 and 3 classes cannot be merged");
}

TEST_CASE("auroc: contract of a metric", "[metric][auroc]") {
  for (const char* parameters : {R"({"average": "macro"})", R"({"average": "weighted"})"})
    check_contract([&] { return for_classes("auroc", 3, parameters); }, true, 0, 1);
  CHECK(std::isnan(for_classes("auroc", 2)->value()));
  CHECK(for_classes("auroc", 2)->higher_is_better());
}
