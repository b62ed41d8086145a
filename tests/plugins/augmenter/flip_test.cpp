#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

TEST_CASE("flip: a picture of three by two by hand", "[augmenter][flip]") {
  const Tensor picture = at::tensor({1, 2, 3, 4, 5, 6}, at::kByte).view({1, 1, 2, 3});
  const auto once = [&](const char* more) { return changed(*made("flip", more), copies(picture, 1), 1).flatten(); };
  CHECK(once(R"("horizontal": 1)").equal(at::tensor({3, 2, 1, 6, 5, 4}, at::kByte)));
  CHECK(once(R"("horizontal": 0, "vertical": 1)").equal(at::tensor({4, 5, 6, 1, 2, 3}, at::kByte)));
  CHECK(once(R"("horizontal": 1, "vertical": 1)").equal(at::tensor({6, 5, 4, 3, 2, 1}, at::kByte)));
  CHECK(once(R"("horizontal": 0)").equal(picture.flatten()));
}

TEST_CASE("flip: is LibTorch's flip, and twice gives back the picture", "[augmenter][flip]") {
  const auto both = made("flip", R"("horizontal": 1, "vertical": 1)");
  const Batch batch = pictures(5);
  const Tensor once = changed(*both, batch, 1);
  CHECK(once.equal(batch.tensor("image").flip({2, 3})));
  CHECK(changed(*both, testing::batch({{"image", once}}), 1).equal(batch.tensor("image")));
}

TEST_CASE("flip: the four fates come as often as their chances say", "[augmenter][flip]") {
  const Tensor picture = pictures(1).tensor("image");
  const Tensor fates = at::cat({picture, picture.flip(3), picture.flip(2), picture.flip({2, 3})});
  CHECK(misfit(tally(*made("flip", R"("vertical": 0.5)"), picture, fates), even_shares(4)) < 1);
  CHECK(misfit(tally(*made("flip", R"("horizontal": 0.2, "vertical": 0.1)"), picture, fates), {0.72, 0.18, 0.08, 0.02}) < 1);
}

TEST_CASE("flip: refusals name the rule and the value", "[augmenter][flip]") {
  CHECK(message_of([] { made("flip", R"("horizontal": 1.5)"); }).ends_with("[graft/flip] horizontal must be <= 1, got 1.5"));
  CHECK(message_of([] { made("flip")->outputs({{"image", FieldKind::kVector, {2}, {}}}); }) ==
        "[graft/flip] column image must be image, is vector");
}

TEST_CASE("flip: a row's fate hangs on its id and the key alone", "[augmenter][flip]") {
  require_row_wise(*made("flip", R"("vertical": 0.5)"));
  CHECK((made("flip")->outputs({image_field()}) == Schema{image_field()}));
}
