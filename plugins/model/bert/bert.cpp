#include "bert.hpp"

#include <ATen/ops/arange.h>
#include <ATen/ops/repeat_interleave.h>

#include <filesystem>

#include "graft/error.hpp"
#include "graft/nn/virtual_tokens.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

namespace fs = std::filesystem;
constexpr const char* kName = "graft/bert";

std::string weights_file(const std::string& path) {
  return fs::is_directory(path) ? (fs::path(path) / "model.safetensors").string() : path;
}

Value config_beside(const Config& config) {
  if (!config.has("weights")) return {};
  const fs::path file = fs::path(weights_file(config.path("weights"))).parent_path() / "config.json";
  return fs::exists(file) ? read_json(file.string()) : Value{};
}

bool starts_with(const std::string& text, const char* prefix) { return text.rfind(prefix, 0) == 0; }

void replace_end(std::string& name, const std::string& from, const std::string& to) {
  if (name.size() >= from.size() && name.compare(name.size() - from.size(), from.size(), from) == 0) {
    name.replace(name.size() - from.size(), from.size(), to);
  }
}

// The module's name for a name in a file; "" for what is no part of the encoder.
std::string name_in_model(std::string name, bool with_pooler) {
  if (starts_with(name, "bert.")) name.erase(0, 5);
  replace_end(name, "LayerNorm.gamma", "LayerNorm.weight");
  replace_end(name, "LayerNorm.beta", "LayerNorm.bias");
  const bool foreign = starts_with(name, "cls.") || starts_with(name, "classifier.") || name == "embeddings.position_ids" ||
                       (!with_pooler && starts_with(name, "pooler."));
  return foreign ? "" : name;
}

BertPlaces places_of(const Ragged& tokens, std::int64_t prefix) {
  const Tensor offsets = tokens.offsets.to(at::kLong);
  const Tensor first = offsets.slice(0, 0, -1), lengths = offsets.slice(0, 1).sub(first);
  const std::int64_t n = tokens.values.size(0);
  const Tensor starts = at::repeat_interleave(first, lengths, 0, n);
  return {tokens.offsets, first.contiguous(), at::arange(prefix, prefix + n, starts.options()).sub(starts), tokens.longest};
}

}  // namespace

Bert::Bert(const Config& config)
    : input_(config.column("input")),
      deviation_(config.has("weights") ? 0.0 : 0.02),
      pooling_(bert_pooling(config.text("pooling"))),
      file_(config_beside(config)),
      sizes_(BertSizes::from(config, file_)) {}

Schema Bert::build(const Schema& inputs, Rng rng) {
  if (const Field& field = require(inputs, input_, kName); field.kind == FieldKind::kText) {
    throw Error(kName, "input must be a column of tokens, " + input_ +
                           " is text: add a step {\"use\": \"wordpiece\", \"column\": \"" + input_ + "\"}");
  }
  require(inputs, input_, {FieldKind::kTokens}, kName);
  embeddings_ = register_module("embeddings", std::make_shared<BertEmbeddings>(sizes_, deviation_, rng.fork("embeddings")));
  auto encoder = register_module("encoder", std::make_shared<torch::nn::Module>());
  auto layer = encoder->register_module("layer", std::make_shared<torch::nn::Module>());
  for (std::int64_t i = 0; i < sizes_.num_hidden_layers; ++i) {
    const std::string number = std::to_string(i);
    layers_.push_back(
        layer->register_module(number, std::make_shared<BertLayer>(sizes_, deviation_, rng.fork("layer." + number))));
  }
  if (pooling_ == BertPooling::kPooler) {
    auto pooler = register_module("pooler", std::make_shared<torch::nn::Module>());
    pooler_ = pooler->register_module(
        "dense", std::make_shared<nn::Linear>(sizes_.hidden_size, sizes_.hidden_size, rng.fork("pooler"), true, deviation_));
  }
  return {Field{"features", FieldKind::kVector, {sizes_.hidden_size}, {}},
          Field{"tokens", FieldKind::kVector, {-1, sizes_.hidden_size}, {}}};
}

