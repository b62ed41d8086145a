#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

std::shared_ptr<Augmenter> one(const std::string& op) { return made("trivial_augment", R"("operations": [")" + op + "\"]"); }

}  // namespace

TEST_CASE("trivial_augment: every result is one of torchvision's 31 bins and two signs, bit for bit",
          "[augmenter][trivial_augment]") {
  const Tensor picture = reference("rgb").slice(0, 1, 2);
  for (const std::string op : {"shear_y", "translate_x", "rotate", "contrast", "posterize", "solarize"}) {
    INFO(op);
    const Tensor bins = reference("trivial." + op);
    for (const std::int64_t bin : which(changed(*one(op), copies(picture, 300), 5), bins)) CHECK(bin < bins.size(0));
  }
}

TEST_CASE("trivial_augment: the bins of a contrast come equally often", "[augmenter][trivial_augment]") {
  const Tensor picture = reference("rgb").slice(0, 1, 2), bins = reference("trivial.contrast");
  const std::vector<std::int64_t> results = tally(*one("contrast"), picture, bins);
  std::vector<std::int64_t> counts(31);
  for (std::size_t i = 0; i < 62; ++i) counts[i / 2] += results[i];
  CHECK(results.back() == 0);
  CHECK(misfit(counts, even_shares(31)) < 1);
}

TEST_CASE("trivial_augment: the operations come equally often", "[augmenter][trivial_augment]") {
  const Tensor white = at::full({1, 1, 7, 9}, 255, at::kByte);
  const auto step = made("trivial_augment", R"("operations": ["identity", "solarize", "equalize", "posterize"])");
  const Tensor middle = changed(*step, copies(white, 4000), 2).select(2, 3).select(2, 4).flatten();
  const auto black = static_cast<double>(middle.eq(0).sum().item<std::int64_t>());  // solarize inverts 255 in every bin
  CHECK(std::abs(black - 1000) < 4 * std::sqrt(4000 * 0.25 * 0.75));
}

TEST_CASE("trivial_augment: a picture of one level keeps it under autocontrast and equalize", "[augmenter][trivial_augment]") {
  const Batch flat = copies(at::full({1, 3, 7, 9}, 77, at::kByte), 3);
  for (const std::string op : {"autocontrast", "equalize", "sharpness", "contrast", "color"})
    CHECK(changed(*one(op), flat, 1).to(at::kLong).sub(77).abs().max().item<int>() <=
          (op == "autocontrast" || op == "equalize" ? 0 : 1));
}

TEST_CASE("trivial_augment: refusals name the rule and the value", "[augmenter][trivial_augment]") {
  CHECK(message_of([] { made("trivial_augment", R"("operations": [])"); }).find("operations must have at least 1 entry") !=
        std::string::npos);
  CHECK(message_of([] { made("trivial_augment")->outputs({image_field(2)}); }) ==
        "[graft/trivial_augment] column image must have 1 or 3 channels, has 2");
}

TEST_CASE("trivial_augment: a row's fate hangs on its id and the key alone", "[augmenter][trivial_augment]") {
  require_row_wise(*made("trivial_augment"));
  CHECK((made("trivial_augment")->outputs({image_field()}) == Schema{image_field()}));
}
