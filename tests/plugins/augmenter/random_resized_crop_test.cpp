#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

TEST_CASE("random_resized_crop: halves of a picture of one by four by hand", "[augmenter][random_resized_crop]") {
  // area 4 / 2 at ratio 2: two wide, one high; brought back to four wide by antialiased bilinear: a, a + (b - a) / 4, b - (b - a) / 4, b
  const Tensor picture = at::tensor({0, 100, 200, 40}, at::kByte).view({1, 1, 1, 4});
  const Tensor parts = at::tensor({0, 25, 75, 100, 100, 125, 175, 200, 200, 160, 80, 40}, at::kByte).view({3, 1, 1, 4});
  const auto step = made("random_resized_crop", R"("scale": [0.5, 0.5], "ratio": [2, 2])");
  CHECK(misfit(tally(*step, picture, parts, 5000), even_shares(3)) < 1);
}

TEST_CASE("random_resized_crop: gives torchvision's bytes, every place equally often", "[augmenter][random_resized_crop]") {
  const auto step = made("random_resized_crop", R"("scale": [0.5, 0.5], "ratio": [1, 1])");
  const std::vector<std::int64_t> counts =
      tally(*step, reference("big").slice(0, 0, 1), reference("random_resized_crop.big"), 5000);
  CHECK(counts.back() == 0);
  CHECK(misfit(counts, even_shares(35)) < 1);
}

TEST_CASE("random_resized_crop: boxes come as often as torchvision's, also those that did not fit at once",
          "[augmenter][random_resized_crop]") {
  require_shares(*made("random_resized_crop"), reference("small").unsqueeze(0), "random_resized_crop.small", 0, 10'000);
}

TEST_CASE("random_resized_crop: boxes come as often as torchvision's in 100,000 draws",
          "[augmenter][random_resized_crop][slow]") {
  require_shares(*made("random_resized_crop"), reference("small").unsqueeze(0), "random_resized_crop.small");
}

TEST_CASE("random_resized_crop: where no box fits it is the middle whose ratio is in range", "[augmenter][random_resized_crop]") {
  const Tensor wide = at::tensor({1, 2, 3, 4, 5, 6, 7, 8}, at::kByte).mul(20).view({1, 1, 1, 8});  // all of it: ratio 8
  const auto step = made("random_resized_crop", R"("scale": [1, 1], "ratio": [1, 2])");
  const Tensor middle = wide.slice(3, 3, 5).to(at::kFloat);
  const Tensor expected = at::_upsample_bilinear2d_aa(middle, {1, 8}, false).round().to(at::kByte);
  CHECK(furthest(changed(*step, copies(wide, 1), 1), expected) <= 1);    // bytes are resized by whole-numbered weights
  const auto high = changed(*step, copies(wide.transpose(2, 3), 1), 1);  // ratio 1 / 8, range from 1: one by one in the middle
  CHECK(high.eq(80).all().item<bool>());
}

TEST_CASE("random_resized_crop: the whole picture at scale 1 and its own ratio stays", "[augmenter][random_resized_crop]") {
  const Batch batch = pictures(20);
  const auto step = made("random_resized_crop", R"("scale": [1, 1], "ratio": [1.2857142857142858, 1.2857142857142858])");
  CHECK(changed(*step, batch, 1).equal(batch.tensor("image")));
}

TEST_CASE("random_resized_crop: refusals name the rule and the value", "[augmenter][random_resized_crop]") {
  const auto told = [](const char* more) { return message_of([&] { made("random_resized_crop", more); }); };
  CHECK(told(R"("scale": [0.5, 1.5])") == "[graft/random_resized_crop] scale must be in [0, 1], got 1.5");
  CHECK(told(R"("ratio": [2, 1])") == "[graft/random_resized_crop] ratio must have its lesser bound first, got [2, 1]");
  CHECK(message_of([] { made("random_resized_crop")->outputs({{"image", FieldKind::kText, {}, {}}}); }) ==
        "[graft/random_resized_crop] column image must be image, is text");
}

TEST_CASE("random_resized_crop: a row's fate hangs on its id and the key alone", "[augmenter][random_resized_crop]") {
  require_row_wise(*made("random_resized_crop"));
  CHECK((made("random_resized_crop")->outputs({image_field()}) == Schema{image_field()}));
}
