#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("average_precision: hits at places 1 and 3 make (1 + 2/3) / 2; a missing label does not count",
          "[metric][average_precision]") {
  const Rows rows = seconds({0.8, 0.4, 0.35, 0.1, 0.9}, {1, 0, 1, 0, kMissingClass});
  CHECK(value(for_classes("average_precision", 2), rows) == Approx(5.0 / 6).epsilon(1e-15));
}

TEST_CASE("average_precision: rows of equal probability enter together, in whatever order they come",
          "[metric][average_precision]") {
  CHECK(value(for_classes("average_precision", 2), seconds({0.5, 0.5, 0.5, 0.5}, {1, 0, 0, 1})) == 0.5);
  CHECK(value(for_classes("average_precision", 2), seconds({0.5, 0.5, 0.9}, {1, 0, 0})) == Approx(1.0 / 3));
  CHECK(value(for_classes("average_precision", 2), seconds({0.5, 0.5, 0.9}, {0, 1, 0})) == Approx(1.0 / 3));
}

TEST_CASE("average_precision: every average equals scikit-learn", "[metric][average_precision]") {
  for (const std::string average : {"binary", "macro", "weighted"})
    check_reference("class", "average_precision " + average, "average_precision", R"({"average": ")" + average + R"("})",
                    "probability_metrics.json");
}

TEST_CASE("average_precision: a perfect order gives 1 and one probability for all gives the share of the class",
          "[metric][average_precision]") {
  CHECK(value(for_classes("average_precision", 2), seconds({0.1, 0.2, 0.8, 0.9}, {0, 0, 1, 1})) == 1);
  CHECK(value(for_classes("average_precision", 2), seconds({0.3, 0.3, 0.3, 0.3}, {0, 0, 1, 0})) == 0.25);
}

TEST_CASE("average_precision: falls with more rows of the other class before, where AUROC only looks at their share",
          "[metric][average_precision]") {
  const Rows even = seconds({0.9, 0.5, 0.1}, {0, 1, 0}), rare = seconds({0.9, 0.9, 0.5, 0.1, 0.1}, {0, 0, 1, 0, 0});
  CHECK(value(for_classes("auroc", 2), even) == value(for_classes("auroc", 2), rare));
  CHECK(value(for_classes("average_precision", 2), even) == 0.5);
  CHECK(value(for_classes("average_precision", 2), rare) == Approx(1.0 / 3));
}

TEST_CASE("average_precision: a class without rows has no value and is left out of macro; rows of it alone make 1",
          "[metric][average_precision]") {
  CHECK(std::isnan(value(for_classes("average_precision", 2), seconds({0.1, 0.9}, {0, 0}))));
  CHECK(value(for_classes("average_precision", 2), seconds({0.1, 0.9}, {1, 1})) == 1);
  const Rows rows = probabilities({{0.7, 0.2, 0.1}, {0.2, 0.7, 0.1}}, {0, 1});
  CHECK(value(for_classes("average_precision", 3), rows) == 1);
  CHECK(std::isnan(value(for_classes("average_precision", 2), seconds({NAN, 0.9}, {1, 1}))));
}

TEST_CASE("average_precision: a head without probabilities and a positive that is no class are refused",
          "[metric][average_precision]") {
  CHECK(message_of([] {
          make("average_precision")
              ->build({{"label", FieldKind::kClass, {}, class_names(2)}}, {"truth", FieldKind::kClass, {}, class_names(2)});
        }) == "[graft/average_precision] needs predictions named probability; this head gives label");
  CHECK(message_of([] { for_classes("average_precision", 2, R"({"positive": "Class1"})"); }) ==
        "[graft/average_precision] positive must be a class of truth (class0 or class1), got Class1, did you mean class1?");
}

TEST_CASE("average_precision: contract of a metric", "[metric][average_precision]") {
  for (const char* parameters : {R"({"average": "macro"})", R"({"average": "weighted"})"})
    check_contract([&] { return for_classes("average_precision", 3, parameters); }, true, 0, 1);
  CHECK(std::isnan(for_classes("average_precision", 2)->value()));
  CHECK(for_classes("average_precision", 2)->higher_is_better());
}
