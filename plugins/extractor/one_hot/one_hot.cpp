#include "one_hot.hpp"

#include <ATen/ops/zeros.h>

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/one_hot";
}

OneHot::OneHot(const Config& config)
    : categories_(config.columns("columns"), kWhere),
      output_(config.name()),
      drop_(config.has("drop") ? config.text("drop") : "") {}

Schema OneHot::outputs(const Schema& inputs) const {
  categories_.check(inputs);
  return with(inputs, {output_, FieldKind::kVector, {features_.empty() ? -1 : width()}, {}});
}

void OneHot::fit(const Source& training) {
  categories_.fit(training);
  index();
}

void OneHot::index() {
  features_.clear();
  std::int64_t next = 0;
  for (const std::vector<std::string>& names : categories_.all()) {
    features_.emplace_back();
    const bool drops = drop_ == "first" || (drop_ == "if_binary" && names.size() == 2);
    for (std::size_t i = 0; i < names.size(); ++i) features_.back()[names[i]] = drops && i == 0 ? -1 : next++;
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
  for (std::size_t c = 0; c < features_.size(); ++c) {
    const std::vector<std::string> values = categories_.texts_of(batch, c);
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (values[row].empty()) continue;
      const auto found = features_[c].find(values[row]);
      if (found == features_[c].end())
        categories_.warn_of_unknown(c, values[row]);
      else if (found->second >= 0)
        to[static_cast<std::int64_t>(row) * hot.size(1) + found->second] = 1;
    }
  }
  batch.set(output_, hot);
}

State OneHot::state() const { return categories_.state(); }

void OneHot::restore(const State& state) {
  categories_.restore(state);
  index();
}

}  // namespace graft::plugins
