#include "image_case.hpp"

using namespace graft;
using namespace graft::image_case;

namespace {

const std::vector<std::string> kOps = {"identity",  "shear_x",    "shear_y",      "translate_x", "translate_y",
                                       "rotate",    "brightness", "color",        "contrast",    "sharpness",
                                       "posterize", "solarize",   "autocontrast", "equalize"};

std::shared_ptr<Augmenter> one(const std::string& op, int magnitude) {
  return made("rand_augment",
              R"("num_ops": 1, "magnitude": )" + std::to_string(magnitude) + R"(, "operations": [")" + op + "\"]");
}

}  // namespace

TEST_CASE("rand_augment: every operation gives torchvision's bytes, of either sign", "[augmenter][rand_augment]") {
  const std::string picture = GENERATE("rgb", "grey");
  for (const std::string& op : kOps)
    for (const int magnitude : {9, 30})
      for (std::int64_t i = 0; i < 3; ++i) {
        INFO(picture << " " << i << ", " << op << " " << magnitude);
        const Tensor expected = reference("rand." + picture + "." + op + "." + std::to_string(magnitude)).select(1, i);
        const Tensor given = reference(picture).slice(0, i, i + 1);
        std::vector<std::int64_t> counts(expected.size(0) + 1);
        for (const std::int64_t sign : which(changed(*one(op, magnitude), copies(given, 60), 5), expected)) ++counts.at(sign);
        CHECK(counts.back() == 0);
        if (expected.size(0) == 2 && !expected[0].equal(expected[1])) CHECK(std::min(counts[0], counts[1]) > 10);
      }
}

TEST_CASE("rand_augment: pictures of more than 255 pixels are equalized as torchvision and Pillow do",
          "[augmenter][rand_augment]") {
  const Tensor given = reference("big");
  for (const std::string op : {"equalize", "autocontrast", "sharpness"})
    for (std::int64_t i = 0; i < 3; ++i) {
      INFO(op << " " << i);
      const Tensor expected = reference("rand.big." + op + ".9").select(1, i), picture = given.slice(0, i, i + 1);
      CHECK((op != "equalize" || i == 2 || !expected[0].equal(picture[0])));
      for (const std::int64_t sign : which(changed(*one(op, 9), copies(picture, 9), 5), expected)) CHECK(sign < expected.size(0));
    }
}

TEST_CASE("rand_augment: solarize and posterize by hand", "[augmenter][rand_augment]") {
  const Tensor picture = at::tensor({0, 100, 127, 128, 200, 255}, at::kByte).view({1, 1, 2, 3});
  // magnitude 15 of 30: threshold 255 * (1 - 0.5) = 127.5; bits 8 - 0.5 * 4 = 6
  CHECK(changed(*one("solarize", 15), copies(picture, 1), 1).flatten().equal(at::tensor({0, 100, 127, 127, 55, 0}, at::kByte)));
  CHECK(
      changed(*one("posterize", 15), copies(picture, 1), 1).flatten().equal(at::tensor({0, 100, 124, 128, 200, 252}, at::kByte)));
}

TEST_CASE("rand_augment: invert takes every byte from 255, twice it gives the picture back", "[augmenter][rand_augment]") {
  const Tensor picture = at::tensor({0, 1, 127, 128, 254, 255}, at::kByte).view({1, 1, 2, 3});
  const Tensor once = changed(*one("invert", 9), copies(picture, 1), 1);
  CHECK(once.flatten().equal(at::tensor({255, 254, 128, 127, 1, 0}, at::kByte)));
  CHECK(changed(*one("invert", 9), testing::batch({{"image", once}}), 1).equal(picture));
  const Tensor rgb = reference("rgb");
  CHECK(changed(*one("invert", 0), testing::batch({{"image", rgb}}), 1).equal(rgb.to(at::kInt).neg().add(255).to(at::kByte)));
  const auto by_default = made("rand_augment");  // has no invert: a white picture could not become black
  CHECK(changed(*by_default, copies(at::zeros({1, 1, 7, 9}, at::kByte), 500), 1).eq(0).all().item<bool>());
}

TEST_CASE("rand_augment: the operations come equally often, and two follow one another", "[augmenter][rand_augment]") {
  const Tensor picture = reference("rgb").slice(0, 0, 1);
  std::vector<Tensor> results;
  std::vector<std::string> ops;
  for (const std::string op : {"identity", "posterize", "solarize", "autocontrast"}) {
    ops.push_back("\"" + op + "\"");
    results.push_back(reference("rand.rgb." + op + ".9").select(1, 0));
  }
  const std::string chosen = R"("operations": [)" + ops[0] + "," + ops[1] + "," + ops[2] + "," + ops[3] + "]";
  CHECK(misfit(tally(*made("rand_augment", R"("num_ops": 1, )" + chosen), picture, at::cat(results)), even_shares(4)) < 1);
  const Tensor twice = changed(*made("rand_augment", R"("num_ops": 2, "operations": ["solarize"])"), copies(picture, 1), 1);
  CHECK(twice.equal(changed(*one("solarize", 9), testing::batch({{"image", results[2]}}), 1)));
}

TEST_CASE("rand_augment: magnitude 0 leaves the picture but for what has no magnitude", "[augmenter][rand_augment]") {
  const Tensor picture = reference("rgb").slice(0, 0, 1);
  for (const std::string& op : kOps) {
    if (op == "autocontrast" || op == "equalize" || op == "solarize") continue;  // 255 and over is inverted
    INFO(op);
    CHECK(changed(*one(op, 0), copies(picture, 1), 1).equal(picture));
  }
}

TEST_CASE("rand_augment: refusals name the rule and the value", "[augmenter][rand_augment]") {
  CHECK(message_of([] {
          made("rand_augment", R"("magnitude": 31)");
        }).ends_with("[graft/rand_augment] magnitude must be <= 30, got 31"));
  CHECK(message_of([] { made("rand_augment", R"("operations": ["rotat"])"); }).find("rotat") != std::string::npos);
  CHECK(message_of([] { made("rand_augment")->outputs({image_field(4)}); }) ==
        "[graft/rand_augment] column image must have 1 or 3 channels, has 4");
  Batch floats = testing::batch({{"image", at::zeros({1, 3, 7, 9})}});
  CHECK(message_of([&] { made("rand_augment")->augment(floats, Rng(1)); }) ==
        "[graft/rand_augment] column image must hold bytes: put this step before the one that mixes pictures");
}

TEST_CASE("rand_augment: a row's fate hangs on its id and the key alone", "[augmenter][rand_augment]") {
  require_row_wise(*made("rand_augment"));
  CHECK((made("rand_augment")->outputs({image_field()}) == Schema{image_field()}));
}
