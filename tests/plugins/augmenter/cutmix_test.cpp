#include "mixing_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

const std::string kBoth = R"("column": "image", "label": "label")";

// Rows of one level each, so that a pixel says whose it is.
Batch levels(std::int64_t rows, std::int64_t height, std::int64_t width) {
  const Tensor level = at::arange(rows, at::kLong).remainder(3).add(1).to(at::kByte).view({rows, 1, 1, 1});
  return testing::batch(
      {{"image", level.expand({rows, 1, height, width}).contiguous()}, {"label", at::arange(rows, at::kLong).remainder(3)}});
}

}  // namespace

TEST_CASE("cutmix: what comes from the next row is one box, and the label is shared by its area", "[augmenter][cutmix]") {
  const Batch batch = levels(60, 8, 6), mixed = augmented(*fitted("cutmix", kBoth), batch, 2);
  for (std::int64_t row = 0; row < 60; ++row) {
    const Tensor own = mixed.tensor("image")[row][0].eq(batch.tensor("image")[row][0]), foreign = own.logical_not();
    CHECK(mixed.tensor("image")[row][0]
              .masked_select(foreign)
              .eq(batch.tensor("image")[(row + 1) % 60][0][0][0])
              .all()
              .item<bool>());
    const Tensor lines = foreign.any(1), columns = foreign.any(0);
    CHECK(foreign.equal(lines.unsqueeze(1).logical_and(columns.unsqueeze(0))));  // full in its lines and columns
    CHECK(lines.to(at::kLong).diff().eq(1).sum().item<int>() + lines[0].item<int>() <= 1);
    const float share = own.to(at::kFloat).mean().item<float>();
    CHECK(mixed.tensor("label")[row][row % 3].item<float>() == Approx(share));
    CHECK(mixed.tensor("label")[row][(row + 1) % 3].item<float>() == Approx(1 - share));
  }
}

TEST_CASE("cutmix: the area left has the mean of torchvision's boxes", "[augmenter][cutmix]") {
  // torchvision 0.26, the box of transforms.v2.CutMix(alpha=1) on 32 x 32, mean of 1 - area / 1024 over 200,000 draws: 0.7007
  const Batch mixed = augmented(*fitted("cutmix", kBoth), levels(6000, 32, 32), 7);
  const Tensor share = mixed.tensor("label").gather(1, at::arange(6000, at::kLong).remainder(3).unsqueeze(1));
  CHECK(share.mean().item<double>() == Approx(0.7007).margin(0.015));
}

TEST_CASE("cutmix: pictures keep their type, and a row's box hangs on its id and the key alone", "[augmenter][cutmix]") {
  const auto step = fitted("cutmix", kBoth);
  const Batch batch = pictures(12), mixed = augmented(*step, batch, 4);
  CHECK(mixed.tensor("image").scalar_type() == at::kByte);
  CHECK(batch.tensor("image").equal(pictures(12).tensor("image")));
  for (const Batch& mine : augmented_on_four_threads(*step, batch, 4)) CHECK(mine.tensor("image").equal(mixed.tensor("image")));
  const std::vector<std::int64_t> turned = {11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10};  // each keeps its partner
  CHECK(augmented(*step, batch.select(turned), 4).tensor("image").roll(-1, 0).equal(mixed.tensor("image")));
  CHECK(!augmented(*step, batch, 5).tensor("image").equal(mixed.tensor("image")));
  CHECK(step->scope() == Augmenter::Scope::kBatch);
  CHECK(augmented(*step, batch.select(std::vector<std::int64_t>{}), 1).tensor("label").sizes() == at::IntArrayRef{0, 3});
}

TEST_CASE("cutmix: rows without a label stay out of it", "[augmenter][cutmix]") {
  require_unlabelled_stay(*fitted("cutmix", kBoth), pictures(4).tensor("image"));
}

TEST_CASE("cutmix: the label becomes soft, and what it cannot mix is refused", "[augmenter][cutmix]") {
  const Schema schema = {image_field(), kLabel};
  CHECK(
      (fitted("cutmix", kBoth)->outputs(schema) == Schema{image_field(), {"label", FieldKind::kSoftClass, {3}, kLabel.classes}}));
  CHECK(message_of([&] { fitted("cutmix", R"("column": "label", "label": "label")")->outputs(schema); }) ==
        "[graft/cutmix] column label must be image, is class");
  CHECK(message_of([&] { fitted("cutmix", R"("column": "image", "label": "image")"); }) ==
        "[graft/cutmix] column image must be class or soft class, is image");
}
