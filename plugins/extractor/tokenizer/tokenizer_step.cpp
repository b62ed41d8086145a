#include "tokenizer_step.hpp"

#include <ATen/ops/empty.h>

#include <cstring>
#include <utility>

#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::plugins {
namespace {

Tensor ids_tensor(const std::vector<std::int64_t>& ids) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(ids.size())}, at::kLong);
  if (!ids.empty()) std::memcpy(tensor.mutable_data_ptr<std::int64_t>(), ids.data(), ids.size() * sizeof(std::int64_t));
  return tensor;
}

}  // namespace

TokenizerStep::TokenizerStep(const Config& config, std::string where)
    : where_(std::move(where)),
      column_(config.column("column")),
      output_(config.name()),
      words_(config.has("words") ? config.text("words") : ""),
      path_(config.path("vocabulary")) {
  if (words_ == output_ || words_ == column_) throw Error(where_, "words must be a new column, got " + words_);
  settings_.max_length = static_cast<std::size_t>(config.integer("max_length"));
  settings_.special_tokens = config.flag("special_tokens");
}

std::vector<std::string> TokenizerStep::kinds() const { return {kJsonFile}; }

std::string TokenizerStep::kind_of(const std::string&) const { return kJsonFile; }

Schema TokenizerStep::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, where_);
  Schema schema = with(inputs, {output_, FieldKind::kTokens, {-1}, {}});
  return words_.empty() ? schema : with(std::move(schema), {words_, FieldKind::kInteger, {-1}, {}});
}

void TokenizerStep::fit(const Source&) { load(kind_of(path_), read_file(path_), path_); }

void TokenizerStep::load(const std::string& kind, std::string text, const std::string& name) {
  tokenizer_ = read(kind, text, name, settings_);
  pool_->free.clear();
  kind_ = kind;
  text_ = std::move(text);
}

TextTokenizer::Scratch TokenizerStep::take_scratch() const {
  const std::lock_guard lock(pool_->mutex);
  if (pool_->free.empty()) return tokenizer_->scratch();
  TextTokenizer::Scratch scratch = std::move(pool_->free.back());
  pool_->free.pop_back();
  return scratch;
}

void TokenizerStep::give_back(TextTokenizer::Scratch scratch) const {
  const std::lock_guard lock(pool_->mutex);
  pool_->free.push_back(std::move(scratch));
}

void TokenizerStep::transform(Batch& batch) const {
  if (!tokenizer_) throw Error(where_, "fit or restore must come before transform, got neither");
  std::vector<std::int64_t> ids, lengths, first, words;
  TextTokenizer::Scratch scratch = take_scratch();
  for (const std::string& text : batch.strings(column_)) {
    const std::size_t before = ids.size(), words_before = first.size();
    if (words_.empty() ? tokenizer_->append(text, ids, scratch) : tokenizer_->append_words(text, ids, first, scratch)) {
      warn(where_, "text cut at " + std::to_string(settings_.max_length) + " tokens");
    }
    lengths.push_back(static_cast<std::int64_t>(ids.size() - before));
    words.push_back(static_cast<std::int64_t>(first.size() - words_before));
  }
  give_back(std::move(scratch));
  batch.set(output_, ragged_of(ids_tensor(ids), lengths));
  if (!words_.empty()) batch.set(words_, ragged_of(ids_tensor(first), words));
}

State TokenizerStep::state() const {
  State state;
  if (tokenizer_) state.texts[kind_] = text_;
  return state;
}

void TokenizerStep::restore(const State& state) {
  std::string listed;
  for (const std::string& kind : kinds()) {
    const auto found = state.texts.find(kind);
    if (found != state.texts.end()) return load(kind, found->second, kind);
    listed += (listed.empty() ? "" : " or ") + kind;
  }
  throw Error(where_, "a state must hold the text of " + listed + ", got " + (kinds().size() > 1 ? "neither" : "none"));
}

}  // namespace graft::plugins
