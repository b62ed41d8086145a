#include "tag.hpp"

#include <ATen/ops/full.h>
#include <ATen/ops/log_softmax.h>
#include <ATen/ops/repeat_interleave.h>
#include <ATen/ops/softmax.h>
#include <ATen/ops/where.h>

#include "graft/error.hpp"
#include "graft/nn/dropout.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kName = "graft/tag";

// The target's field. throws, naming the step that makes tags of it.
const Field& tags_field(const Schema& data, const std::string& target) {
  const Field& field = require(data, target, kName);
  if (field.kind == FieldKind::kTags) return field;
  const std::string is = "target must be tags, " + target + " is " + std::string(kind_name(field.kind));
  if (field.kind == FieldKind::kText)
    throw Error(kName, is + ": add a step {\"use\": \"word_tags\", \"column\": \"" + target + "\", \"words\": ...}");
  if (field.kind == FieldKind::kClass) throw Error(kName, is + ": use the head classify, for one class a row");
  throw Error(kName, is);
}

// Width of the vectors of tokens.
std::int64_t width_of(const Schema& features, const std::string& input) {
  const Field& field = require(features, input, kName);
  if (field.kind == FieldKind::kVector && field.shape.size() == 2) return field.shape[1];
  throw Error(kName, "input must have a vector for each token, " + input + " has one a row; bert gives them as tokens");
}

void check_words(const Schema& data, const std::string& words) {
  const Field& field = require(data, words, kName);
  if (field.kind == FieldKind::kInteger && field.shape.size() == 1) return;
  throw Error(kName, "words must be places of words among tokens, " + words + " is " + std::string(kind_name(field.kind)) +
                         ": set words of the step wordpiece, and name the column that it makes");
}

// [W] int64: where in the packed batch each word's first token is; `none` for a word without one.
Tensor first_tokens(const Ragged& words, const Tensor& token_offsets, std::int64_t none) {
  const Tensor offsets = words.offsets.to(at::kLong);
  const Tensor count = offsets.slice(0, 1).sub(offsets.slice(0, 0, -1));
  const Tensor row_begin = at::repeat_interleave(token_offsets.to(at::kLong).slice(0, 0, -1), count, 0, words.values.size(0));
  return at::where(words.values.ge(0), row_begin.add(words.values), at::full({}, none, words.values.options()));
}

}  // namespace

Tag::Tag(const Config& config)
    : target_(config.column("target")),
      words_(config.column("words")),
      input_(config.text("input")),
      dropout_(config.number("dropout")) {}

void Tag::build(const Schema& features, const Schema& data, Rng rng) {
  field_ = tags_field(data, target_);
  if (field_.classes.size() < 2) {
    throw Error(kName, "target " + target_ + " must have two tags or more, has " +
                           (field_.classes.empty() ? "none" : "only \"" + field_.classes[0] + "\""));
  }
  check_words(data, words_);
  classifier_ =
      register_module("classifier", std::make_shared<nn::Linear>(width_of(features, input_), classes(), rng, true, 0.02));
}

Schema Tag::outputs() const {
  return {Field{"label", FieldKind::kTags, {-1}, field_.classes},
          Field{"probability", FieldKind::kVector, {-1, classes()}, field_.classes}};
}

Scores Tag::forward(const Batch& features, const Call& call) {
  const Ragged& tokens = features.ragged(input_);
  return {classifier_->forward(nn::dropout(tokens.values, dropout_, call), call), tokens.offsets};
}

Tensor Tag::tags_of_tokens(const Scores& scores, const Batch& batch) const {
  const Ragged &tags = batch.ragged(target_), &words = batch.ragged(words_);
  if (tags.values.size(0) != words.values.size(0))
    throw Error(kName, target_ + " and " + words_ + " must be of the same words, a batch has " +
                           std::to_string(tags.values.size(0)) + " tags and " + std::to_string(words.values.size(0)) + " words");
  const std::int64_t tokens = scores.values.size(0);  // words without a token meet in one place behind the last
  const Tensor place = first_tokens(words, *scores.offsets, tokens);
  return at::full({tokens + 1}, kMissingClass, tags.values.options()).scatter(0, place, tags.values).slice(0, 0, tokens);
}

RowLoss Tag::loss(const Scores& scores, const Batch& batch) const {
  const Tensor tags = tags_of_tokens(scores, batch);
  const Tensor weight = tags.ne(kMissingClass).to(at::kFloat);
  const Tensor log_p = at::log_softmax(scores.values.to(at::kFloat), 1);
  return {log_p.gather(1, tags.clamp_min(0).unsqueeze(1)).squeeze(1).neg().mul(weight), weight};
}

Batch Tag::predict(const Scores& scores, const Batch& batch) const {
  const Ragged& words = batch.ragged(words_);
  const Tensor of_words = scores.values.to(at::kFloat).index_select(0, first_tokens(words, *scores.offsets, 0));
  const Tensor label = at::where(words.values.ge(0), of_words.argmax(1), at::full({}, kMissingClass, words.values.options()));
  Batch result(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  result.set("label", Ragged{label, words.offsets, words.longest});
  result.set("probability", Ragged{at::softmax(of_words, 1), words.offsets, words.longest});
  return result;
}

}  // namespace graft::plugins
