#include <torch/types.h>

#include <filesystem>

#include "catch.hpp"
#include "graft/error.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

using namespace graft;

namespace {

struct Pair : torch::nn::Module {
  Pair() {
    a = register_module("a", std::make_shared<nn::Linear>(2, 3, Rng(1)));
    b = register_module("b", std::make_shared<nn::Linear>(3, 1, Rng(2), false));
    count = register_buffer("count", at::zeros({}, at::kDouble));
  }
  std::shared_ptr<nn::Linear> a, b;
  Tensor count;
};

struct File {
  explicit File(const NamedTensors& tensors)
      : path((std::filesystem::temp_directory_path() / "graft_weights_test.safetensors").string()) {
    write_safetensors(path, tensors);
  }
  ~File() { std::filesystem::remove(path); }
  std::string path;
};

std::vector<std::string> names(const NamedTensors& tensors) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  return names;
}

}  // namespace

TEST_CASE("weights: parameters and buffers are listed by registered name, a shared one once", "[weights]") {
  Pair pair;
  CHECK(names(named_tensors(pair)) == std::vector<std::string>{"a.weight", "a.bias", "b.weight", "count"});
  pair.register_parameter("tied", pair.a->weight);
  CHECK(named_tensors(pair).size() == 4);
}

TEST_CASE("weights: a module written and copied back has the same bits", "[weights]") {
  Pair from, to;
  at::NoGradGuard no_grad;
  from.a->weight.mul_(3);
  from.count.fill_(0.1);
  const File file(named_tensors(from));
  copy_weights(to, Safetensors(file.path));
  for (const auto& [name, tensor] : named_tensors(to))
    CHECK(at::equal(tensor,
                    *(from.named_parameters().contains(name) ? &from.named_parameters()[name] : &from.named_buffers()[name])));
}

TEST_CASE("weights: names can be mapped and left out, and a tied tensor may come under either name", "[weights]") {
  Pair pair;
  pair.register_parameter("tied", pair.a->weight);
  const File file({{"old.weight", at::ones({3, 2})},
                   {"a.bias", at::zeros({3})},
                   {"b.weight", at::zeros({1, 3})},
                   {"count", at::zeros({}, at::kDouble)},
                   {"extra", at::zeros({1})}});
  copy_weights(pair, Safetensors(file.path), [](const std::string& name) -> std::string {
    return name == "old.weight" ? "tied" : name == "extra" ? "" : name;
  });
  CHECK(at::equal(pair.a->weight, at::ones({3, 2})));
}

TEST_CASE("weights: every name that does not fit is listed, and nothing is copied", "[weights]") {
  Pair pair;
  const Tensor before = pair.a->bias.detach().clone();
  const File file({{"a.weight", at::ones({2, 3})}, {"a.bias", at::zeros({3})}, {"c.weight", at::zeros({1})}});
  CHECK(message_of([&] { copy_weights(pair, Safetensors(file.path)); }) ==
        "[weights] the file does not fit the model: missing from the file: b.weight, count; in the file but not in the model: "
        "c.weight; of another shape: a.weight (file [2, 3], model [3, 2])");
  CHECK(at::equal(pair.a->bias, before));
}

TEST_CASE("weights: writing a parameter moves its version on", "[weights]") {
  nn::Linear layer(2, 2, Rng(1));
  const auto version = layer.weight._version();
  write_parameter(layer.weight, at::zeros({2, 2}));
  CHECK(layer.weight._version() > version);
  CHECK(layer.weight.requires_grad());
}
