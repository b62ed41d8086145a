#include "category.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <set>

#include "graft/error.hpp"
#include "graft/utf8.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/category";

std::string as_json(const std::vector<std::string>& texts) {
  Value::List list(texts.begin(), texts.end());
  return to_json(Value(std::move(list)));
}

std::vector<std::string> from_json(const State& state, const std::string& key) {
  const auto found = state.texts.find(key);
  if (found == state.texts.end()) throw Error(kWhere, "the state must have the text " + key + ", has none");
  std::vector<std::string> texts;
  const Value list = parse_json(found->second, key);  // lives as long as the loop
  for (const Value& item : list.list()) texts.push_back(item.text());
  return texts;
}

// Sorts integers by value and everything else by bytes.
struct Before {
  bool by_value;
  bool operator()(const std::string& a, const std::string& b) const { return by_value ? std::stoll(a) < std::stoll(b) : a < b; }
};

}  // namespace

Category::Category(const Config& config)
    : column_(config.column("column")), output_(config.name()), fixed_(!config.texts("classes").empty()) {
  set_classes(config.texts("classes"));
}

void Category::set_classes(std::vector<std::string> classes) {
  classes_ = std::move(classes);
  ids_.clear();
  for (std::size_t i = 0; i < classes_.size(); ++i)
    if (!ids_.emplace(classes_[i], static_cast<std::int64_t>(i)).second)
      throw Error(kWhere, "classes must differ, " + classes_[i] + " occurs twice");
}

Schema Category::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kText, FieldKind::kInteger, FieldKind::kClass}, kWhere);
  return with(inputs, {output_, FieldKind::kClass, {}, classes_});
}

void Category::fit(const Source& training) {
  const Field field = require(training.schema(), column_, {FieldKind::kText, FieldKind::kInteger, FieldKind::kClass}, kWhere);
  input_classes_ = field.classes;
  if (fixed_) return;
  std::set<std::string, Before> values(Before{field.kind == FieldKind::kInteger});
  for (Batches each(training); each.next();)
    for (std::string& text : texts(each.batch()))
      if (!text.empty()) values.insert(std::move(text));
  if (values.empty()) throw Error(kWhere, "column " + column_ + " must have a value in the training rows, has none");
  set_classes({values.begin(), values.end()});
}

void Category::transform(Batch& batch) const {
  if (classes_.empty()) throw Error(kWhere, "transform needs the classes: call fit or restore first");
  const std::vector<std::string> values = texts(batch);
  Tensor classes = at::empty({batch.size()}, at::kLong);
  std::transform(values.begin(), values.end(), classes.mutable_data_ptr<std::int64_t>(),
                 [this](const std::string& value) { return value.empty() ? kMissingClass : id_of(value); });
  batch.set(output_, classes);
}

std::int64_t Category::id_of(const std::string& value) const {
  const auto found = ids_.find(value);
  if (found != ids_.end()) return found->second;
  constexpr std::size_t kShown = 60;  // bytes: a text taken for a class may be long
  const std::string shown = value.size() > kShown ? replace_ill_formed(std::string_view(value).substr(0, kShown)) + "..." : value;
  warn(kWhere, "column " + column_ + ": '" + shown + "' is none of the classes and counts as missing");
  return kMissingClass;
}

std::vector<std::string> Category::texts(const Batch& batch) const {
  const Column& column = batch.column(column_);
  if (const Strings* strings = std::get_if<Strings>(&column)) return *strings;
  const Tensor values = batch.tensor(column_).contiguous();
  const std::int64_t* from = values.const_data_ptr<std::int64_t>();
  std::vector<std::string> texts(static_cast<std::size_t>(batch.size()));
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (input_classes_.empty())
      texts[row] = std::to_string(from[row]);
    else if (from[row] >= 0)
      texts[row] = input_classes_.at(static_cast<std::size_t>(from[row]));
  }
  return texts;
}

State Category::state() const { return {{}, {{"classes", as_json(classes_)}, {"input_classes", as_json(input_classes_)}}}; }

void Category::restore(const State& state) {
  set_classes(from_json(state, "classes"));
  input_classes_ = from_json(state, "input_classes");
}

}  // namespace graft::plugins
