#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

TEST_CASE("erasing: boxes of two by two in a picture of three by three by hand", "[augmenter][erasing]") {
  const Tensor picture = at::tensor({1, 2, 3, 4, 5, 6, 7, 8, 9}, at::kByte).view({1, 1, 3, 3});
  const Tensor fates = at::tensor({0,      0, 3, 0, 0, 6, 7, 8, 9, /**/ 1, 0, 0, 4, 0, 0, 7, 8, 9, /**/ 1, 2, 3, 0, 0, 6, 0, 0, 9,
                                   /**/ 1, 2, 3, 4, 0, 0, 7, 0, 0, /**/ 1, 2, 3, 4, 5, 6, 7, 8, 9},
                                  at::kByte)
                           .view({5, 1, 3, 3});
  const auto step = made("erasing", R"("scale": [0.45, 0.45], "ratio": [1, 1])");  // a side of 2.01
  CHECK(misfit(tally(*step, picture, fates), {0.125, 0.125, 0.125, 0.125, 0.5}) < 1);
}

TEST_CASE("erasing: boxes come as often as torchvision's", "[augmenter][erasing]") {
  require_shares(*made("erasing"), reference("small").unsqueeze(0), "erasing.small");
}

TEST_CASE("erasing: covers with one number, one a channel, or noise; the rest stays", "[augmenter][erasing]") {
  const Batch batch = pictures(200);
  const auto covered = [&](const std::string& value) {
    return changed(*made("erasing", R"("probability": 1, "value": )" + value), batch, 4);
  };
  const Tensor one = covered("40"), three = covered("[1, 2, 3]"), noise = covered("\"random\"");
  const Tensor is_in = three.eq(at::tensor({1, 2, 3}, at::kByte).view({1, 3, 1, 1})).all(1, true);
  CHECK(at::where(is_in, 40, one).equal(one));
  for (const Tensor& each : {one, three, noise})
    CHECK(at::where(is_in, 0, each).equal(at::where(is_in, 0, batch.tensor("image"))));
  const Tensor levels = noise.masked_select(is_in.expand_as(noise)).to(at::kLong);
  const Tensor counts = at::bincount(levels.bitwise_right_shift(4), {}, 16);  // 16 levels each
  CHECK(misfit(std::vector<std::int64_t>(counts.const_data_ptr<std::int64_t>(), counts.const_data_ptr<std::int64_t>() + 16),
               even_shares(16)) < 1);
}

TEST_CASE("erasing: a box that would be as high or wide as the picture leaves it", "[augmenter][erasing]") {
  const Batch batch = pictures(30);
  CHECK(changed(*made("erasing", R"("probability": 1, "scale": [1, 1])"), batch, 1).equal(batch.tensor("image")));
  CHECK(changed(*made("erasing", R"("probability": 0)"), batch, 1).equal(batch.tensor("image")));
}

TEST_CASE("erasing: refusals name the rule and the value", "[augmenter][erasing]") {
  const auto told = [](const char* more) { return message_of([&] { made("erasing", more); }); };
  CHECK(told("\"scale\": [-0.1, 1]") == "[graft/erasing] scale must be in [0, 1], got -0.1");
  CHECK(told("\"value\": 256") == "[graft/erasing] value must be in [0, 255], got 256");
  CHECK(told("\"value\": \"noise\"") == "[graft/erasing] value must be a number, one a channel, or \"random\", got \"noise\"");
  CHECK(message_of([] { made("erasing", "\"value\": [1, 2]")->outputs({image_field()}); }) ==
        "[graft/erasing] value must have 1 number or one a channel of image, 3, got 2");
}

TEST_CASE("erasing: a row's fate hangs on its id and the key alone", "[augmenter][erasing]") {
  require_row_wise(*made("erasing", GENERATE("", R"("value": "random")")));
  CHECK((made("erasing")->outputs({image_field()}) == Schema{image_field()}));
}
