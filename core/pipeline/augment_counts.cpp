#include "core/pipeline/augment_counts.hpp"

#include <ATen/Functions.h>

#include <algorithm>

#include "core/pipeline/augment.hpp"

namespace graft::core {
namespace {

Tensor all_rows(std::int64_t rows) { return at::ones({rows}, at::kBool); }

Tensor changed_tensor(const Tensor& before, const Tensor& after) {
  const Tensor kept = in_form_of(after, before);
  if (!kept.defined()) return all_rows(after.size(0));
  Tensor differs = after.ne(kept);
  if (after.is_floating_point()) differs = differs.logical_and(after.eq(after).logical_or(kept.eq(kept)));  // NaN is NaN
  return differs.dim() > 1 ? differs.flatten(1).any(1) : differs;
}

Strings sorted(Strings names) {
  std::sort(names.begin(), names.end());
  return names;
}

Tensor on_cpu(const Tensor& tensor) { return tensor.to(at::kCPU).contiguous(); }

// Rows laid end to end: [N, ...] values of which row i has offsets[i] .. offsets[i + 1].
Tensor changed_runs(const Tensor& before_offsets, const Tensor& before, const Tensor& after_offsets, const Tensor& after) {
  const Tensor from = on_cpu(before), to = on_cpu(after), from_at = on_cpu(before_offsets), to_at = on_cpu(after_offsets);
  const std::int64_t rows = to_at.size(0) - 1;
  if (from.scalar_type() != to.scalar_type() || from.sizes().slice(1) != to.sizes().slice(1)) return all_rows(rows);
  const auto bytes = static_cast<std::int64_t>(to.element_size()) * (to.size(0) > 0 ? to.numel() / to.size(0) : 1);
  const char *a = static_cast<const char*>(from.const_data_ptr()), *b = static_cast<const char*>(to.const_data_ptr());
  const std::int32_t *a_at = from_at.const_data_ptr<std::int32_t>(), *b_at = to_at.const_data_ptr<std::int32_t>();
  Tensor changed = at::empty({rows}, at::kBool);
  bool* is_changed = changed.mutable_data_ptr<bool>();
  for (std::int64_t row = 0; row < rows; ++row)
    is_changed[row] =
        !std::equal(a + a_at[row] * bytes, a + a_at[row + 1] * bytes, b + b_at[row] * bytes, b + b_at[row + 1] * bytes);
  return changed;
}

Tensor changed_strings(const Strings& before, const Strings& after) {
  Tensor changed = at::empty({static_cast<std::int64_t>(after.size())}, at::kBool);
  std::transform(after.begin(), after.end(), before.begin(), changed.mutable_data_ptr<bool>(), std::not_equal_to<std::string>());
  return changed;
}

struct ChangedRows {  // of two columns of one form
  Tensor operator()(const Tensor& before, const Tensor& after) const {
    return before.is_same(after) ? Tensor() : changed_tensor(before, after);
  }
  Tensor operator()(const Ragged& before, const Ragged& after) const {
    return changed_runs(before.offsets, before.values, after.offsets, after.values);
  }
  Tensor operator()(const SparseRows& before, const SparseRows& after) const {
    if (before.width != after.width) return all_rows(rows_of(after));
    return changed_runs(before.offsets, before.ids, after.offsets, after.ids)
        .logical_or(changed_runs(before.offsets, before.values, after.offsets, after.values));
  }
  Tensor operator()(const Strings& before, const Strings& after) const { return changed_strings(before, after); }
  template <class Before, class After>
  Tensor operator()(const Before&, const After& after) const {
    return all_rows(rows_of(after));
  }
};

}  // namespace

Tensor changed_rows(const Batch& before, const Batch& after) {
  if (sorted(before.names()) != sorted(after.names())) return all_rows(after.size());
  Tensor changed = at::zeros({after.size()}, at::kBool);
  for (const std::string& name : after.names()) {
    const Column &from = before.column(name), &to = after.column(name);
    if (&from == &to) continue;
    const Tensor own = std::visit(ChangedRows{}, from, to);
    if (own.defined()) changed = changed.to(own.device()).logical_or(own);
  }
  return changed;
}

void AugmentCounts::add(const Key& key, const Tensor& labels, std::int64_t classes, const Tensor& changed) {
  const Tensor classes_of_rows = labels.clamp_min(-1).add(1).unsqueeze(1).eq(at::arange(classes + 1, labels.options()));
  const Tensor changed_classes = classes_of_rows.logical_and(changed.to(labels.device()).unsqueeze(1));
  add(key, at::stack({classes_of_rows, changed_classes}).sum(1));
}

void AugmentCounts::add(const Key& key, const Tensor& counts) {
  Tensor& sum = counts_[key];
  sum = sum.defined() ? sum.add(counts.to(sum.device())) : counts;
}

void AugmentCounts::add(const AugmentCounts& other) {
  for (const auto& [key, counts] : other.counts_) add(key, counts);
}

Value AugmentCounts::save() const {
  Value::List saved;
  for (const auto& [key, counts] : counts_) {
    const Tensor numbers = on_cpu(counts);
    const auto* first = numbers.const_data_ptr<std::int64_t>();
    Value::List list(first, first + numbers.numel());
    Value entry = Value::Object{};
    entry.set("stream", static_cast<std::int64_t>(key.stream));
    entry.set("step", static_cast<std::int64_t>(key.step));
    entry.set("label", key.label);
    entry.set("counts", Value(std::move(list)));
    saved.push_back(std::move(entry));
  }
  return Value(std::move(saved));
}

void AugmentCounts::restore(const Value& saved) {
  counts_.clear();
  for (const Value& entry : saved.list()) {
    std::vector<std::int64_t> numbers;
    for (const Value& number : entry.at("counts").list()) numbers.push_back(number.integer());
    const Key key{static_cast<std::size_t>(entry.at("stream").integer()), static_cast<std::size_t>(entry.at("step").integer()),
                  entry.at("label").text()};
    counts_[key] = at::tensor(numbers, at::kLong).view({2, -1});
  }
}

}  // namespace graft::core
