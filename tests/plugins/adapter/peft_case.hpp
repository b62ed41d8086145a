// A tiny BERT with the weights that tests/data/adapters.py gave to transformers' and peft's, and the file of references.
#pragma once

#include "adapter_case.hpp"
#include "graft/safetensors.hpp"

namespace {

[[maybe_unused]] const Safetensors& peft_file() {
  static const Safetensors opened(GRAFT_TEST_DATA "/adapters.safetensors");
  return opened;
}

// `more` parameters, as ", \"pooling\": \"cls\"".
[[maybe_unused]] std::shared_ptr<Model> tiny_bert(const std::string& more = "") {
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_model.so");
  auto model = plugin.make<Model>("graft/bert", R"({"input": "ids", "vocab_size": 32, "hidden_size": 16, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 24, "max_position_embeddings": 12)" +
                                                    more + "}");
  model->build({{"ids", FieldKind::kTokens, {-1}, {}}}, Rng(1));
  const bool has_pooler = model->named_parameters().contains("pooler.dense.weight");
  copy_weights(*model, peft_file(), [&](const std::string& name) {
    const bool is_taken = name.starts_with("weights.") && (has_pooler || !name.starts_with("weights.pooler."));
    return is_taken ? name.substr(8) : std::string();
  });
  return model;
}

[[maybe_unused]] Tensor features(Model& model) {
  const Tensor offsets = peft_file().tensor("offsets");
  Batch batch(std::vector<std::int64_t>(offsets.size(0) - 1));
  batch.set("ids", Ragged{peft_file().tensor("ids"), offsets, 12});
  return model.forward(batch, Call()).tensor("features");
}

// The rows of the file, without the one of 12 tokens where `is_short`: of 5, 1, 3 and 8.
[[maybe_unused]] Batch peft_rows(bool is_short) {
  Batch batch({0, 1, 2, 3, 4});
  batch.set("ids", Ragged{peft_file().tensor("ids"), peft_file().tensor("offsets"), 12});
  const std::vector<std::int64_t> chosen = {0, 1, 3, 4};
  return is_short ? batch.select(chosen) : batch;
}

[[maybe_unused]] double furthest(const Tensor& a, const Tensor& b) { return a.sub(b).abs().max().item<double>(); }

}  // namespace
