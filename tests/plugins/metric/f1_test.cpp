#include "metric_test_case.hpp"

using namespace metric_test;

TEST_CASE("f1: precision 2/3 and recall 1/2 make 4/7", "[metric][f1]") {
  const Rows rows = classes({1, 1, 1, 0, 0, 0}, {1, 1, 0, 1, 1, 0});
  CHECK(value(for_classes("f1", 2), rows) == Approx(4.0 / 7));
}

TEST_CASE("f1: the class named positive counts, by default the last", "[metric][f1]") {
  const Rows rows = classes({1, 1, 1, 0, 0, 0}, {1, 1, 0, 1, 1, 0});
  CHECK(value(for_classes("f1", 2, R"({"positive": "class0"})"), rows) == Approx(2.0 / 5));
  CHECK(value(for_classes("f1", 2, R"({"positive": "class1"})"), rows) == Approx(4.0 / 7));
}

TEST_CASE("f1: every average equals scikit-learn", "[metric][f1]") {
  for (const std::string average : {"binary", "macro", "micro", "weighted"})
    check_reference("class", "f1 " + average, "f1", R"({"average": ")" + average + R"("})");
}

TEST_CASE("f1: with one label a row, the micro average is the accuracy", "[metric][f1]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const Rows rows = drawn(true, seed, 40);
    CHECK(value(for_classes("f1", 3, R"({"average": "micro"})"), rows) == value(for_classes("accuracy", 3), rows));
  }
}

TEST_CASE("f1: auto is binary for two classes and macro for more", "[metric][f1]") {
  const Rows rows = drawn(true, 1, 40);
  CHECK(value(for_classes("f1", 3), rows) == value(for_classes("f1", 3, R"({"average": "macro"})"), rows));
  const Rows two = classes({1, 0, 1}, {1, 1, 0});
  CHECK(value(for_classes("f1", 2), two) == value(for_classes("f1", 2, R"({"average": "binary"})"), two));
}

TEST_CASE("f1: a class that is never right, predicted or there gives 0, not NaN", "[metric][f1]") {
  CHECK(value(for_classes("f1", 2), classes({0, 0}, {1, 1})) == 0);
  CHECK(value(for_classes("f1", 2), classes({0, 0}, {0, 0})) == 0);
}

TEST_CASE("f1: a positive class or an average that does not fit is refused", "[metric][f1]") {
  auto building = [](int classes, const char* parameters) { return message_of([&] { for_classes("f1", classes, parameters); }); };
  CHECK(building(3, R"({"average": "binary"})") ==
        "[graft/f1] average binary needs 2 classes, got 3; use macro, micro or weighted");
  CHECK(building(2, R"({"positive": "class2"})") ==
        "[graft/f1] positive must be a class of truth (class0 or class1), got class2, did you mean class0?");
  CHECK(building(3, R"({"positive": "class1"})") == "[graft/f1] positive is for average binary only, got average macro");
  CHECK(
      building(2, R"({"average": "makro"})") ==
      R"(parameters:1:13: [graft/f1] average must be "auto", "binary", "macro", "micro" or "weighted", got "makro", did you mean "macro"?)");
  CHECK(message_of([] {
          make("f1")->build({{"value", FieldKind::kNumber, {}, {}}}, {"truth", FieldKind::kClass, {}, class_names(2)});
        }) == "[graft/f1] needs predictions named label; this head gives value");
}

TEST_CASE("f1: contract of a metric", "[metric][f1]") {
  for (const char* parameters : {R"({"average": "macro"})", R"({"average": "weighted"})", R"({"average": "micro"})"})
    check_contract([&] { return for_classes("f1", 3, parameters); }, true, 0, 1);
  CHECK(std::isnan(for_classes("f1", 2)->value()));
  CHECK(for_classes("f1", 2)->higher_is_better());
}
