#include "graft/batch.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft {
namespace {

constexpr std::string_view kForms[] = {"a tensor", "ragged rows", "sparse rows", "strings"};

std::string joined(const Strings& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

std::string quantity(std::int64_t count, const char* noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::int64_t rows_of_offsets(const Tensor& offsets) {
  if (!offsets.defined() || offsets.dim() != 1 || offsets.size(0) < 1)
    throw Error("batch", "offsets must be [B + 1]: one dimension, at least one entry");
  return offsets.size(0) - 1;
}

Tensor int64s(std::span<const std::int64_t> values) {
  Tensor tensor = at::empty({static_cast<std::int64_t>(values.size())}, at::kLong);
  std::copy(values.begin(), values.end(), tensor.mutable_data_ptr<std::int64_t>());
  return tensor;
}

Tensor at_rows(const Tensor& column, const Tensor& index) { return column.index_select(0, index.to(column.device())); }

// Where the entries of some rows lie, row after row.
struct Slices {
  Tensor entries;                     // [N'] int64, CPU
  std::vector<std::int64_t> lengths;  // one a position
};

Slices slices_of(const Tensor& offsets, std::span<const std::int64_t> positions) {
  const Tensor cpu = offsets.to(at::kCPU, at::kInt).contiguous();
  const std::int32_t* offset = cpu.const_data_ptr<std::int32_t>();
  Slices slices;
  std::int64_t total = 0;
  for (std::int64_t row : positions) total += slices.lengths.emplace_back(offset[row + 1] - offset[row]);
  slices.entries = at::empty({total}, at::kLong);
  std::int64_t* out = slices.entries.mutable_data_ptr<std::int64_t>();
  for (std::int64_t row : positions)
    for (std::int64_t entry = offset[row]; entry < offset[row + 1]; ++entry) *out++ = entry;
  return slices;
}

Column selected(const Tensor& column, std::span<const std::int64_t> positions) { return at_rows(column, int64s(positions)); }

Column selected(const Ragged& column, std::span<const std::int64_t> positions) {
  const Slices slices = slices_of(column.offsets, positions);
  Ragged rows = ragged_of(at_rows(column.values, slices.entries), slices.lengths);
  rows.offsets = rows.offsets.to(column.offsets.device());
  return rows;
}

Column selected(const SparseRows& column, std::span<const std::int64_t> positions) {
  const Slices slices = slices_of(column.offsets, positions);
  Ragged values = ragged_of(at_rows(column.values, slices.entries), slices.lengths);
  return SparseRows{at_rows(column.ids, slices.entries), std::move(values.values), values.offsets.to(column.offsets.device()),
                    column.width};
}

Column selected(const Strings& column, std::span<const std::int64_t> positions) {
  Strings strings;
  strings.reserve(positions.size());
  for (std::int64_t row : positions) strings.push_back(column[row]);
  return strings;
}

Tensor moved(const Tensor& tensor, at::Device device) {
  return tensor.to(tensor.options().device(device), /*non_blocking=*/device.is_cuda());
}

Column moved(const Column& column, at::Device device) {
  if (auto* tensor = std::get_if<Tensor>(&column)) return moved(*tensor, device);
  if (auto* rows = std::get_if<Ragged>(&column))
    return Ragged{moved(rows->values, device), moved(rows->offsets, device), rows->longest};
  if (auto* rows = std::get_if<SparseRows>(&column))
    return SparseRows{moved(rows->ids, device), moved(rows->values, device), moved(rows->offsets, device), rows->width};
  return column;
}

Tensor joined(const std::vector<Tensor>& parts, const std::string& name) {
  for (const Tensor& part : parts) {
    if (part.scalar_type() != parts[0].scalar_type())
      throw Error("batch", "column " + name + " must be of one type to be joined, got " + c10::toString(parts[0].scalar_type()) +
                               " and " + c10::toString(part.scalar_type()));
    if (part.sizes().slice(1) != parts[0].sizes().slice(1))
      throw Error("batch", "column " + name + " must have rows of one shape to be joined, got " +
                               c10::str(parts[0].sizes().slice(1)) + " and " + c10::str(part.sizes().slice(1)));
  }
  return at::cat(parts);
}

// Offsets [sum of B + 1] of the parts laid end to end.
Tensor joined_offsets(const std::vector<Tensor>& parts) {
  std::vector<Tensor> all{at::zeros({1}, parts[0].options())};
  Tensor end = all[0];
  for (const Tensor& part : parts) {
    all.push_back(at::add(part.slice(0, 1), end));
    end = at::add(part.slice(0, -1), end);
  }
  return at::cat(all);
}

template <class Form, class Member>
std::vector<Tensor> members(const std::vector<const Column*>& parts, Member member) {
  std::vector<Tensor> tensors;
  for (const Column* part : parts) tensors.push_back(std::get<Form>(*part).*member);
  return tensors;
}

Column joined(const std::vector<const Column*>& parts, const std::string& name) {
  const Column& first = *parts.front();
  if (std::holds_alternative<Tensor>(first)) {
    std::vector<Tensor> tensors;
    for (const Column* part : parts) tensors.push_back(std::get<Tensor>(*part));
    return joined(tensors, name);
  }
  if (std::holds_alternative<Ragged>(first)) {
    Ragged rows{joined(members<Ragged>(parts, &Ragged::values), name), joined_offsets(members<Ragged>(parts, &Ragged::offsets)),
                0};
    for (const Column* part : parts) rows.longest = std::max(rows.longest, std::get<Ragged>(*part).longest);
    return rows;
  }
  if (auto* sparse = std::get_if<SparseRows>(&first)) {
    for (const Column* part : parts)
      if (std::int64_t width = std::get<SparseRows>(*part).width; width != sparse->width)
        throw Error("batch", "column " + name + " must have one width to be joined, got " + std::to_string(sparse->width) +
                                 " and " + std::to_string(width));
    return SparseRows{joined(members<SparseRows>(parts, &SparseRows::ids), name),
                      joined(members<SparseRows>(parts, &SparseRows::values), name),
                      joined_offsets(members<SparseRows>(parts, &SparseRows::offsets)), sparse->width};
  }
  Strings strings;
  for (const Column* part : parts) {
    const Strings& more = std::get<Strings>(*part);
    strings.insert(strings.end(), more.begin(), more.end());
  }
  return strings;
}

template <class Form>
const Form& as(const Batch& batch, std::string_view name) {
  const Column& column = batch.column(name);
  if (const Form* form = std::get_if<Form>(&column)) return *form;
  throw Error("batch", "column " + std::string(name) + " must be " + std::string(kForms[Column(Form{}).index()]) + ", is " +
                           std::string(kForms[column.index()]));
}

}  // namespace

std::int64_t rows_of(const Column& column) {
  if (auto* rows = std::get_if<Ragged>(&column)) return rows_of_offsets(rows->offsets);
  if (auto* rows = std::get_if<SparseRows>(&column)) return rows_of_offsets(rows->offsets);
  if (auto* strings = std::get_if<Strings>(&column)) return static_cast<std::int64_t>(strings->size());
  const Tensor& tensor = std::get<Tensor>(column);
  if (!tensor.defined() || tensor.dim() == 0) throw Error("batch", "a tensor must have a row dimension to be a column");
  return tensor.size(0);
}

Ragged ragged_of(Tensor values, std::span<const std::int64_t> lengths) {
  Ragged rows{std::move(values), at::empty({static_cast<std::int64_t>(lengths.size()) + 1}, at::kInt), 0};
  std::int32_t* offset = rows.offsets.mutable_data_ptr<std::int32_t>();
  std::int64_t end = 0;
  *offset++ = 0;
  for (std::int64_t length : lengths) {
    if (length < 0) throw Error("batch", "a row's length must be >= 0, got " + std::to_string(length));
    end += length;
    if (end > std::numeric_limits<std::int32_t>::max())
      throw Error("batch", "ragged rows must have fewer than 2^31 entries in all");
    *offset++ = static_cast<std::int32_t>(end);
    rows.longest = std::max(rows.longest, length);
  }
  if (rows.values.size(0) != end)
    throw Error("batch",
                "the lengths must add up to the " + std::to_string(rows.values.size(0)) + " values, got " + std::to_string(end));
  return rows;
}

Batch::Batch(std::vector<std::int64_t> row_ids) : row_ids_(std::move(row_ids)) {}
std::int64_t Batch::size() const { return static_cast<std::int64_t>(row_ids_.size()); }
std::span<const std::int64_t> Batch::row_ids() const { return row_ids_; }

Strings Batch::names() const {
  Strings names;
  for (const auto& [name, column] : columns_) names.push_back(name);
  return names;
}

bool Batch::has(std::string_view name) const {
  return std::any_of(columns_.begin(), columns_.end(), [&](const auto& entry) { return entry.first == name; });
}

const Column& Batch::column(std::string_view name) const {
  for (const auto& [other, column] : columns_)
    if (other == name) return *column;
  const std::string close = nearest(name, names());
  throw Error("batch", "there is no column " + std::string(name) + (close.empty() ? "" : ", did you mean " + close + "?") +
                           (columns_.empty() ? "; there are no columns" : " (columns: " + joined(names()) + ")"));
}

const Tensor& Batch::tensor(std::string_view name) const { return as<Tensor>(*this, name); }
const Ragged& Batch::ragged(std::string_view name) const { return as<Ragged>(*this, name); }
const SparseRows& Batch::sparse(std::string_view name) const { return as<SparseRows>(*this, name); }
const Strings& Batch::strings(std::string_view name) const { return as<Strings>(*this, name); }

void Batch::set(std::string name, Column column) {
  if (const std::int64_t rows = rows_of(column); rows != size())
    throw Error("batch",
                "column " + name + " must have the batch's " + quantity(size(), "row") + ", got " + std::to_string(rows));
  auto shared = std::make_shared<const Column>(std::move(column));
  for (auto& [other, existing] : columns_)
    if (other == name) return void(existing = std::move(shared));
  columns_.emplace_back(std::move(name), std::move(shared));
}

void Batch::erase(std::string_view name) {
  std::erase_if(columns_, [&](const auto& entry) { return entry.first == name; });
}

Batch Batch::select(std::span<const std::int64_t> positions) const {
  std::vector<std::int64_t> ids;
  ids.reserve(positions.size());
  for (std::int64_t position : positions) {
    if (position < 0 || position >= size())
      throw Error("batch", "a position must be in [0, " + std::to_string(size()) + "), got " + std::to_string(position));
    ids.push_back(row_ids_[position]);
  }
  Batch batch(std::move(ids));
  for (const auto& [name, column] : columns_)
    batch.set(name, std::visit([&](const auto& form) { return selected(form, positions); }, *column));
  return batch;
}

Batch Batch::renamed(std::span<const std::pair<std::string, std::string>> names) const {
  for (const auto& [from, to] : names) column(from);
  Batch batch(row_ids_);
  for (const auto& [name, column] : columns_) {
    bool hidden = false;
    for (const auto& [from, to] : names) {
      hidden |= from == name || to == name;
      if (from == name) batch.columns_.emplace_back(to, column);
    }
    if (!hidden) batch.columns_.emplace_back(name, column);
  }
  std::unordered_set<std::string_view> seen;
  for (const auto& [name, column] : batch.columns_)
    if (!seen.insert(name).second) throw Error("batch", "two columns cannot both be renamed to " + name);
  return batch;
}

Batch Batch::only(std::span<const std::string> names) const {
  Batch batch(row_ids_);
  for (const std::string& name : names) {
    column(name);
    if (batch.has(name)) continue;
    batch.columns_.push_back(
        *std::find_if(columns_.begin(), columns_.end(), [&](const auto& entry) { return entry.first == name; }));
  }
  return batch;
}

Batch Batch::to(at::Device device) const {
  Batch batch(row_ids_);
  for (const auto& [name, column] : columns_)
    batch.columns_.emplace_back(
        name, std::holds_alternative<Strings>(*column) ? column : std::make_shared<const Column>(moved(*column, device)));
  return batch;
}

Batch Batch::concatenate(std::span<const Batch> parts) {
  if (parts.empty()) return {};
  std::vector<std::int64_t> ids;
  for (const Batch& part : parts) {
    ids.insert(ids.end(), part.row_ids_.begin(), part.row_ids_.end());
    if (part.columns_.size() != parts[0].columns_.size())
      throw Error("batch", "batches must have the same columns to be joined, got (" + joined(parts[0].names()) + ") and (" +
                               joined(part.names()) + ")");
  }
  Batch batch(std::move(ids));
  for (const auto& [name, column] : parts[0].columns_) {
    std::vector<const Column*> columns;
    for (const Batch& part : parts) {
      columns.push_back(&part.column(name));
      if (columns.back()->index() != column->index())
        throw Error("batch", "column " + name + " must have one form to be joined, got " + std::string(kForms[column->index()]) +
                                 " and " + std::string(kForms[columns.back()->index()]));
    }
    batch.set(name, joined(columns, name));
  }
  return batch;
}

}  // namespace graft
