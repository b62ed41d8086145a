#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

std::string blur(int size, const std::string& sigma) {
  return "\"kernel_size\": " + std::to_string(size) + ", \"sigma\": " + sigma;
}

}  // namespace

TEST_CASE("gaussian_blur: a line by hand", "[augmenter][gaussian_blur]") {
  // places -0.7071, 0, 0.7071 at sigma 0.7071 / sqrt(log 2): weights 1/2, 1, 1/2 of 2. Mirrored: 0 100 | 0 100 200 100 | 200 100
  const Tensor line = at::tensor({0, 100, 200, 100}, at::kByte).view({1, 1, 1, 4}).expand({1, 1, 4, 4});
  const std::string sigma = to_json(Value(std::sqrt(0.5 / std::log(2.0))));
  const Tensor result = changed(*made("gaussian_blur", blur(3, sigma)), copies(line, 1), 1);
  CHECK(result.equal(at::tensor({50, 100, 150, 150}, at::kByte).view({1, 1, 1, 4}).expand({1, 1, 4, 4})));
}

TEST_CASE("gaussian_blur: is within a level of torchvision", "[augmenter][gaussian_blur]") {
  for (const std::string picture : {"rgb", "grey"})
    for (const auto& [size, sigma] : {std::pair{3, "0.7"}, {5, "1.5"}, {9, "3"}}) {
      INFO(picture << " " << size);
      const Tensor result =
          changed(*made("gaussian_blur", blur(size, sigma)), testing::batch({{"image", reference(picture)}}), 1);
      CHECK(furthest(result, reference("gaussian_blur." + picture + "." + std::to_string(size))) <= 1);
    }
}

TEST_CASE("gaussian_blur: widths are uniform in their range, and pictures blurred as often as asked",
          "[augmenter][gaussian_blur]") {
  Tensor impulse = at::zeros({1, 1, 5, 5}, at::kByte);
  impulse[0][0][2][2] = 255;
  require_shares(*made("gaussian_blur", R"("kernel_size": 3)"), impulse, "gaussian_blur.impulse", 20);
  const auto half = made("gaussian_blur", blur(3, "1") + R"(, "probability": 0.3)");
  const Tensor blurred = changed(*made("gaussian_blur", blur(3, "1")), copies(impulse, 1), 1);
  CHECK(misfit(tally(*half, impulse, at::cat({impulse, blurred})), {0.7, 0.3}) < 1);
}

TEST_CASE("gaussian_blur: a flat picture stays, the mean of another too, and size 1 changes nothing",
          "[augmenter][gaussian_blur]") {
  const Batch flat = copies(at::full({1, 3, 7, 9}, 77, at::kByte), 5), batch = pictures(5);
  CHECK(changed(*made("gaussian_blur", blur(5, "2")), flat, 1).equal(flat.tensor("image")));
  CHECK(changed(*made("gaussian_blur", blur(1, "2")), batch, 1).equal(batch.tensor("image")));
  const Tensor spread = changed(*made("gaussian_blur", blur(3, "5")), batch, 1).to(at::kDouble);
  CHECK(spread.var({1, 2, 3}).lt(batch.tensor("image").to(at::kDouble).var({1, 2, 3}).mul(0.5)).all().item<bool>());
}

TEST_CASE("gaussian_blur: refusals name the rule and the value", "[augmenter][gaussian_blur]") {
  const auto told = [](const std::string& more) { return message_of([&] { made("gaussian_blur", more); }); };
  CHECK(told(blur(4, "1")) == "[graft/gaussian_blur] kernel_size must be odd, got 4");
  CHECK(told(blur(3, "0")) == "[graft/gaussian_blur] sigma must be in [0.001, 1000], got 0");
  CHECK(told(blur(3, "[2, 1]")) == "[graft/gaussian_blur] sigma must have its lesser bound first, got [2, 1]");
  CHECK(message_of([] { made("gaussian_blur", blur(15, "1"))->outputs({image_field()}); }) ==
        "[graft/gaussian_blur] kernel_size must be <= 13 for pictures of 7 x 9, got 15");
}

TEST_CASE("gaussian_blur: a row's fate hangs on its id and the key alone", "[augmenter][gaussian_blur]") {
  require_row_wise(*made("gaussian_blur", R"("kernel_size": 5, "probability": 0.5)"));
  CHECK((made("gaussian_blur", R"("kernel_size": 13)")->outputs({image_field()}) == Schema{image_field()}));
}
