// Metrics of classes on label sets: F1, AUROC, average precision; and those that refuse them.
#include "label_sets_case.hpp"

using namespace metric_test;

TEST_CASE("label sets: f1 counts pairs of row and class", "[metric][f1][label_sets]") {
  const Rows rows = sets(sets_of({"110", "010", "000"}), sets_of({"100", "011", "000"}));
  CHECK(value(for_sets("f1", 3, R"({"average": "micro"})"), rows) == Approx(2.0 * 2 / (3 + 3)));
  CHECK(value(for_sets("f1", 3), rows) == Approx((1 + 2.0 / 3 + 0) / 3));  // auto: macro
  CHECK(value(for_sets("f1", 3, R"({"average": "weighted"})"), rows) == Approx((1 + 2.0 / 3 + 0) / 3));
}

TEST_CASE("label sets: f1, auroc and average precision equal scikit-learn", "[metric][label_sets]") {
  for (const std::string average : {"macro", "micro", "weighted"})
    check_set_reference("f1 " + average, "f1", R"({"average": ")" + average + R"("})");
  for (const std::string name : {"auroc", "average_precision"})
    for (const std::string average : {"macro", "weighted"})
      check_set_reference(name + " " + average, name, R"({"average": ")" + average + R"("})");
}

TEST_CASE("label sets: an answer whose truth is missing does not count, the others of its row do", "[metric][label_sets]") {
  const Tensor predicted = sets_of({"110", "001"});
  CHECK(value(for_sets("f1", 3, R"({"average": "micro"})"), sets(predicted, sets_of({"1?0", "001"}))) == 1);
  CHECK(value(for_sets("f1", 3, R"({"average": "micro"})"), sets(predicted, sets_of({"100", "001"}))) == Approx(0.8));
  const Tensor p = testing::matrix({{0.9, 0.2}, {0.8, 0.9}, {0.1, 0.3}});
  CHECK(value(for_sets("auroc", 2), sets(p, sets_of({"?0", "11", "00"}))) == 1);
}

TEST_CASE("label sets: sets that are empty everywhere have F1 0, not NaN", "[metric][f1][label_sets]") {
  for (const char* average : {"macro", "micro", "weighted"})
    CHECK(value(for_sets("f1", 2, R"({"average": ")" + std::string(average) + R"("})"), sets(sets_of({"00"}), sets_of({"00"}))) ==
          0);
}

TEST_CASE("label sets: two classes are not taken for a class and its opposite", "[metric][label_sets]") {
  const Rows rows = sets(testing::matrix({{0.9, 0.8}, {0.1, 0.9}}), sets_of({"11", "01"}));
  CHECK(value(for_sets("average_precision", 2), rows) == 1);
  CHECK(message_of([] { for_sets("f1", 2, R"({"average": "binary"})"); }) ==
        "[graft/f1] average binary is for one class a row, column truth is a label set; use macro, micro or weighted");
}

TEST_CASE("label sets: contract of f1, auroc and average precision", "[metric][label_sets]") {
  for (const char* average : {"macro", "micro", "weighted"})
    check_set_contract("f1", R"({"average": ")" + std::string(average) + R"("})");
  for (const char* average : {"macro", "weighted"})
    for (const char* name : {"auroc", "average_precision"})
      check_set_contract(name, R"({"average": ")" + std::string(average) + R"("})");
}

TEST_CASE("label sets: metrics of one class a row refuse them and name those that do not", "[metric][label_sets]") {
  for (const std::string name : {"accuracy", "mcc", "quadratic_kappa", "log_loss", "calibration_error"})
    CHECK(message_of([&] { for_sets(name, 3); }) ==
          "[graft/" + name +
              "] is for one class a row, column truth is a label set; use f1, auroc, average_precision, subset_accuracy or "
              "hamming_loss");
  CHECK(message_of([] { value(for_sets("f1", 3), sets(sets_of({"10"}), sets_of({"101"}))); }) ==
        "[graft/f1] predictions and label sets must be one number a row and class, of 3 classes, got [1, 2] and [1, 3]");
}
