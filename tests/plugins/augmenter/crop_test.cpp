#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

// All (2 p + 1)^2 cuts of a picture [1, C, H, W] with a border of p, as torchvision's pad and crop make them.
Tensor cuts_of(const Tensor& picture, std::int64_t p) {
  const std::int64_t height = picture.size(2), width = picture.size(3);
  Tensor padded = at::zeros({1, picture.size(1), height + 2 * p, width + 2 * p}, at::kByte);
  padded.slice(2, p, p + height).slice(3, p, p + width).copy_(picture);
  std::vector<Tensor> cuts;
  for (std::int64_t top = 0; top <= 2 * p; ++top)
    for (std::int64_t left = 0; left <= 2 * p; ++left)
      cuts.push_back(padded.slice(2, top, top + height).slice(3, left, left + width));
  return at::cat(cuts);
}

}  // namespace

TEST_CASE("crop: the nine fates of a picture of two by two by hand", "[augmenter][crop]") {
  const Tensor picture = at::tensor({1, 2, 3, 4}, at::kByte).view({1, 1, 2, 2});
  const Tensor fates =
      at::tensor({0,      0, 0, 1, /**/ 0, 0, 1, 2, /**/ 0, 0, 2, 0, /**/ 0, 1, 0, 3, /**/ 1, 2, 3, 4, /**/ 2, 0, 4, 0,
                  /**/ 0, 3, 0, 0, /**/ 3, 4, 0, 0, /**/ 4, 0, 0, 0},
                 at::kByte)
          .view({9, 1, 2, 2});
  std::vector<std::int64_t> counts(9);
  for (const std::int64_t fate : which(changed(*made("crop", R"("padding": 1)"), copies(picture, 900), 1), fates))
    ++counts.at(fate);
  for (const std::int64_t count : counts) CHECK(count > 0);
}

TEST_CASE("crop: every result is a cut of the padded picture, all equally often", "[augmenter][crop]") {
  const Tensor picture = pictures(1).tensor("image");
  CHECK(misfit(tally(*made("crop", R"("padding": 2)"), picture, cuts_of(picture, 2)), even_shares(25)) < 1);
}

TEST_CASE("crop: what comes in at the edges is torchvision's in every mode", "[augmenter][crop]") {
  const std::string mode = GENERATE("constant", "edge", "reflect", "symmetric");
  INFO(mode);
  const std::string more = mode == "constant" ? R"(, "fill": 9)" : R"(, "padding_mode": ")" + mode + "\"";
  const Tensor picture = reference("rgb").slice(0, 0, 1);
  CHECK(misfit(tally(*made("crop", R"("padding": 2)" + more), picture, reference("crop." + mode)), even_shares(25)) < 1);
}

TEST_CASE("crop: the mirror images of a row of three pixels by hand", "[augmenter][crop]") {
  const Tensor picture = at::tensor({1, 2, 3, 1, 2, 3, 1, 2, 3}, at::kByte).view({1, 1, 3, 3});
  const auto has = [&](const std::string& mode, int padding) {  // whether a result has this middle row
    const auto step = made("crop", "\"padding\": " + std::to_string(padding) + R"(, "padding_mode": ")" + mode + "\"");
    const Tensor rows = changed(*step, copies(picture, 400), 1).select(2, 1).flatten(1);
    return [rows](std::vector<int> row) { return rows.eq(at::tensor(row, at::kByte)).all(1).any().item<bool>(); };
  };
  CHECK(has("reflect", 2)({3, 2, 1}));
  CHECK(has("reflect", 1)({2, 1, 2}));
  CHECK(has("symmetric", 2)({2, 1, 1}));
  CHECK(has("symmetric", 2)({3, 3, 2}));
  CHECK(has("symmetric", 3)({3, 2, 1}));
  CHECK(has("edge", 2)({1, 1, 1}));
  CHECK(has("edge", 2)({3, 3, 3}));
}

TEST_CASE("crop: padding 0 changes nothing, a large one may leave nothing", "[augmenter][crop]") {
  const Batch batch = pictures(50);
  CHECK(changed(*made("crop", R"("padding": 0)"), batch, 1).equal(batch.tensor("image")));
  CHECK(changed(*made("crop", R"("padding": 60)"), batch, 1).flatten(1).sum(1).eq(0).any().item<bool>());
}

TEST_CASE("crop: refusals name the rule and the value", "[augmenter][crop]") {
  CHECK(message_of([] { made("crop", R"("padding": -1)"); }).ends_with("[graft/crop] padding must be >= 0, got -1"));
  CHECK(message_of([] { made("crop")->outputs({{"image", FieldKind::kText, {}, {}}}); }) ==
        "[graft/crop] column image must be image, is text");
  CHECK(message_of([] { made("crop", R"("padding": 7, "padding_mode": "reflect")")->outputs({image_field()}); }) ==
        "[graft/crop] padding must be <= 6 where pictures of 7 x 9 are mirrored, got 7");
  CHECK(message_of([] { made("crop", R"("padding": 8, "padding_mode": "symmetric")")->outputs({image_field()}); }) ==
        "[graft/crop] padding must be <= 7 where pictures of 7 x 9 are mirrored, got 8");
}

TEST_CASE("crop: a row's fate hangs on its id and the key alone", "[augmenter][crop]") {
  require_row_wise(*made("crop"));
  CHECK((made("crop")->outputs({image_field()}) == Schema{image_field()}));
}
