#include "label_sets_case.hpp"

using namespace metric_test;

TEST_CASE("subset_accuracy: of three sets one is right as a whole", "[metric][subset_accuracy]") {
  CHECK(value(for_sets("subset_accuracy", 3), sets(sets_of({"110", "010", "000"}), sets_of({"100", "011", "000"}))) ==
        Approx(1.0 / 3));
}

TEST_CASE("subset_accuracy: equals scikit-learn", "[metric][subset_accuracy]") {
  check_set_reference("subset_accuracy", "subset_accuracy");
}

TEST_CASE("subset_accuracy: a row of which a class is missing does not count", "[metric][subset_accuracy]") {
  CHECK(value(for_sets("subset_accuracy", 3), sets(sets_of({"110", "010"}), sets_of({"11?", "011"}))) == 0);
}

TEST_CASE("subset_accuracy: is never above 1 - the Hamming loss", "[metric][subset_accuracy]") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    auto [predicted, truth] = drawn_sets(seed, 40);
    truth.set("truth", truth.tensor("truth").nan_to_num(0));
    CHECK(value(for_sets("subset_accuracy", 3), {predicted, truth}) <=
          1 - value(for_sets("hamming_loss", 3), {predicted, truth}));
  }
}

TEST_CASE("subset_accuracy: other targets are refused", "[metric][subset_accuracy]") {
  CHECK(message_of([] { for_classes("subset_accuracy", 2); }) ==
        "[graft/subset_accuracy] is for label sets, column truth is class; use accuracy");
  CHECK(message_of([] { for_sets("subset_accuracy", 2)->merge(*for_sets("subset_accuracy", 3)); }) ==
        "[graft/subset_accuracy] metrics of 2 and 3 classes cannot be merged");
}

TEST_CASE("subset_accuracy: contract of a metric", "[metric][subset_accuracy]") {
  check_set_contract("subset_accuracy");
  CHECK(for_sets("subset_accuracy", 2)->higher_is_better());
}
