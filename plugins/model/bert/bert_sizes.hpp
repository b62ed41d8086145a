// BertSizes: what decides the shapes of a BERT, read from config.json and from parameters of the same names.
//
//   D hidden_size   H num_attention_heads   V vocab_size
#pragma once

#include <cstdint>
#include <string>

#include "graft/config.hpp"

namespace graft::plugins {

struct BertSizes {
  std::int64_t vocab_size = 0, hidden_size = 0, num_hidden_layers = 0, num_attention_heads = 0, intermediate_size = 0;
  std::int64_t max_position_embeddings = 512, type_vocab_size = 2;
  double layer_norm_eps = 1e-12, hidden_dropout = 0.1, attention_dropout = 0.1;

  // Parameters that are given win over `file`, a config.json (null when there is none). throws Error("graft/bert") when a size
  // is in neither, when they contradict each other, or when the file describes something other than this BERT.
  static BertSizes from(const Config& config, const Value& file);

  // config.json for `transformers`: `file` with these sizes in it.
  Value write(Value file) const;
};

}  // namespace graft::plugins
