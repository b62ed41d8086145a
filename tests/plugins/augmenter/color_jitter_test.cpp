#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

std::string fixed(const std::string& change, const std::string& factor) {
  return "\"" + change + "\": [" + factor + ", " + factor + "]";
}
const std::vector<std::pair<std::string, std::string>> kFactors = {
    {"brightness", "1.3"}, {"contrast", "0.5"}, {"saturation", "1.7"}, {"hue", "-0.2"}};

void require_orders(std::int64_t draws) {
  std::string more;
  for (const auto& [change, factor] : kFactors) more += (more.empty() ? "" : ", ") + fixed(change, factor);
  require_shares(*made("color_jitter", more), reference("rgb").slice(0, 0, 1), "color_jitter.orders", 0, draws);
}

}  // namespace

TEST_CASE("color_jitter: brightness, contrast, saturation and hue by hand", "[augmenter][color_jitter]") {
  const Tensor picture =
      at::tensor({200, 100, /**/ 0, 100, /**/ 0, 100}, at::kByte).view({1, 3, 1, 2});  // a red pixel, a grey one
  const auto after = [&](const std::string& change, const std::string& factor) {
    return changed(*made("color_jitter", fixed(change, factor)), copies(picture, 1), 1).flatten();
  };
  CHECK(after("brightness", "1.5").equal(at::tensor({255, 150, 0, 150, 0, 150}, at::kByte)));
  // greys floor(0.2989 * 200) = 59 and floor(99.99) = 99, their mean 79: half of each and 39.5
  CHECK(after("contrast", "0.5").equal(at::tensor({139, 89, 39, 89, 39, 89}, at::kByte)));
  CHECK(after("saturation", "0").equal(at::tensor({59, 99, 59, 99, 59, 99}, at::kByte)));
  const Tensor green = after("hue", "0.3333333333333333"), blue = after("hue", "-0.3333333333333333");
  CHECK(furthest(green, at::tensor({0, 100, 200, 100, 0, 100}, at::kByte)) <= 1);
  CHECK(furthest(blue, at::tensor({0, 100, 0, 100, 200, 100}, at::kByte)) <= 1);
}

TEST_CASE("color_jitter: every change gives torchvision's bytes", "[augmenter][color_jitter]") {
  const std::string picture = GENERATE("rgb", "grey");
  const Batch batch = testing::batch({{"image", reference(picture)}});
  for (const auto& [change, factor] : kFactors) {
    INFO(picture << " " << change);
    CHECK(changed(*made("color_jitter", fixed(change, factor)), batch, 1)
              .equal(reference("color_jitter." + picture + "." + change)));
  }
  if (picture == "rgb")
    for (const std::string turn : {"-0.5", "0.1", "0.35"})
      CHECK(changed(*made("color_jitter", fixed("hue", turn)), batch, 1).equal(reference("color_jitter.rgb.hue." + turn)));
}

TEST_CASE("color_jitter: the 24 orders of the four changes come equally often, as torchvision's bytes",
          "[augmenter][color_jitter]") {
  require_orders(5000);
}

TEST_CASE("color_jitter: the 24 orders of the four changes come equally often in 100,000 draws",
          "[augmenter][color_jitter][slow]") {
  require_orders(kDraws);
}

TEST_CASE("color_jitter: factors are uniform in their range", "[augmenter][color_jitter]") {
  const Tensor grey = at::full({1, 1, 1, 1}, 100, at::kByte);
  const Tensor levels = at::arange(60, 140, at::kByte).view({80, 1, 1, 1});  // floor of 100 times a factor of [0.6, 1.4]
  CHECK(misfit(tally(*made("color_jitter", R"("brightness": 0.4)"), grey, levels), even_shares(80)) < 1);
  const Tensor dark = at::arange(0, 250, at::kByte).view({250, 1, 1, 1});  // 1 - 1.5 is cut off at 0: [0, 2.5]
  CHECK(misfit(tally(*made("color_jitter", R"("brightness": 1.5)"), grey, dark), even_shares(250)) < 1);
}

TEST_CASE("color_jitter: hue and saturation leave grey pixels, a full turn every pixel within one level",
          "[augmenter][color_jitter]") {
  const Batch grey = copies(at::full({1, 3, 7, 9}, 77, at::kByte), 30);
  CHECK(furthest(changed(*made("color_jitter", R"("hue": 0.5)"), grey, 1), grey.tensor("image")) == 0);
  CHECK(furthest(changed(*made("color_jitter", R"("saturation": 1)"), grey, 1), grey.tensor("image")) <= 1);
  const Batch rgb = testing::batch({{"image", reference("rgb")}});
  const auto half = made("color_jitter", fixed("hue", "0.5"));
  CHECK(furthest(changed(*half, testing::batch({{"image", changed(*half, rgb, 1)}}), 1), rgb.tensor("image")) <= 1);
}

TEST_CASE("color_jitter: refusals name the rule and the value", "[augmenter][color_jitter]") {
  const auto told = [](const char* more) { return message_of([&] { made("color_jitter", more); }); };
  CHECK(told("\"hue\": 0.6") == "[graft/color_jitter] hue must be in [-0.5, 0.5], got 0.6");
  CHECK(told("\"contrast\": -1") == "[graft/color_jitter] contrast must be >= 0 where it is one number, got -1");
  CHECK(told("\"contrast\": [2, 1]") == "[graft/color_jitter] contrast must have its lesser bound first, got [2, 1]");
  CHECK(told("\"contrast\": [1, 1]") ==
        "[graft/color_jitter] one of brightness, contrast, saturation and hue must be given, none changes anything");
  CHECK(message_of([] { made("color_jitter", "\"hue\": 0.1")->outputs({image_field(4)}); }) ==
        "[graft/color_jitter] column image must have 1 or 3 channels, has 4");
}

TEST_CASE("color_jitter: a row's fate hangs on its id and the key alone", "[augmenter][color_jitter]") {
  const auto step = made("color_jitter", R"("brightness": 0.4, "contrast": 0.4, "saturation": 0.4, "hue": 0.1)");
  require_row_wise(*step);
  CHECK((step->outputs({image_field()}) == Schema{image_field()}));
}
