#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

struct AffineCase {
  const char *name, *parameters;
};
const std::vector<AffineCase> kCases = {
    {"turned", R"("degrees": [30, 30])"},
    {"grown", R"("degrees": 0, "scale": [1.3, 1.3], "fill": 40)"},
    {"sheared", R"("degrees": 0, "shear": [20, 20], "shear_y": [-10, -10], "fill": 255)"},
    {"all", R"("degrees": [-50, -50], "scale": [0.8, 0.8], "shear": [10, 10], "shear_y": [5, 5])"},
    {"smooth", R"("degrees": [25, 25], "scale": [1.2, 1.2], "interpolation": "bilinear")"},
    {"all_smooth",
     R"("degrees": [-50, -50], "scale": [0.8, 0.8], "shear": [10, 10], "shear_y": [5, 5], "interpolation": "bilinear", "fill": 90)"},
};

void require_moves(std::int64_t draws) {
  const Tensor picture = reference("grey").slice(0, 0, 1);
  require_shares(*made("affine", R"("degrees": 0, "translate": [0.2, 0.1])"), picture, "affine.translate", 0, draws);
  const std::int64_t between = draws / 1000;  // turns finer than the reference's grid
  require_shares(*made("affine", R"("degrees": 20)"), picture, "affine.degrees", between, draws);
}

}  // namespace

TEST_CASE("affine: a quarter turn clockwise and a shift by hand", "[augmenter][affine]") {
  const Tensor picture = at::tensor({1, 2, 3, 4, 5, 6, 7, 8, 9}, at::kByte).view({1, 1, 3, 3});
  const Tensor turned = changed(*made("affine", R"("degrees": [90, 90])"), copies(picture, 1), 1);
  CHECK(turned.flatten().equal(at::tensor({7, 4, 1, 8, 5, 2, 9, 6, 3}, at::kByte)));
  // up to 0.34 * 3 = 1.02 pixels to either side: 0.5 of 1.02 stay, the rest moves by one
  const Tensor moved =
      at::tensor({1, 2, 3, 4, 5, 6, 7, 8, 9, /**/ 70, 1, 2, 70, 4, 5, 70, 7, 8, /**/ 2, 3, 70, 5, 6, 70, 8, 9, 70}, at::kByte)
          .view({3, 1, 3, 3});
  const auto shift = made("affine", R"("degrees": 0, "translate": [0.34, 0], "fill": 70)");
  CHECK(misfit(tally(*shift, picture, moved), {0.5 / 1.02, 0.26 / 1.02, 0.26 / 1.02}) < 1);
}

TEST_CASE("affine: gives torchvision's bytes, between pixels within one level", "[augmenter][affine]") {
  const std::string picture = GENERATE("rgb", "grey");
  for (const AffineCase& each : kCases) {
    INFO(picture << " " << each.name);
    const Tensor result = changed(*made("affine", each.parameters), testing::batch({{"image", reference(picture)}}), 1);
    CHECK(furthest(result, reference("affine." + picture + "." + each.name)) <=
          (std::string_view(each.parameters).find("bilinear") == std::string_view::npos ? 0 : 1));
  }
}

TEST_CASE("affine: shifts and turns come as often as torchvision's", "[augmenter][affine]") { require_moves(10'000); }

TEST_CASE("affine: shifts and turns come as often as torchvision's in 100,000 draws", "[augmenter][affine][slow]") {
  require_moves(kDraws);
}

TEST_CASE("affine: no change leaves the picture, a turn there and back the pixels within", "[augmenter][affine]") {
  const Batch batch = pictures(20);
  CHECK(changed(*made("affine", R"("degrees": 0)"), batch, 1).equal(batch.tensor("image")));
  CHECK(changed(*made("affine", R"("degrees": 0, "interpolation": "bilinear")"), batch, 1).equal(batch.tensor("image")));
  const Tensor half = changed(*made("affine", R"("degrees": [180, 180])"), batch, 1);
  CHECK(half.equal(batch.tensor("image").flip({2, 3})));
}

TEST_CASE("affine: refusals name the rule and the value", "[augmenter][affine]") {
  const auto told = [](const char* more) { return message_of([&] { made("affine", more); }); };
  CHECK(told(R"("degrees": -10)") == "[graft/affine] degrees must be >= 0 where it is one number, got -10");
  CHECK(told(R"("degrees": 10, "scale": [0, 1])") == "[graft/affine] scale must be in [0.01, 100], got 0");
  CHECK(told(R"("degrees": 10, "shear": 90)") == "[graft/affine] shear must be in [-89, 89], got 90");
  CHECK(told("\"fill\": 1").find("degrees") != std::string::npos);
  CHECK(message_of([] { made("affine", R"("degrees": 1)")->outputs({{"image", FieldKind::kText, {}, {}}}); }) ==
        "[graft/affine] column image must be image, is text");
}

TEST_CASE("affine: a row's fate hangs on its id and the key alone", "[augmenter][affine]") {
  const std::string more = GENERATE("", R"(, "interpolation": "bilinear", "scale": [0.5, 2], "shear": 10)");
  require_row_wise(*made("affine", R"("degrees": 30, "translate": [0.1, 0.1])" + more));
  CHECK((made("affine", R"("degrees": 1)")->outputs({image_field()}) == Schema{image_field()}));
}
