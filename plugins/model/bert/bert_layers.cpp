#include "bert_layers.hpp"

#include "graft/nn/dropout.hpp"

namespace graft::plugins {
namespace {

using torch::nn::Module;

std::shared_ptr<Module> group(Module& in, const char* name) { return in.register_module(name, std::make_shared<Module>()); }

std::shared_ptr<nn::LayerNorm> norm(Module& in, const BertSizes& sizes) {
  return in.register_module("LayerNorm", std::make_shared<nn::LayerNorm>(sizes.hidden_size, sizes.layer_norm_eps));
}

}  // namespace

BertEmbeddings::BertEmbeddings(const BertSizes& sizes, double deviation, Rng rng) : dropout_(sizes.hidden_dropout) {
  const auto table = [&](const char* name, std::int64_t rows) {
    return register_module(name, std::make_shared<nn::Embedding>(rows, sizes.hidden_size, rng.fork(name), deviation));
  };
  const char* words = "word_embeddings";
  word_ = register_module(words,
                          std::make_shared<nn::TokenEmbedding>(sizes.vocab_size, sizes.hidden_size, rng.fork(words), deviation));
  position_ = table("position_embeddings", sizes.max_position_embeddings);
  type_ = table("token_type_embeddings", sizes.type_vocab_size);
  norm_ = norm(*this, sizes);
}

Ragged BertEmbeddings::words(const Ragged& ids, const Call& call) const { return word_->forward(ids, call); }

Tensor BertEmbeddings::forward(const Tensor& words, const BertPlaces& places, const Call& call) const {
  const Tensor x = words.add(type_->weight.select(0, 0)).add(position_->forward(places.positions, call));
  return nn::dropout(norm_->forward(x, call), dropout_, call).to(call.precision());
}

BertLayer::BertLayer(const BertSizes& sizes, double deviation, Rng rng) : dropout_(sizes.hidden_dropout) {
  const std::int64_t width = sizes.hidden_size, inner = sizes.intermediate_size;
  std::uint64_t layers = 0;
  const auto linear = [&](Module& in, const char* name, std::int64_t from, std::int64_t to) {
    return in.register_module(name, std::make_shared<nn::Linear>(from, to, rng.fork(layers++), true, deviation));
  };
  auto attention = group(*this, "attention");
  attention_ = attention->register_module(
      "self", std::make_shared<nn::SelfAttention>(width, sizes.num_attention_heads, sizes.attention_dropout));
  query_ = linear(*attention_, "query", width, width);
  key_ = linear(*attention_, "key", width, width);
  value_ = linear(*attention_, "value", width, width);
  auto attention_output = group(*attention, "output");
  attention_output_ = linear(*attention_output, "dense", width, width);
  attention_norm_ = norm(*attention_output, sizes);
  intermediate_ = linear(*group(*this, "intermediate"), "dense", width, inner);
  auto output = group(*this, "output");
  output_ = linear(*output, "dense", inner, width);
  output_norm_ = norm(*output, sizes);
}

Tensor BertLayer::attend(const Tensor& asking, const Tensor& x, const BertPlaces& places, const Call& call) const {
  const Tensor attended = attention_->forward(query_->forward(asking, call), key_->forward(x, call), value_->forward(x, call),
                                              places.offsets, places.longest, call);
  return attention_output_->forward(attended, call);
}

Tensor BertLayer::forward(const Tensor& x, const BertPlaces& places, bool first_only, const Call& call) const {
  const Tensor asking = first_only ? x.index_select(0, places.first) : x;
  const Tensor y = attention_norm_->forward(attend(asking, x, places, call), asking, dropout_, call);
  return output_norm_->forward(output_->forward(intermediate_->forward_gelu(y, call), call), y, dropout_, call);
}

}  // namespace graft::plugins
