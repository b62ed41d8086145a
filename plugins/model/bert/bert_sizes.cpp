#include "bert_sizes.hpp"

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/bert";

// `needed` is false for what has a default of its own.
void read(std::int64_t& size, const char* key, bool needed, const Config& config, const Value& file) {
  if (config.has(key)) {
    size = config.integer(key);
  } else if (const Value* value = file.find(key)) {
    size = value->integer();
  } else if (needed) {
    throw Error(kName, std::string(key) + " must be given where no config.json says it");
  }
  if (size < 1) throw Error(kName, std::string(key) + " must be >= 1, got " + std::to_string(size));
}

void read(double& number, const char* key, const char* file_key, const Config& config, const Value& file) {
  if (config.has(key))
    number = config.number(key);
  else if (const Value* value = file.find(file_key))
    number = value->number();
}

void require_text(const Value& file, const char* key, const std::string& only) {
  const Value* value = file.find(key);
  if (!value || value->is_null() || (value->is_text() && value->text() == only)) return;
  throw Error(kName, value->place.text() + ": " + key + " must be \"" + only + "\", got " + to_json(*value));
}

void check_dropout(double p, const char* key) {
  if (!(p >= 0 && p < 1)) throw Error(kName, std::string(key) + " must be in [0, 1), got " + to_json(Value(p)));
}

}  // namespace

BertSizes BertSizes::from(const Config& config, const Value& file) {
  require_text(file, "model_type", "bert");
  require_text(file, "hidden_act", "gelu");
  require_text(file, "position_embedding_type", "absolute");
  BertSizes sizes;
  read(sizes.vocab_size, "vocab_size", true, config, file);
  read(sizes.hidden_size, "hidden_size", true, config, file);
  read(sizes.num_hidden_layers, "num_hidden_layers", true, config, file);
  read(sizes.num_attention_heads, "num_attention_heads", true, config, file);
  read(sizes.intermediate_size, "intermediate_size", true, config, file);
  read(sizes.max_position_embeddings, "max_position_embeddings", false, config, file);
  read(sizes.type_vocab_size, "type_vocab_size", false, config, file);
  read(sizes.layer_norm_eps, "layer_norm_eps", "layer_norm_eps", config, file);
  read(sizes.hidden_dropout, "hidden_dropout", "hidden_dropout_prob", config, file);
  read(sizes.attention_dropout, "attention_dropout", "attention_probs_dropout_prob", config, file);
  check_dropout(sizes.hidden_dropout, "hidden_dropout");
  check_dropout(sizes.attention_dropout, "attention_dropout");
  if (sizes.hidden_size % sizes.num_attention_heads != 0) {
    throw Error(kName, "hidden_size must be a multiple of num_attention_heads, got " + std::to_string(sizes.hidden_size) +
                           " and " + std::to_string(sizes.num_attention_heads));
  }
  return sizes;
}

Value BertSizes::write(Value file) const {
  if (file.is_null()) {
    file = Value::Object{};
    file.set("architectures", Value::List{Value("BertModel")});
    file.set("hidden_act", "gelu");
    file.set("initializer_range", 0.02);
    file.set("pad_token_id", 0);
  }
  file.set("model_type", "bert");
  file.set("vocab_size", vocab_size);
  file.set("hidden_size", hidden_size);
  file.set("num_hidden_layers", num_hidden_layers);
  file.set("num_attention_heads", num_attention_heads);
  file.set("intermediate_size", intermediate_size);
  file.set("max_position_embeddings", max_position_embeddings);
  file.set("type_vocab_size", type_vocab_size);
  file.set("layer_norm_eps", layer_norm_eps);
  file.set("hidden_dropout_prob", hidden_dropout);
  file.set("attention_probs_dropout_prob", attention_dropout);
  return file;
}

}  // namespace graft::plugins
