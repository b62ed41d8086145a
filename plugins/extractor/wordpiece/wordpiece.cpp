#include "wordpiece.hpp"

#include <ATen/Functions.h>

#include <cstring>
#include <utility>
#include <vector>

#include "graft/error.hpp"
#include "graft/files.hpp"
#include "tokenizer_file.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/wordpiece";
constexpr const char* kJson = "tokenizer.json";
constexpr const char* kText = "vocab.txt";

Tensor tensor_of(const std::vector<std::int64_t>& ids) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(ids.size())}, at::kLong);
  if (!ids.empty()) std::memcpy(tensor.mutable_data_ptr<std::int64_t>(), ids.data(), ids.size() * sizeof(std::int64_t));
  return tensor;
}

}  // namespace

WordPiece::WordPiece(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      words_(config.has("words") ? config.text("words") : ""),
      path_(config.path("vocabulary")) {
  if (words_ == output_ || words_ == column_) throw Error(kName, "words must be a new column, got " + words_);
  settings_.max_length = static_cast<std::size_t>(config.integer("max_length"));
  settings_.special_tokens = config.flag("special_tokens");
}

Schema WordPiece::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kName);
  Schema schema = with(inputs, {output_, FieldKind::kTokens, {-1}, {}});
  return words_.empty() ? schema : with(std::move(schema), {words_, FieldKind::kInteger, {-1}, {}});
}

void WordPiece::fit(const Source&) { load(path_.ends_with(".txt") ? kText : kJson, read_file(path_), path_); }

void WordPiece::load(std::string kind, std::string text, const std::string& name) {
  const auto parts = kind == kText ? parse_vocabulary_text(text, name) : parse_tokenizer_json(text, name);
  tokenizer_ = std::make_shared<const WordPieceTokenizer>(parts, settings_);
  kind_ = std::move(kind);
  text_ = std::move(text);
}

void WordPiece::transform(Batch& batch) const {
  if (!tokenizer_) throw Error(kName, "fit or restore must come before transform, got neither");
  std::vector<std::int64_t> ids, lengths, first, words;
  WordPieceTokenizer::Scratch scratch;
  for (const std::string& text : batch.strings(column_)) {
    const std::size_t before = ids.size(), words_before = first.size();
    if (words_.empty() ? tokenizer_->append(text, ids, scratch) : tokenizer_->append_words(text, ids, first, scratch)) {
      warn(kName, "text cut at " + std::to_string(settings_.max_length) + " tokens");
    }
    lengths.push_back(static_cast<std::int64_t>(ids.size() - before));
    words.push_back(static_cast<std::int64_t>(first.size() - words_before));
  }
  batch.set(output_, ragged_of(tensor_of(ids), lengths));
  if (!words_.empty()) batch.set(words_, ragged_of(tensor_of(first), words));
}

State WordPiece::state() const {
  State state;
  if (tokenizer_) state.texts[kind_] = text_;
  return state;
}

void WordPiece::restore(const State& state) {
  for (const char* kind : {kJson, kText}) {
    const auto found = state.texts.find(kind);
    if (found != state.texts.end()) return load(kind, found->second, kind);
  }
  throw Error(kName, "a state must hold the text of tokenizer.json or vocab.txt, got neither");
}

}  // namespace graft::plugins
