// What the tests of augmenters of pictures share: pictures, and what must hold of each such augmenter.
#pragma once

#include <ATen/Functions.h>

#include <cmath>
#include <string_view>
#include <unordered_map>

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

// How often each of `choices` [N, C, H, W] is among the images, bit for bit; last, how many are none of them.
inline std::vector<std::int64_t> tallied(const Tensor& images, const Tensor& choices) {
  const auto bytes = static_cast<std::size_t>(images[0].numel());
  const auto row_of = [&](const Tensor& rows, std::int64_t row) {
    return std::string_view(reinterpret_cast<const char*>(rows.const_data_ptr<std::uint8_t>()) + row * bytes, bytes);
  };
  const Tensor known = choices.contiguous(), given = images.contiguous();
  std::unordered_map<std::string_view, std::size_t> numbers;
  for (std::int64_t i = 0; i < known.size(0); ++i) numbers.emplace(row_of(known, i), i);
  std::vector<std::int64_t> counts(known.size(0) + 1);
  for (std::int64_t row = 0; row < given.size(0); ++row) {
    const auto found = numbers.find(row_of(given, row));
    ++(found == numbers.end() ? counts.back() : counts[found->second]);
  }
  return counts;
}

constexpr std::int64_t kDraws = 100'000;

// The results of `draws` draws on `picture` [1, C, H, W], tallied. In ten batches, each with a key of its own.
inline std::vector<std::int64_t> tally(const Augmenter& augmenter, const Tensor& picture, const Tensor& choices,
                                       std::int64_t draws = kDraws) {
  std::vector<std::int64_t> counts(choices.size(0) + 1);
  const Batch batch = copies(picture, draws / 10);
  for (std::uint64_t key = 1; key <= 10; ++key) {
    const std::vector<std::int64_t> more = tallied(changed(augmenter, batch, key), choices);
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += more[i];
  }
  return counts;
}

// Pearson's statistic of `counts`, less the last, against `shares`, over the value that chance exceeds once in 1,000 (Wilson and
// Hilferty 1931): under 1 is a fit. What is expected less than 20 times counts as one.
inline double misfit(const std::vector<std::int64_t>& counts, const std::vector<double>& shares) {
  double all = 0, sum = 0, freedom = -1, rare = 0, rare_expected = 0;
  for (const std::int64_t count : counts) all += static_cast<double>(count);
  const auto add = [&](double count, double expected) {
    sum += (count - expected) * (count - expected) / expected;
    ++freedom;
  };
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double count = static_cast<double>(counts[i]), expected = all * shares[i];
    if (expected >= 20) {
      add(count, expected);
    } else {
      rare += count;
      rare_expected += expected;
    }
  }
  if (rare_expected > 0) add(rare, rare_expected);
  const double part = 2 / (9 * freedom);
  return sum / (freedom * std::pow(1 - part + 3.09 * std::sqrt(part), 3));
}

inline std::vector<double> even_shares(std::size_t count) { return std::vector<double>(count, 1 / static_cast<double>(count)); }

// What torchvision gives: of the policies, and (tests/data/pixel_ops.py) of the other operations.
inline const Tensor reference(const std::string& name) {
  static const Safetensors policies(GRAFT_TEST_DATA "/pixel_policies.safetensors"), ops(GRAFT_TEST_DATA "/pixel_ops.safetensors");
  return policies.has(name) ? policies.tensor(name) : ops.tensor(name);
}

// `draws` draws on the picture give the results of the reference as often as its shares say; up to `others` may differ by rounding.
inline void require_shares(const Augmenter& augmenter, const Tensor& picture, const std::string& name, std::int64_t others = 0,
                           std::int64_t draws = kDraws) {
  const Tensor shares = reference(name + ".shares");
  const double* begin = shares.const_data_ptr<double>();
  const std::vector<std::int64_t> counts = tally(augmenter, picture, reference(name + ".results"), draws);
  CHECK(counts.back() <= others);
  CHECK(misfit(counts, std::vector<double>(begin, begin + shares.numel())) < 1);
}

inline std::int64_t furthest(const Tensor& a, const Tensor& b) {
  return a.to(at::kLong).sub(b.to(at::kLong)).abs().max().item<std::int64_t>();
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
