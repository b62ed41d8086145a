#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

void require_policy(const std::string& policy, std::int64_t draws) {
  INFO(policy);
  const Tensor picture = reference("big").slice(0, 0, 1).slice(2, 0, 15).contiguous();
  require_shares(*made("auto_augment", R"("policy": ")" + policy + "\""), picture, "auto_augment." + policy, 0, draws);
}

}  // namespace

TEST_CASE("auto_augment: torchvision's results bit for bit, as often as its 25 pairs, chances and signs say",
          "[augmenter][auto_augment]") {
  require_policy(GENERATE("imagenet", "cifar10", "svhn"), 2000);
}

TEST_CASE("auto_augment: as often as the pairs, chances and signs say in 100,000 draws", "[augmenter][auto_augment][slow]") {
  require_policy(GENERATE("imagenet", "cifar10", "svhn"), kDraws);
}

TEST_CASE("auto_augment: what the pairs for house numbers make of black by hand", "[augmenter][auto_augment]") {
  // No shift, turn or colour changes black; a pair with invert makes it white when it comes, and nothing makes white black again but
  // a solarize after it, which no pair has. Chances of invert over the 25 pairs: 0.2 0.7 0.9 0.4 0.9 0.7 0.9 0.8 0.6 0.6 0.8 0.1
  const Tensor black = at::zeros({1, 1, 3, 3}, at::kByte);
  const double inverted = (0.2 + 0.7 + 0.9 + 0.4 + 0.9 + 0.7 + 0.9 + 0.8 + 0.6 + 0.6 + 0.8 + 0.1) / 25;
  std::vector<std::int64_t> counts(3);
  const auto step = made("auto_augment", R"("policy": "svhn")");
  for (std::uint64_t key = 1; key <= 10; ++key) {
    const auto white = changed(*step, copies(black, kDraws / 10), key).flatten(1).eq(255).any(1).sum().item<std::int64_t>();
    counts[0] += white;
    counts[1] += kDraws / 10 - white;
  }
  CHECK(misfit(counts, {inverted, 1 - inverted}) < 1);
}

TEST_CASE("auto_augment: a picture without edges or colours keeps its levels but for inversion", "[augmenter][auto_augment]") {
  const Tensor levels = changed(*made("auto_augment"), copies(at::zeros({1, 3, 9, 9}, at::kByte), 500), 1);
  CHECK(levels.eq(0).logical_or(levels.eq(255)).all().item<bool>());
}

TEST_CASE("auto_augment: refusals name the rule and the value", "[augmenter][auto_augment]") {
  CHECK(message_of([] { made("auto_augment", R"("policy": "cifar")"); }).find("cifar10") != std::string::npos);
  CHECK(message_of([] { made("auto_augment")->outputs({image_field(4)}); }) ==
        "[graft/auto_augment] column image must have 1 or 3 channels, has 4");
  Batch floats = testing::batch({{"image", at::zeros({1, 3, 7, 9})}});
  CHECK(message_of([&] { made("auto_augment")->augment(floats, Rng(1)); }) ==
        "[graft/auto_augment] column image must hold bytes: put this step before the one that mixes pictures");
}

TEST_CASE("auto_augment: a row's fate hangs on its id and the key alone", "[augmenter][auto_augment]") {
  require_row_wise(*made("auto_augment", R"("policy": "cifar10")"));
  CHECK((made("auto_augment")->outputs({image_field()}) == Schema{image_field()}));
}
