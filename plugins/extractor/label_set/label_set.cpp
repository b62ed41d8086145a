#include "label_set.hpp"

#include <ATen/ops/empty.h>
#include <ATen/ops/full.h>
#include <ATen/ops/stack.h>

#include <algorithm>
#include <limits>
#include <set>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/label_set";

std::string_view without_spaces(std::string_view name) {
  const std::size_t begin = name.find_first_not_of(' ');
  return begin == name.npos ? std::string_view() : name.substr(begin, name.find_last_not_of(' ') + 1 - begin);
}

// throws unless every entry is in [0, 1] or NaN.
void check_shares(const Tensor& shares, const Batch& batch, const std::string& column) {
  const Tensor is_bad = shares.lt(0).logical_or(shares.gt(1));
  if (!is_bad.any().item<bool>()) return;
  const auto row = is_bad.nonzero()[0][0].item<std::int64_t>();
  throw Error(kWhere, "column " + column + " must be in [0, 1], row " + std::to_string(batch.row_ids()[row]) + " has " +
                          to_json(Value(shares[row].item<double>())));
}

}  // namespace

LabelSet::LabelSet(const Config& config)
    : columns_(config.columns("columns")),
      output_(config.name()),
      delimiter_(config.text("delimiter")),
      fixed_(!config.texts("classes").empty()) {
  if (delimiter_.empty()) throw Error(kWhere, "delimiter must not be empty");
  set_classes(config.texts("classes"));
}

void LabelSet::set_classes(std::vector<std::string> classes) {
  classes_ = std::move(classes);
  ids_.clear();
  for (std::size_t i = 0; i < classes_.size(); ++i)
    if (!ids_.emplace(classes_[i], i).second) throw Error(kWhere, "classes must differ, " + classes_[i] + " occurs twice");
}

bool LabelSet::is_text(const Schema& inputs) const {
  if (columns_.size() == 1 && require(inputs, columns_[0], kWhere).kind == FieldKind::kText) return true;
  for (const std::string& column : columns_) {
    if (require(inputs, column, kWhere).kind == FieldKind::kText)
      throw Error(kWhere, "a text must be the only column, " + column + " is one of " + std::to_string(columns_.size()));
    require(inputs, column, {FieldKind::kText, FieldKind::kNumber, FieldKind::kInteger}, kWhere);
  }
  if (fixed_ && classes_.size() != columns_.size())
    throw Error(kWhere,
                "classes must be one a column, " + std::to_string(columns_.size()) + ", got " + std::to_string(classes_.size()));
  return false;
}

Schema LabelSet::outputs(const Schema& inputs) const {
  const std::vector<std::string>& classes = is_text(inputs) || fixed_ ? classes_ : columns_;
  const auto width = classes.empty() ? -1 : static_cast<std::int64_t>(classes.size());
  return with(inputs, {output_, FieldKind::kLabelSet, {width}, classes});
}

void LabelSet::fit(const Source& training) {
  const bool is_of_text = is_text(training.schema());
  if (fixed_) return;
  if (!is_of_text) return set_classes(columns_);
  std::set<std::string, std::less<>> names;
  for (Batches each(training); each.next();)
    for (const std::string& text : each.batch().strings(columns_[0]))
      for (std::string_view name : names_in(text)) names.emplace(name);
  if (names.empty()) throw Error(kWhere, "column " + columns_[0] + " must name a class in the training rows, names none");
  set_classes({names.begin(), names.end()});
}

std::vector<std::string_view> LabelSet::names_in(std::string_view text) const {
  std::vector<std::string_view> names;
  for (std::size_t begin = 0, end; begin <= text.size(); begin = end + delimiter_.size()) {
    end = std::min(text.find(delimiter_, begin), text.size());
    const std::string_view name = without_spaces(text.substr(begin, end - begin));
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

void LabelSet::transform(Batch& batch) const {
  if (classes_.empty()) throw Error(kWhere, "transform needs the classes: call fit or restore first");
  const auto* texts = std::get_if<Strings>(&batch.column(columns_[0]));
  batch.set(output_, texts ? of_texts(*texts) : of_columns(batch));
}

void LabelSet::write_names(const std::string& text, float* row) const {
  std::fill_n(row, classes_.size(), text.empty() ? std::numeric_limits<float>::quiet_NaN() : 0.0F);
  for (std::string_view name : names_in(text)) {
    const auto found = ids_.find(name);
    if (found != ids_.end())
      row[found->second] = 1;
    else
      warn(kWhere, "column " + columns_[0] + ": '" + std::string(name) + "' is none of the classes and is left out");
  }
}

Tensor LabelSet::of_texts(const Strings& texts) const {
  Tensor sets = at::empty({static_cast<std::int64_t>(texts.size()), static_cast<std::int64_t>(classes_.size())}, at::kFloat);
  float* row = sets.mutable_data_ptr<float>();
  for (const std::string& text : texts) {
    write_names(text, row);
    row += classes_.size();
  }
  return sets;
}

Tensor LabelSet::of_columns(const Batch& batch) const {
  std::vector<Tensor> columns;
  for (const std::string& column : columns_) {
    columns.push_back(batch.tensor(column).to(at::kFloat));
    check_shares(columns.back(), batch, column);
  }
  return at::stack(columns, 1);
}

State LabelSet::state() const {
  Value::List list(classes_.begin(), classes_.end());
  return {{}, {{"classes", to_json(Value(std::move(list)))}}};
}

void LabelSet::restore(const State& state) {
  const auto found = state.texts.find("classes");
  if (found == state.texts.end()) throw Error(kWhere, "the state must have the text classes, has none");
  std::vector<std::string> classes;
  const Value list = parse_json(found->second, "classes");  // lives as long as the loop
  for (const Value& item : list.list()) classes.push_back(item.text());
  set_classes(std::move(classes));
}

}  // namespace graft::plugins
