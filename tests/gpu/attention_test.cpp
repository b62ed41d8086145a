// Attention: what CUDA gives is what the CPU gives, by graft's kernels and, for bfloat16 without dropout, by LibTorch's.
#include <ATen/Context.h>

#include "device.hpp"
#include "graft/nn/attention.hpp"

using namespace graft;

namespace {

struct Case {
  std::vector<Tensor> qkv;
  Tensor offsets;
  std::int64_t longest;
};

// Rows of 0 to 512 tokens.
Case random_case(std::int64_t heads, std::int64_t width, at::ScalarType type, bool first_only) {
  torch::manual_seed(3);
  const std::vector<std::int64_t> lengths = {1, 2, 15, 16, 17, 0, 130, 31, 32, 33, 512, 0, 70};
  std::vector<std::int32_t> offsets = {0};
  for (const std::int64_t length : lengths) offsets.push_back(offsets.back() + static_cast<std::int32_t>(length));
  const std::int64_t tokens = offsets.back(), rows = static_cast<std::int64_t>(lengths.size());
  return {{random_leaf({first_only ? rows : tokens, heads, width}, type), random_leaf({tokens, heads, width}, type),
           random_leaf({tokens, heads, width}, type)},
          at::tensor(offsets, at::kInt),
          512};
}

std::vector<Tensor> run(const at::Device& device, const Case& c, double p, bool is_causal) {
  const auto qkv = on(device, c.qkv);
  return outcome(nn::attention(qkv[0], qkv[1], qkv[2], c.offsets.to(device), c.longest, p, training_call(), is_causal), qkv);
}

// Without LibTorch's flash attention, until the test ends.
struct OwnKernels {
  OwnKernels() { at::globalContext().setSDPUseFlash(false); }
  ~OwnKernels() { at::globalContext().setSDPUseFlash(true); }
};

}  // namespace

TEST_CASE("gpu: attention is the CPU's, for any head size, rows of 0 to 512 tokens, with dropout and without",
          "[gpu][attention]") {
  const std::int64_t width = GENERATE(4, 5, 32, 64, 100, 256);
  const double p = GENERATE(0.0, 0.3);
  const bool is_causal = GENERATE(false, true), first_only = GENERATE(false, true);
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  CAPTURE(width, p, is_causal, first_only, type);
  const OwnKernels own;
  const Case c = random_case(3, width, type, first_only);
  auto cuda = run(kCuda, c, p, is_causal), cpu = run(at::kCPU, c, p, is_causal);
  if (is_causal && first_only) {  // a query that sees one key: dq and dk are zero but for rounding
    for (auto* all : {&cuda, &cpu}) all->erase(all->begin() + 1, all->begin() + 3);
  }
  CHECK(furthest(cuda, cpu) < tolerance(type));
}

TEST_CASE("gpu: LibTorch's flash attention is the CPU's, and goes back from what our kernels kept", "[gpu][attention]") {
  const std::int64_t width = GENERATE(8, 32, 64, 128, 256);
  const bool is_causal = GENERATE(false, true);
  CAPTURE(width, is_causal);
  const Case c = random_case(3, width, at::kBFloat16, false);
  const auto cpu = run(at::kCPU, c, 0, is_causal);
  CHECK(furthest(run(kCuda, c, 0, is_causal), cpu) < tolerance(at::kBFloat16));

  const auto qkv = on(kCuda, c.qkv);
  Tensor out;
  {
    const OwnKernels own;
    out = nn::attention(qkv[0], qkv[1], qkv[2], c.offsets.to(kCuda), c.longest, 0, training_call(), is_causal);
  }
  CHECK(furthest(outcome(out, qkv), cpu) < tolerance(at::kBFloat16));
}

TEST_CASE("gpu: attention reads queries, keys and values that lie side by side", "[gpu][attention]") {
  const auto type = GENERATE(at::kFloat, at::kBFloat16);
  const double p = GENERATE(0.0, 0.3);
  torch::manual_seed(6);
  const Tensor together = random_leaf({40, 3, 2, 32}, type);
  const Tensor offsets = at::tensor(std::vector<int>{0, 7, 40}, at::kInt);
  const auto on_device = [&](const at::Device& device) {
    const Tensor x = on(device, together);
    const Tensor y = nn::attention(x.select(1, 0), x.select(1, 1), x.select(1, 2), offsets.to(device), 33, p, training_call());
    return outcome(y, {x});
  };
  CHECK(furthest(on_device(kCuda), on_device(at::kCPU)) < tolerance(type));
}

TEST_CASE("gpu: attention of no tokens gives no tokens", "[gpu][attention]") {
  const Tensor none = at::empty({0, 2, 4}, kCuda), offsets = at::zeros({1}, at::TensorOptions(kCuda).dtype(at::kInt));
  CHECK(nn::attention(none, none, none, offsets, 0, 0, Call()).size(0) == 0);
}

TEST_CASE("gpu: a head that is too wide is refused", "[gpu][attention]") {
  const Tensor x = at::zeros({1, 1, 257}, kCuda), offsets = at::tensor(std::vector<int>{0, 1}, at::kInt).to(kCuda);
  CHECK(message_of([&] { nn::attention(x, x, x, offsets, 1, 0, Call()); }) ==
        "[graft/nn] attention on CUDA needs a head size of at most 256, got 257");
}

TEST_CASE("gpu: the second derivative of attention is the CPU's", "[gpu][attention]") {
  torch::manual_seed(7);
  const std::vector<Tensor> given = {random_leaf({9, 2, 4}), random_leaf({9, 2, 4}), random_leaf({9, 2, 4})};
  const Tensor offsets = at::tensor(std::vector<int>{0, 2, 9}, at::kInt);
  const auto on_device = [&](const at::Device& device) {
    const auto qkv = on(device, given);
    const Tensor y = nn::attention(qkv[0], qkv[1], qkv[2], offsets.to(device), 7, 0.3, training_call());
    const auto slope = torch::autograd::grad({y.square().sum()}, {qkv[0]}, {}, true, /*create_graph=*/true)[0];
    return torch::autograd::grad({slope.square().sum()}, qkv);
  };
  CHECK(furthest(on_device(kCuda), on_device(at::kCPU)) < 1e-4);
}
