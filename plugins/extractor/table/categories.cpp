#include "categories.hpp"

#include <algorithm>
#include <set>

#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft::plugins {
namespace {

const std::vector<FieldKind> kKindsOfCategories = {FieldKind::kText, FieldKind::kInteger, FieldKind::kClass};

std::string lists_to_json(const std::vector<std::vector<std::string>>& lists) {
  Value::List all;
  for (const auto& list : lists) all.emplace_back(Value::List(list.begin(), list.end()));
  return to_json(Value(std::move(all)));
}

std::vector<std::vector<std::string>> lists_in(const State& state, const std::string& key, const std::string& where) {
  const auto found = state.texts.find(key);
  if (found == state.texts.end()) throw Error(where, "the state must have the text " + key + ", has none");
  const Value lists = parse_json(found->second, key);
  std::vector<std::vector<std::string>> all;
  for (const Value& list : lists.list()) {
    all.emplace_back();
    for (const Value& item : list.list()) all.back().push_back(item.text());
  }
  return all;
}

}  // namespace

Categories::Categories(std::vector<std::string> columns, std::string where)
    : columns_(std::move(columns)), where_(std::move(where)) {
  if (columns_.empty()) throw Error(where_, "columns must name at least one column, names none");
}

void Categories::check(const Schema& inputs) const {
  for (const std::string& column : columns_) require(inputs, column, kKindsOfCategories, where_);
}

void Categories::fit(const Source& training) {
  categories_.clear();
  input_classes_.clear();
  const Schema schema = training.schema();
  check(schema);
  for (const std::string& column : columns_) input_classes_.push_back(require(schema, column, where_).classes);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::set<std::string> values;
    for (Batches each(training); each.next();)
      for (std::string& text : texts_of(each.batch(), c))
        if (!text.empty()) values.insert(std::move(text));
    if (values.empty()) throw Error(where_, "column " + columns_[c] + " must have a value in the training rows, has none");
    Names sorted(values.begin(), values.end());
    if (require(schema, columns_[c], where_).kind == FieldKind::kInteger)
      std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return std::stoll(a) < std::stoll(b); });
    if (!input_classes_[c].empty()) {
      sorted = input_classes_[c];
      std::erase_if(sorted, [&](const std::string& name) { return !values.contains(name); });
    }
    categories_.push_back(std::move(sorted));
  }
}

Categories::Names Categories::texts_of(const Batch& batch, std::size_t column) const {
  if (const auto* strings = std::get_if<Strings>(&batch.column(columns_[column]))) return *strings;
  const Tensor values = batch.tensor(columns_[column]).contiguous();
  const auto* from = values.const_data_ptr<std::int64_t>();
  const Names& classes = input_classes_[column];
  Names texts(static_cast<std::size_t>(batch.size()));
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (classes.empty())
      texts[row] = std::to_string(from[row]);
    else if (from[row] >= 0)
      texts[row] = classes.at(static_cast<std::size_t>(from[row]));
  }
  return texts;
}

void Categories::warn_of_unknown(std::size_t column, const std::string& text) const {
  warn(where_, "column " + columns_[column] + ": '" + text.substr(0, 60) + "' is in no training row and counts as missing");
}

State Categories::state() const {
  if (!is_fitted()) return {};
  return {{}, {{"categories", lists_to_json(categories_)}, {"input_classes", lists_to_json(input_classes_)}}};
}

void Categories::restore(const State& state) {
  categories_ = lists_in(state, "categories", where_);
  input_classes_ = lists_in(state, "input_classes", where_);
  if (categories_.size() != columns_.size() || input_classes_.size() != columns_.size())
    throw Error(where_, "the state must have one list a column, " + std::to_string(columns_.size()) + ", has " +
                            std::to_string(categories_.size()));
}

}  // namespace graft::plugins