void Bert::check_rows(const Ragged& tokens, const Batch& batch, std::int64_t added) const {
  if (tokens.longest + added > sizes_.max_position_embeddings) {
    const std::string more = added == 0 ? "" : " and " + std::to_string(added) + " virtual ones";
    throw Error(kName, "a row must have at most max_position_embeddings = " + std::to_string(sizes_.max_position_embeddings) +
                           " tokens, got " + std::to_string(tokens.longest) + more + ": set max_length of the step that makes " +
                           input_);
  }
  if (!tokens.offsets.is_cpu()) return;
  const Tensor held = tokens.offsets.contiguous();
  const std::int32_t* offsets = held.const_data_ptr<std::int32_t>();
  for (std::int64_t row = 0; row < batch.size(); ++row) {
    if (offsets[row + 1] > offsets[row]) continue;
    throw Error(kName, "a row must have at least one token, row " + std::to_string(batch.row_ids()[row]) + " has none");
  }
}

Tensor Bert::encode(const Tensor& words, const BertPlaces& places, bool first_only, const Call& call) const {
  Tensor x = call.tap("embeddings", embeddings_->forward(words, places, call));
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool is_last = i + 1 == layers_.size();
    x = call.tap("layer." + std::to_string(i), layers_[i]->forward(x, places, is_last && first_only, call));
  }
  return x;
}

Tensor Bert::pool(const Tensor& hidden, const BertPlaces& places, bool is_first_only, const Call& call) const {
  const Tensor pooled = is_first_only ? hidden : pool_tokens(hidden, places, pooling_);
  return pooling_ == BertPooling::kPooler ? pooler_->forward(pooled, call).tanh() : pooled;
}

Batch Bert::forward(const Batch& batch, const Call& call) {
  const Ragged& tokens = batch.ragged(input_);
  const std::int64_t prompt = embeddings_->prompt(call), prefix = layers_.front()->prefix(call);
  check_rows(tokens, batch, prompt + prefix);
  const Ragged words = embeddings_->words(tokens, call);
  const BertPlaces places = places_of(words, prefix);
  const bool gives_tokens = call.wants("tokens");
  const bool first_only = !gives_tokens && !call.tapped() && reads_first_only(pooling_);
  const Tensor hidden = encode(words.values, places, first_only, call);
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("features", call.tap("features", pool(hidden, places, first_only, call)));
  const Ragged all = {hidden, words.offsets, words.longest};
  if (gives_tokens) result.set("tokens", prompt == 0 ? all : nn::drop_tokens(all, prompt));
  return result;
}

std::vector<std::string> Bert::stages() const {
  std::vector<std::string> stages = {"embeddings"};
  for (std::int64_t i = 0; i < sizes_.num_hidden_layers; ++i) stages.push_back("encoder.layer." + std::to_string(i));
  if (pooling_ == BertPooling::kPooler) stages.push_back("pooler");
  return stages;
}

void Bert::load_weights(const std::string& path) {
  const Safetensors file(weights_file(path));
  const bool with_pooler = pooling_ == BertPooling::kPooler;
  if (with_pooler && !file.has("pooler.dense.weight") && !file.has("bert.pooler.dense.weight")) {
    throw Error(kName, path + " has no pooler (pooler.dense.weight): set pooling to \"cls\" or \"mean\"");
  }
  std::string left_out;
  for (const std::string& name : file.names()) {
    if (name_in_model(name, with_pooler).empty()) left_out += (left_out.empty() ? "" : ", ") + name;
  }
  if (!left_out.empty()) log(kName, path + ": left out " + left_out);
  copy_weights(*this, file, [with_pooler](const std::string& name) { return name_in_model(name, with_pooler); });
}

std::map<std::string, std::string> Bert::files() const { return {{"config.json", to_json(sizes_.write(file_), 2) + "\n"}}; }

}  // namespace graft::plugins
