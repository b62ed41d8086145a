#include "label_sets_case.hpp"

using namespace metric_test;

TEST_CASE("hamming_loss: two of nine answers are wrong", "[metric][hamming_loss]") {
  CHECK(value(for_sets("hamming_loss", 3), sets(sets_of({"110", "010", "000"}), sets_of({"100", "011", "000"}))) ==
        Approx(2.0 / 9));
}

TEST_CASE("hamming_loss: equals scikit-learn", "[metric][hamming_loss]") { check_set_reference("hamming_loss", "hamming_loss"); }

TEST_CASE("hamming_loss: a class that is missing in a row is not asked", "[metric][hamming_loss]") {
  CHECK(value(for_sets("hamming_loss", 3), sets(sets_of({"110"}), sets_of({"1?1"}))) == 0.5);
}

TEST_CASE("hamming_loss: turning every answer round turns the value round", "[metric][hamming_loss]") {
  auto [predicted, truth] = drawn_sets(1, 40);
  const double loss = value(for_sets("hamming_loss", 3), {predicted, truth});
  predicted.set("label", predicted.tensor("label").neg().add(1));
  CHECK(value(for_sets("hamming_loss", 3), {predicted, truth}) == Approx(1 - loss));
}

TEST_CASE("hamming_loss: other targets are refused", "[metric][hamming_loss]") {
  CHECK(message_of([] { for_classes("hamming_loss", 2); }) ==
        "[graft/hamming_loss] is for label sets, column truth is class; use accuracy");
}

TEST_CASE("hamming_loss: contract of a metric", "[metric][hamming_loss]") {
  check_set_contract("hamming_loss");
  CHECK_FALSE(for_sets("hamming_loss", 2)->higher_is_better());
}
