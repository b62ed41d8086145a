// Adapters on graft/bert against the Python package peft on transformers' BertModel. tests/data/adapters.py says what the file
// holds and where the tolerances come from.
#include <torch/csrc/autograd/autograd.h>

#include "adapter_case.hpp"
#include "peft_case.hpp"

namespace {

struct Case {
  std::string name, use, parameters;
  std::int64_t trains;
};

const std::vector<Case> kCases = {
    {"lora", "lora", R"({"rank": 4, "alpha": 8})", 4 * 4 * (16 + 16)},
    {"rslora", "lora", R"({"rank": 4, "alpha": 8, "rank_stabilised": true})", 4 * 4 * (16 + 16)},
    {"dora", "dora", R"({"rank": 3, "alpha": 6, "layers": ["query", "key", "output.dense"]})",
     2 * (3 * 3 * (16 + 16) + 3 * (24 + 16) + 4 * 16)},
    {"ia3", "ia3", R"({"layers": ["key", "value", "output.dense"]})", 2 * (3 * 16 + 24)},
    {"vera", "vera", R"({"rank": 6, "layers": ["query", "intermediate.dense", "output.dense"]})", 2 * (4 * 6 + 3 * 16 + 24)},
};

// "encoder.layer.0.attention.self.query.lora.A" is peft's "base_model.model.encoder.layer.0.attention.self.query.lora_A.weight".
std::string name_in_peft(const std::string& name, const std::string& adapter) {
  static const std::map<std::string, std::string> ends = {
      {"A", "lora_A.weight"}, {"B", "lora_B.weight"},        {"magnitude", "lora_magnitude_vector"},
      {"l", "ia3_l"},         {"lambda_b", "vera_lambda_b"}, {"lambda_d", "vera_lambda_d"}};
  const std::size_t at = name.find("." + adapter + ".");
  const std::string end = name.substr(at + adapter.size() + 2);
  if (adapter == "vera" && end.size() == 1) return "base_model.vera_" + end;
  return "base_model.model." + name.substr(0, at) + "." + ends.at(end);
}

// Sets every tensor of the adapter from peft's; returns the names, ours and theirs, of those that train.
std::vector<std::pair<std::string, std::string>> take_over(Model& model, const Case& kase) {
  std::vector<std::pair<std::string, std::string>> trained;
  for (auto [name, tensor] : named_tensors(model)) {
    if (name.find("." + kase.use + ".") == std::string::npos) continue;
    const std::string theirs = name_in_peft(name, kase.use);
    at::NoGradGuard no_grad;
    write_parameter(tensor, peft_file().tensor(kase.name + "." + theirs).reshape(tensor.sizes()));
    if (tensor.requires_grad()) trained.emplace_back(name, theirs);
  }
  return trained;
}

}  // namespace

TEST_CASE("peft: its adapters on a BERT give the features that peft gives, attached and merged", "[adapter][peft]") {
  const Case kase = GENERATE(from_range(kCases));
  CAPTURE(kase.name);
  const auto model = tiny_bert();
  const Tensor base = features(*model).detach();
  const auto made = adapter(kase.use, kase.parameters);
  made->attach(*model, Rng(1));
  CHECK(relative_difference(features(*model).detach(), base) < 1e-6);  // a patched layer is not fused with its GELU
  take_over(*model, kase);
  const Tensor reference = peft_file().tensor(kase.name + ".features");
  const double attached = furthest(features(*model).detach(), reference);
  CHECK(attached < 1e-5);
  CHECK(furthest(reference, base) > 1e-2);
  made->merge(*model);
  const double merged = furthest(features(*model).detach(), reference);
  CHECK(merged < 1e-5);
}

TEST_CASE("peft: as many elements train, under names that map one to one, with peft's gradients", "[adapter][peft]") {
  const Case kase = GENERATE(from_range(kCases));
  CAPTURE(kase.name);
  const auto model = tiny_bert();
  adapter(kase.use, kase.parameters)->attach(*model, Rng(1));
  const auto trained = take_over(*model, kase);
  std::size_t theirs = 0;
  for (const std::string& name : peft_file().names()) theirs += name.starts_with(kase.name + ".gradient.");
  CHECK(trained.size() == theirs);
  features(*model).square().sum().backward();
  std::int64_t elements = 0;
  for (const auto& [ours, name] : trained) {
    CAPTURE(ours);
    const Tensor gradient = model->named_parameters()[ours].grad();
    elements += gradient.numel();
    const Tensor reference = peft_file().tensor(kase.name + ".gradient." + name).reshape(gradient.sizes());
    CHECK(relative_difference(gradient, reference) < 1e-4);
  }
  CHECK(elements == kase.trains);
}
