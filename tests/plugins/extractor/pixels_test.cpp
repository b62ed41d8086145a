#include <ATen/ATen.h>

#include <limits>

#include "catch.hpp"
#include "table_case.hpp"

using namespace graft;

namespace {

std::shared_ptr<Extractor> pixels(const std::string& parameters) {
  return extractors().make<Extractor>("graft/pixels", "{" + parameters + "}", "image");
}

const std::string kTwoByTwo = R"("columns": ["a", "b", "v"], "shape": [1, 2, 2], "high": 16)";
const Schema kFields = {
    {"a", FieldKind::kNumber, {}, {}}, {"b", FieldKind::kInteger, {}, {}}, {"v", FieldKind::kVector, {2}, {}}};

Batch rows() {
  return testing::batch(
      {{"a", testing::numbers({0, 16})}, {"b", testing::integers({1, 8})}, {"v", testing::matrix({{2, 3}, {15.9, 0.04}})}});
}

Tensor transformed(const Extractor& step, Batch batch) {
  step.transform(batch);
  return batch.tensor("image");
}

}  // namespace

TEST_CASE("pixels: columns become rows of a picture, worked out by hand", "[extractor][pixels]") {
  const auto step = pixels(kTwoByTwo);
  REQUIRE((*find(step->outputs(kFields), "image") == Field{"image", FieldKind::kImage, {1, 2, 2}, {}}));
  const Tensor image = transformed(*step, rows());
  REQUIRE(image.sizes() == at::IntArrayRef{2, 1, 2, 2});
  // 255 / 16 = 15.9375: 0, 15.94, 31.875, 47.81; 255, 127.5 to even, 253.4, 0.64
  REQUIRE(image.equal(at::tensor({0, 16, 32, 48, 255, 128, 253, 1}, at::kByte).view({2, 1, 2, 2})));
}

TEST_CASE("pixels: are numpy's rint of the scaled value", "[extractor][pixels]") {
  // numpy 2: numpy.rint((numpy.array([-0.9, -0.61, -0.2, 0.05, 0.33, 0.77, 0.9]) + 0.9) * 255 / 1.8).astype(numpy.uint8)
  const auto step = pixels(R"("columns": "v", "shape": [7, 1, 1], "low": -0.9, "high": 0.9)");
  const Tensor values = at::tensor({-0.9, -0.61, -0.2, 0.05, 0.33, 0.77, 0.9}, at::kDouble).unsqueeze(0);
  const Tensor image = transformed(*step, testing::batch({{"v", values}}));
  CHECK(image.flatten().equal(at::tensor({0, 41, 99, 135, 174, 237, 255}, at::kByte)));
}

TEST_CASE("pixels: 17 grey levels stay apart, in order", "[extractor][pixels]") {
  const auto step = pixels(R"("columns": "v", "shape": [1, 1, 17], "high": 16)");
  const Tensor image =
      transformed(*step, testing::batch({{"v", at::arange(17, at::kDouble).unsqueeze(0)}})).flatten().to(at::kLong);
  CHECK(image.diff().gt(0).all().item<bool>());
  CHECK(image.mul(16).to(at::kDouble).div(255).round().equal(at::arange(17, at::kDouble)));
}

TEST_CASE("pixels: refusals name the column, the rule and the value", "[extractor][pixels]") {
  const auto step = pixels(kTwoByTwo);
  CHECK(message_of([&] { step->outputs({kFields[0], kFields[1], {"v", FieldKind::kVector, {3}, {}}}); }) ==
        "[graft/pixels] columns must be 4 numbers for the shape [1, 2, 2], are 5");
  CHECK(message_of([&] { step->outputs({kFields[0], kFields[1], {"v", FieldKind::kText, {}, {}}}); }) ==
        "[graft/pixels] column v must be number, integer or vector, is text");
  CHECK(message_of([] { pixels(R"("columns": "v", "shape": [1, 1, 1], "low": 2, "high": 2)"); }) ==
        "[graft/pixels] high must be over low, got low 2 and high 2");
  Batch batch = rows();
  batch.set("v", testing::matrix({{2, 3}, {1, 16.5}}));
  CHECK(message_of([&] { step->transform(batch); }) == "[graft/pixels] column v[1] must be in [0, 16], is 16.5 in row 1");
  batch.set("a", testing::numbers({std::numeric_limits<double>::quiet_NaN(), 1}));
  CHECK(message_of([&] { step->transform(batch); }) == "[graft/pixels] column a must be in [0, 16], is missing in row 0");
}

TEST_CASE("pixels: the same on four threads, row by row, and for no rows", "[extractor][pixels]") {
  const auto step = pixels(kTwoByTwo);
  const Tensor image = transformed(*step, rows());
  for (const Batch& mine : on_four_threads(*step, rows())) CHECK(mine.tensor("image").equal(image));
  CHECK(transformed(*step, rows().select(std::vector<std::int64_t>{1})).equal(image.slice(0, 1)));
  CHECK(transformed(*step, rows().select(std::vector<std::int64_t>{})).size(0) == 0);
}
