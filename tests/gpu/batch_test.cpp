#include "graft/batch.hpp"

#include <ATen/ops/equal.h>
#include <torch/types.h>

#include "catch.hpp"

using namespace graft;

TEST_CASE("gpu: a batch moves to the device and back, every form of column", "[gpu]") {
  const Tensor offsets = torch::tensor({0, 2, 2, 5}, torch::kInt32);
  Batch batch({7, 8, 9});
  batch.set("vector", torch::arange(6.0).view({3, 2}));
  batch.set("tokens", Ragged{torch::arange(5), offsets, 3});
  batch.set("words", SparseRows{torch::arange(5), torch::arange(5.0), offsets, 100});
  batch.set("text", Strings{"a", "b", "c"});

  const Batch there = batch.to(at::Device("cuda:0"));
  REQUIRE(there.tensor("vector").is_cuda());
  REQUIRE(there.ragged("tokens").values.is_cuda());
  REQUIRE(there.ragged("tokens").offsets.is_cuda());
  REQUIRE(there.sparse("words").values.is_cuda());
  REQUIRE(there.strings("text") == batch.strings("text"));

  const Batch back = there.to(at::kCPU);
  REQUIRE(back.row_ids().size() == 3);
  REQUIRE(at::equal(back.tensor("vector"), batch.tensor("vector")));
  REQUIRE(at::equal(back.ragged("tokens").values, batch.ragged("tokens").values));
  REQUIRE(at::equal(back.sparse("words").values, batch.sparse("words").values));
  REQUIRE(back.ragged("tokens").longest == 3);
}

TEST_CASE("gpu: rows are selected on the device as on the CPU", "[gpu]") {
  Batch batch({1, 2, 3});
  batch.set("tokens", Ragged{torch::arange(5), torch::tensor({0, 2, 2, 5}, torch::kInt32), 3});
  const std::vector<std::int64_t> positions = {2, 0, 2};
  const Batch there = batch.to(at::Device("cuda:0")).select(positions).to(at::kCPU);
  const Batch here = batch.select(positions);
  REQUIRE(at::equal(there.ragged("tokens").values, here.ragged("tokens").values));
  REQUIRE(at::equal(there.ragged("tokens").offsets, here.ragged("tokens").offsets));
}
