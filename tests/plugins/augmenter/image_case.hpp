// What the tests of augmenters of pictures share: pictures, and what must hold of each such augmenter.
#pragma once

#include <ATen/Functions.h>

#include "augmenter_case.hpp"
#include "catch.hpp"
#include "graft/safetensors.hpp"

namespace graft::image_case {

inline std::shared_ptr<Augmenter> made(const std::string& name, const std::string& more = "") {
  return augmenters().make<Augmenter>("graft/" + name, R"({"column": "image")" + (more.empty() ? "" : ", " + more) + "}");
}

inline Field image_field(std::int64_t channels = 3) { return {"image", FieldKind::kImage, {channels, 7, 9}, {}}; }

inline const Field kLabel = {"label", FieldKind::kClass, {}, {"a", "b", "c"}};

// Pictures [rows, 3, 7, 9] that all differ, with labels 0, 1, 2, 0, ...
inline Batch pictures(std::int64_t rows) {
  const Tensor pixels = at::arange(rows * 3 * 7 * 9, at::kLong).mul(37).remainder(251).to(at::kByte).view({rows, 3, 7, 9});
  return testing::batch({{"image", pixels}, {"label", at::arange(rows, at::kLong).remainder(3)}});
}

// `picture` [1, C, H, W] in rows 0 .. rows - 1.
inline Batch copies(const Tensor& picture, std::int64_t rows) {
  return testing::batch({{"image", picture.expand({rows, -1, -1, -1}).contiguous()}});
}

inline Tensor changed(const Augmenter& augmenter, const Batch& batch, std::uint64_t key) {
  return augmented(augmenter, batch, key).tensor("image");
}

// A row's fate hangs on its id and the key alone; the given batch stays; no rows are fine.
inline void require_row_wise(const Augmenter& augmenter) {
  const Batch batch = pictures(40);
  const Tensor before = batch.tensor("image").clone(), expected = changed(augmenter, batch, 1);
  REQUIRE(batch.tensor("image").equal(before));
  REQUIRE(expected.sizes() == before.sizes());
  REQUIRE(expected.scalar_type() == at::kByte);
  REQUIRE(!expected.equal(changed(augmenter, batch, 2)));
  for (const Batch& mine : augmented_on_four_threads(augmenter, batch, 1)) REQUIRE(mine.tensor("image").equal(expected));
  std::vector<std::int64_t> backwards(40);
  for (std::int64_t i = 0; i < 40; ++i) backwards[i] = 39 - i;
  REQUIRE(changed(augmenter, batch.select(backwards), 1).flip(0).equal(expected));
  REQUIRE(changed(augmenter, batch.select(std::vector<std::int64_t>{7}), 1)[0].equal(expected[7]));
  REQUIRE(changed(augmenter, batch.select(std::vector<std::int64_t>{}), 1).size(0) == 0);
  REQUIRE(augmenter.scope() == Augmenter::Scope::kBatch);
}

// Pearson's statistic of counts that should be even. Its mean is the number of counts less one, its variance twice that.
inline double chi_square(const std::vector<std::int64_t>& counts) {
  double all = 0, sum = 0;
  for (const std::int64_t count : counts) all += static_cast<double>(count);
  const double even = all / static_cast<double>(counts.size());
  for (const std::int64_t count : counts) sum += (static_cast<double>(count) - even) * (static_cast<double>(count) - even) / even;
  return sum;
}

// For each row of `images` the first of `choices` [N, C, H, W] that it equals bit for bit; N where none does.
inline std::vector<std::int64_t> which(const Tensor& images, const Tensor& choices) {
  std::vector<std::int64_t> found;
  for (std::int64_t row = 0; row < images.size(0); ++row) {
    std::int64_t at = 0;
    while (at < choices.size(0) && !images[row].equal(choices[at])) ++at;
    found.push_back(at);
  }
  return found;
}

}  // namespace graft::image_case
