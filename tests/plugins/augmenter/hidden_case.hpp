// What the tests of augmenters of hidden tensors share.
#pragma once

#include <ATen/Functions.h>

#include "augmenter_case.hpp"
#include "catch.hpp"

inline graft::Batch token_batch() {
  return graft::testing::batch({{"tokens", graft::testing::tokens({{1, 2, 3, 4}, {5}, {6, 7, 8, 9}})}});
}

inline graft::Tap tap_of(const graft::Augmenter& step, graft::Batch batch, std::uint64_t key) {
  return step.augment(batch, graft::Rng(key));
}

// The contract: other points are left alone, a tap of the same key does the same, on four threads too, and the point must be there.
inline void keeps_the_contract_of_taps(const graft::Augmenter& step, const graft::Batch& batch, const graft::Tensor& value,
                                       const std::string& point) {
  const graft::Tensor given = value.clone(), expected = tap_of(step, batch, 3)(point, value);
  REQUIRE_FALSE(expected.equal(value));
  REQUIRE(value.equal(given));
  REQUIRE(tap_of(step, batch, 3)("trunk." + point, value).equal(expected));
  REQUIRE_FALSE(tap_of(step, batch, 4)(point, value).equal(expected));
  REQUIRE(tap_of(step, batch, 3)("other", value).is_same(value));
  std::vector<graft::Tensor> seen(4);
  std::vector<std::thread> threads;
  for (graft::Tensor& mine : seen) threads.emplace_back([&] { mine = tap_of(step, batch, 3)(point, value); });
  for (std::thread& thread : threads) thread.join();
  for (const graft::Tensor& mine : seen) REQUIRE(mine.equal(expected));
  REQUIRE(step.scope() == graft::Augmenter::Scope::kBatch);
  REQUIRE(tap_of(step, batch, 3)(point, value.to(at::kBFloat16)).scalar_type() == at::kBFloat16);
}
