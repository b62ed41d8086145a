#include "word_tags.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <set>

#include "../spaced_words.hpp"
#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/word_tags";

Tensor tensor_of(const std::vector<std::int64_t>& ids) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(ids.size())}, at::kLong);
  std::copy(ids.begin(), ids.end(), tensor.mutable_data_ptr<std::int64_t>());
  return tensor;
}

}  // namespace

WordTags::WordTags(const Config& config)
    : column_(config.column("column")),
      words_(config.column("words")),
      output_(config.name()),
      fixed_(!config.texts("classes").empty()) {
  if (config.has("missing")) missing_ = config.text("missing");
  set_classes(config.texts("classes"));
}

void WordTags::set_classes(std::vector<std::string> classes) {
  classes_ = std::move(classes);
  ids_.clear();
  for (const std::string& tag : classes_)
    if (!ids_.emplace(tag, static_cast<std::int64_t>(ids_.size())).second)
      throw Error(kWhere, "classes must differ, " + tag + " occurs twice");
}

Schema WordTags::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText}, kWhere);
  require(inputs, words_, {FieldKind::kText}, kWhere);
  return with(inputs, {output_, FieldKind::kTags, {-1}, classes_});
}

void WordTags::fit(const Source& training) {
  if (fixed_) return;
  std::set<std::string, std::less<>> tags;
  for (Batches each(training); each.next();)
    for (const std::string& text : each.batch().strings(column_))
      for (std::string_view tag : spaced_words(text)) tags.emplace(tag);
  if (missing_) tags.erase(*missing_);
  if (tags.empty()) throw Error(kWhere, "column " + column_ + " must have a tag in the training rows, has none");
  set_classes({tags.begin(), tags.end()});
}

void WordTags::transform(Batch& batch) const {
  if (classes_.empty()) throw Error(kWhere, "transform needs the classes: call fit or restore first");
  const Strings &texts = batch.strings(column_), &sentences = batch.strings(words_);
  std::vector<std::int64_t> ids, lengths;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::vector<std::string_view> tags = spaced_words(texts[row]);
    const std::size_t words = spaced_words(sentences[row]).size();
    lengths.push_back(static_cast<std::int64_t>(words));
    if (!tags.empty() && tags.size() != words)
      throw Error(kWhere, "column " + column_ + " must have a tag for each word of " + words_ + ", row " +
                              std::to_string(batch.row_ids()[row]) + " has " + std::to_string(tags.size()) + " tags and " +
                              std::to_string(words) + " words");
    for (std::string_view tag : tags) ids.push_back(id_of(tag));
    if (tags.empty()) ids.insert(ids.end(), words, kMissingClass);
  }
  batch.set(output_, ragged_of(tensor_of(ids), lengths));
}

std::int64_t WordTags::id_of(std::string_view tag) const {
  const auto found = ids_.find(tag);
  if (found != ids_.end()) return found->second;
  if (tag != missing_)
    warn(kWhere, "column " + column_ + ": '" + std::string(tag) + "' is none of the tags and counts as missing");
  return kMissingClass;
}

State WordTags::state() const {
  Value::List list(classes_.begin(), classes_.end());
  return {{}, {{"classes", to_json(Value(std::move(list)))}}};
}

void WordTags::restore(const State& state) {
  const auto found = state.texts.find("classes");
  if (found == state.texts.end()) throw Error(kWhere, "the state must have the text classes, has none");
  std::vector<std::string> classes;
  const Value list = parse_json(found->second, "classes");  // lives as long as the loop
  for (const Value& item : list.list()) classes.push_back(item.text());
  set_classes(std::move(classes));
}

}  // namespace graft::plugins
