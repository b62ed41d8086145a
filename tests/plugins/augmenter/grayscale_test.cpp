#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

TEST_CASE("grayscale: four pixels by hand", "[augmenter][grayscale]") {
  const Tensor picture = at::tensor({255, 0, 0, 10, /**/ 0, 255, 0, 20, /**/ 0, 0, 255, 30}, at::kByte).view({1, 3, 2, 2});
  // 76.2, 149.7, 29.1, 2.989 + 11.74 + 3.42 = 18.1
  const Tensor grey = at::tensor({76, 149, 29, 18}, at::kByte).view({1, 1, 2, 2}).expand({1, 3, 2, 2});
  CHECK(changed(*made("grayscale", R"("probability": 1)"), copies(picture, 1), 1).equal(grey));
}

TEST_CASE("grayscale: gives torchvision's bytes", "[augmenter][grayscale]") {
  for (const std::string picture : {"rgb", "grey"})
    CHECK(changed(*made("grayscale", R"("probability": 1)"), testing::batch({{"image", reference(picture)}}), 1)
              .equal(reference("grayscale." + picture)));
}

TEST_CASE("grayscale: pictures become grey as often as the probability says", "[augmenter][grayscale]") {
  const auto corner = [](const std::string& name) { return reference(name).slice(0, 0, 1).slice(2, 0, 2).slice(3, 0, 2); };
  const Tensor picture = corner("rgb"), fates = at::cat({picture, corner("grayscale.rgb")});
  CHECK(misfit(tally(*made("grayscale"), picture, fates), {0.9, 0.1}) < 1);
  CHECK(misfit(tally(*made("grayscale", R"("probability": 0.35)"), picture, fates), {0.65, 0.35}) < 1);
}

TEST_CASE("grayscale: probability 0 changes nothing, and what is grey stays so", "[augmenter][grayscale]") {
  const Batch batch = pictures(30);
  CHECK(changed(*made("grayscale", R"("probability": 0)"), batch, 1).equal(batch.tensor("image")));
  const Tensor once = changed(*made("grayscale", R"("probability": 1)"), batch, 1);
  const Tensor twice = changed(*made("grayscale", R"("probability": 1)"), testing::batch({{"image", once}}), 1);
  CHECK(furthest(once, twice) <= 1);  // the three weights make 0.9999
}

TEST_CASE("grayscale: refusals name the rule and the value", "[augmenter][grayscale]") {
  CHECK(message_of([] {
          made("grayscale", R"("probability": 2)");
        }).ends_with("[graft/grayscale] probability must be <= 1, got 2"));
  CHECK(message_of([] { made("grayscale")->outputs({image_field(2)}); }) ==
        "[graft/grayscale] column image must have 1 or 3 channels, has 2");
  Batch floats = testing::batch({{"image", at::zeros({1, 3, 7, 9})}});
  CHECK(message_of([&] { made("grayscale")->augment(floats, Rng(1)); }) ==
        "[graft/grayscale] column image must hold bytes: put this step before the one that mixes pictures");
}

TEST_CASE("grayscale: a row's fate hangs on its id and the key alone", "[augmenter][grayscale]") {
  require_row_wise(*made("grayscale", R"("probability": 0.5)"));
  CHECK((made("grayscale")->outputs({image_field()}) == Schema{image_field()}));
}
