// Layers together: the kernels are there, repeat their bits, never wait for the device, and train a BERT as the CPU does.
#include <ATen/Context.h>
#include <dlfcn.h>

#include "device.hpp"
#include "graft/model.hpp"
#include "graft/nn/attention.hpp"
#include "graft/nn/cross_entropy.hpp"
#include "graft/nn/dropout.hpp"
#include "graft/nn/layer_norm.hpp"
#include "graft/nn/linear.hpp"
#include "graft/testing.hpp"

using namespace graft;

namespace {

struct Layers {
  explicit Layers(const at::Device& device) {
    wide.to(device);
    norm.to(device);
    x = at::randn({90, 64}, device).requires_grad_();
    offsets = at::tensor(std::vector<int>{0, 20, 20, 90}, at::kInt).to(device);
    targets = at::randint(64, {90}, at::kLong).to(device);
  }
  // Gradients; nothing is copied from the CPU on the way.
  std::vector<Tensor> run(at::ScalarType precision, double p) const {
    const Call call = training_call(precision);
    const Tensor heads = wide.forward_gelu(nn::dropout(x, p, call), call).view({90, 3, 2, 32});
    const Tensor seen = nn::attention(heads.select(1, 0), heads.select(1, 1), heads.select(1, 2), offsets, 70, p, call);
    const Tensor loss = nn::cross_entropy(norm.forward(seen.reshape({90, 64}), x, p, call), targets, 0.1);
    return torch::autograd::grad({loss.sum()}, {x, wide.weight, wide.bias, norm.weight, norm.bias});
  }

  nn::Linear wide{64, 192, Rng(1)};
  nn::LayerNorm norm{64};
  Tensor x, offsets, targets;
};

struct Deterministic {
  Deterministic() { at::globalContext().setDeterministicAlgorithms(true, false); }
  ~Deterministic() { at::globalContext().setDeterministicAlgorithms(false, false); }
};

// While it lives LibTorch throws where it would wait for the device: c10::cuda::warning_state(), whose one field is the mode.
struct NoWaiting {
  enum Mode : int { kOff = 0, kError = 2 };
  NoWaiting() : mode(static_cast<int*>(::dlsym(RTLD_DEFAULT, "_ZZN3c104cuda13warning_stateEvE14warning_state_"))) {
    if (mode) *mode = kError;
  }
  ~NoWaiting() {
    if (mode) *mode = kOff;
  }
  int* mode;
};

Batch tokens_on(const at::Device& device) {
  return testing::batch({{"tokens", testing::tokens({{1, 2, 3, 4, 5}, {6}, {7, 8, 9, 10, 3, 2}, {4, 4}})}}).to(device);
}

// Features and the gradients of all parameters, of a small BERT with dropout.
std::vector<Tensor> bert_on(const at::Device& device, bool first_tokens_only) {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_model.so");
  const auto model = plugin.make<Model>("graft/bert", R"({"input": "tokens", "vocab_size": 11, "hidden_size": 64,
    "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 96, "max_position_embeddings": 6})");
  model->build({{"tokens", FieldKind::kTokens, {-1}, {}}}, Rng(1));
  model->to(device);
  Call::Options options;
  options.training = true;
  options.key = 5;
  if (first_tokens_only) options.outputs = {"features"};
  const Tensor features = model->forward(tokens_on(device), Call(options)).tensor("features");
  features.square().sum().backward();
  std::vector<Tensor> all = {features.detach()};
  for (const Tensor& parameter : model->parameters()) {
    const Tensor slope = parameter.grad();
    all.push_back(!slope.defined() ? at::zeros({1}) : slope.is_sparse() ? slope.to_dense() : slope);
  }
  return all;
}

}  // namespace

TEST_CASE("gpu: libgraft_cuda.so is open", "[gpu]") {
  CHECK(::dlopen(GRAFT_PLUGIN_DIR "/libgraft_cuda.so", RTLD_NOW | RTLD_NOLOAD) != nullptr);
}

TEST_CASE("gpu: in deterministic mode a repetition gives the same bits", "[gpu]") {
  const auto precision = GENERATE(at::kFloat, at::kBFloat16);
  const double p = GENERATE(0.0, 0.3);
  CAPTURE(precision, p);
  const Deterministic mode;
  torch::manual_seed(8);
  const Layers layers(kCuda);
  CHECK(same_bits(layers.run(precision, p), layers.run(precision, p)));
}

TEST_CASE("gpu: no layer waits for the device", "[gpu]") {
  const auto precision = GENERATE(at::kFloat, at::kBFloat16);
  const double p = GENERATE(0.0, 0.3);
  CAPTURE(precision, p);
  const Layers layers(kCuda);
  layers.run(precision, p);  // the first call of a library may wait
  const NoWaiting guard;
  REQUIRE(guard.mode);
  CHECK_THROWS(layers.x.sum().item<float>());
  CHECK_NOTHROW(layers.run(precision, p));
}

TEST_CASE("gpu: a small BERT in training has the CPU's features and gradients", "[gpu][bert]") {
  const bool first_tokens_only = GENERATE(false, true);
  CAPTURE(first_tokens_only);
  CHECK(furthest(bert_on(kCuda, first_tokens_only), bert_on(at::kCPU, first_tokens_only)) < 1e-4);
}
