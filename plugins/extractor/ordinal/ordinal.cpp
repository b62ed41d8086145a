#include "ordinal.hpp"

#include <ATen/ops/empty.h>

#include <algorithm>
#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/ordinal";

double number_or_nan(const Config& config, const char* key) { return config.has(key) ? config.number(key) : NAN; }

}  // namespace

Ordinal::Ordinal(const Config& config)
    : categories_(config.columns("columns"), kWhere),
      output_(config.name()),
      missing_(number_or_nan(config, "missing")),
      unknown_(number_or_nan(config, "unknown")) {
  if (!config.has("categories")) return;
  const Config given = config.child("categories");
  const Names& columns = categories_.columns();
  for (const std::string& column : given.keys()) {
    if (std::find(columns.begin(), columns.end(), column) == columns.end())
      throw Error(kWhere, "categories must name columns of this step, names " + column);
    given_[column] = given.texts(column);
  }
}

Schema Ordinal::outputs(const Schema& inputs) const {
  categories_.check(inputs);
  return with(inputs, {output_, FieldKind::kVector, {static_cast<std::int64_t>(categories_.columns().size())}, {}});
}

const Ordinal::Names* Ordinal::given(std::size_t column) const {
  const auto found = given_.find(categories_.columns()[column]);
  return found == given_.end() ? nullptr : &found->second;
}

void Ordinal::fit(const Source& training) {
  categories_.fit(training);
  for (std::size_t c = 0; c < categories_.columns().size(); ++c) {
    const Names* names = given(c);
    if (!names) continue;
    for (const std::string& text : categories_.all()[c])
      if (std::find(names->begin(), names->end(), text) == names->end())
        throw Error(kWhere, "categories of " + categories_.columns()[c] + " must hold all values of the training rows, not '" +
                                text.substr(0, 60) + "'");
  }
  index();
}

void Ordinal::index() {
  places_.clear();
  for (std::size_t c = 0; c < categories_.columns().size(); ++c) {
    const Names& names = given(c) ? *given(c) : categories_.all()[c];
    places_.emplace_back();
    for (std::size_t i = 0; i < names.size(); ++i) places_.back().emplace(names[i], static_cast<std::int64_t>(i));
  }
}

double Ordinal::place_of(std::size_t column, const std::string& text) const {
  if (text.empty()) return missing_;
  const auto found = places_[column].find(text);
  if (found != places_[column].end()) return static_cast<double>(found->second);
  if (!std::isnan(unknown_)) return unknown_;
  categories_.warn_of_unknown(column, text);
  return missing_;
}

void Ordinal::transform(Batch& batch) const {
  if (places_.empty()) throw Error(kWhere, "transform needs the categories: call fit or restore first");
  const auto width = static_cast<std::int64_t>(places_.size());
  Tensor made = at::empty({batch.size(), width}, at::kDouble);
  auto* to = made.mutable_data_ptr<double>();
  for (std::size_t c = 0; c < places_.size(); ++c) {
    const Names texts = categories_.texts_of(batch, c);
    for (std::size_t row = 0; row < texts.size(); ++row)
      to[static_cast<std::int64_t>(row) * width + static_cast<std::int64_t>(c)] = place_of(c, texts[row]);
  }
  batch.set(output_, made);
}

State Ordinal::state() const { return categories_.state(); }

void Ordinal::restore(const State& state) {
  categories_.restore(state);
  index();
}

}  // namespace graft::plugins
