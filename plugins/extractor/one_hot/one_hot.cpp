#include "one_hot.hpp"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <set>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/one_hot";
const std::vector<FieldKind> kKindsOfCategories = {FieldKind::kText, FieldKind::kInteger, FieldKind::kClass};

std::string lists_to_json(const std::vector<std::vector<std::string>>& lists) {
  Value::List all;
  for (const auto& list : lists) all.emplace_back(Value::List(list.begin(), list.end()));
  return to_json(Value(std::move(all)));
}

std::vector<std::vector<std::string>> lists_in(const State& state, const std::string& key) {
  const auto found = state.texts.find(key);
  if (found == state.texts.end()) throw Error(kWhere, "the state must have the text " + key + ", has none");
  const Value lists = parse_json(found->second, key);
  std::vector<std::vector<std::string>> all;
  for (const Value& list : lists.list()) {
    all.emplace_back();
    for (const Value& item : list.list()) all.back().push_back(item.text());
  }
  return all;
}

}  // namespace

OneHot::OneHot(const Config& config)
    : columns_(config.columns("columns")), output_(config.name()), drop_(config.has("drop") ? config.text("drop") : "") {
  if (columns_.empty()) throw Error(kWhere, "columns must name at least one column, names none");
}

Schema OneHot::outputs(const Schema& inputs) const {
  for (const std::string& column : columns_) require(inputs, column, kKindsOfCategories, kWhere);
  return with(inputs, {output_, FieldKind::kVector, {features_.empty() ? -1 : width()}, {}});
}

void OneHot::fit(const Source& training) {
  categories_.clear();
  input_classes_.clear();
  const Schema schema = training.schema();
  for (const std::string& column : columns_)
    input_classes_.push_back(require(schema, column, kKindsOfCategories, kWhere).classes);
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::set<std::string> values;
    for (Batches each(training); each.next();)
      for (std::string& text : texts(each.batch(), c))
        if (!text.empty()) values.insert(std::move(text));
    if (values.empty()) throw Error(kWhere, "column " + columns_[c] + " must have a value in the training rows, has none");
    Names sorted(values.begin(), values.end());
    if (require(schema, columns_[c], kWhere).kind == FieldKind::kInteger)
      std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return std::stoll(a) < std::stoll(b); });
    if (!input_classes_[c].empty()) {
      sorted = input_classes_[c];
      std::erase_if(sorted, [&](const std::string& name) { return !values.contains(name); });
    }
    categories_.push_back(std::move(sorted));
  }
  index();
}

void OneHot::index() {
  features_.assign(columns_.size(), {});
  std::int64_t next = 0;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const bool drops = drop_ == "first" || (drop_ == "if_binary" && categories_[c].size() == 2);
    for (std::size_t i = 0; i < categories_[c].size(); ++i) features_[c][categories_[c][i]] = drops && i == 0 ? -1 : next++;
  }
}

std::int64_t OneHot::width() const {
  std::int64_t last = -1;
  for (const auto& column : features_)
    for (const auto& [name, feature] : column) last = std::max(last, feature);
  return last + 1;
}

void OneHot::transform(Batch& batch) const {
  if (features_.empty()) throw Error(kWhere, "transform needs the categories: call fit or restore first");
  Tensor hot = at::zeros({batch.size(), width()}, at::kFloat);
  auto* to = hot.mutable_data_ptr<float>();
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Names values = texts(batch, c);
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (values[row].empty()) continue;
      const auto found = features_[c].find(values[row]);
      if (found == features_[c].end())
        warn(kWhere,
             "column " + columns_[c] + ": '" + values[row].substr(0, 60) + "' is in no training row and counts as missing");
      else if (found->second >= 0)
        to[static_cast<std::int64_t>(row) * hot.size(1) + found->second] = 1;
    }
  }
  batch.set(output_, hot);
}

OneHot::Names OneHot::texts(const Batch& batch, std::size_t column) const {
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

State OneHot::state() const {
  if (features_.empty()) return {};
  return {{}, {{"categories", lists_to_json(categories_)}, {"input_classes", lists_to_json(input_classes_)}}};
}

void OneHot::restore(const State& state) {
  categories_ = lists_in(state, "categories");
  input_classes_ = lists_in(state, "input_classes");
  if (categories_.size() != columns_.size() || input_classes_.size() != columns_.size())
    throw Error(kWhere, "the state must have one list a column, " + std::to_string(columns_.size()) + ", has " +
                            std::to_string(categories_.size()));
  index();
}

}  // namespace graft::plugins
