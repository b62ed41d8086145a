#include "core/conformance/compare.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <cstdio>

#include "graft/files.hpp"

namespace graft::core::conformance {
namespace {

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string dims_text(at::IntArrayRef sizes) {
  std::string text = "[";
  for (const std::int64_t size : sizes) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
  return text + "]";
}

Tensor dense(const Tensor& tensor) { return tensor.detach().to(at::kCPU).contiguous(); }

constexpr const char* kForms[] = {"a tensor", "ragged rows", "sparse rows", "strings"};

bool is_form(const Column& column, FieldKind kind, bool is_ragged) {
  if (kind == FieldKind::kText) return std::holds_alternative<Strings>(column);
  if (kind == FieldKind::kSparse) return std::holds_alternative<SparseRows>(column);
  if (kind == FieldKind::kTokens || kind == FieldKind::kTags || is_ragged) return std::holds_alternative<Ragged>(column);
  return std::holds_alternative<Tensor>(column);
}

bool has_kind_of_type(at::ScalarType type, FieldKind kind) {
  switch (kind) {
    case FieldKind::kNumber: return type == at::kDouble || type == at::kFloat;
    case FieldKind::kInteger:
    case FieldKind::kClass:
    case FieldKind::kTokens:
    case FieldKind::kTags: return type == at::kLong;
    case FieldKind::kImage: return type == at::kFloat || type == at::kByte || type == at::kDouble;
    default: return type == at::kFloat || type == at::kDouble;
  }
}

const char* type_wanted(FieldKind kind) {
  return kind == FieldKind::kInteger || kind == FieldKind::kClass || kind == FieldKind::kTokens || kind == FieldKind::kTags
             ? "int64"
             : "float";
}

std::string misfit_of_values(const Tensor& values, const Field& field, const std::vector<std::int64_t>& shape) {
  if (!values.defined()) return "undefined";
  if (!values.is_cpu()) return "on " + values.device().str() + ", the rows are on cpu";
  bool fits = values.dim() == static_cast<std::int64_t>(shape.size());
  for (std::size_t i = 0; fits && i < shape.size(); ++i)
    fits = shape[i] == -1 || values.size(static_cast<std::int64_t>(i)) == shape[i];
  if (!fits) return shape_text(values) + " where the schema says " + dims_text(shape);
  if (!has_kind_of_type(values.scalar_type(), field.kind))
    return shape_text(values) + " where the kind " + std::string(kind_name(field.kind)) + " is " + type_wanted(field.kind);
  const bool has_classes = field.kind == FieldKind::kClass || field.kind == FieldKind::kTags;
  if (!has_classes || field.classes.empty() || values.numel() == 0) return "";
  const Tensor wrong =
      values.ne(kMissingClass).logical_and(values.lt(0).logical_or(values.ge(static_cast<std::int64_t>(field.classes.size()))));
  return wrong.any().item<bool>() ? "a class outside [0, " + std::to_string(field.classes.size()) + ")" : "";
}

std::string misfit_of_offsets(const Tensor& offsets, std::int64_t rows, std::int64_t entries) {
  if (!offsets.defined() || offsets.scalar_type() != at::kInt || offsets.dim() != 1 || offsets.size(0) != rows + 1)
    return "offsets are " + (offsets.defined() ? shape_text(offsets) : "undefined") + ", must be int [" +
           std::to_string(rows + 1) + "]";
  const Tensor host = dense(offsets);
  const std::int32_t* at = host.const_data_ptr<std::int32_t>();
  for (std::int64_t i = 0; i < rows; ++i)
    if (at[i + 1] < at[i]) return "offsets fall at row " + std::to_string(i);
  return at[0] == 0 && at[rows] == entries
             ? ""
             : "offsets end at " + std::to_string(at[rows]) + " of " + std::to_string(entries) + " entries";
}

std::string of_column(const std::string& name, const std::string& what) { return what.empty() ? "" : name + ": " + what; }

// The float tensors of a column; null for one without.
const Tensor* floats_of(const Column& column) {
  const Tensor* values = nullptr;
  if (const auto* tensor = std::get_if<Tensor>(&column)) values = tensor;
  if (const auto* ragged = std::get_if<Ragged>(&column)) values = &ragged->values;
  if (const auto* sparse = std::get_if<SparseRows>(&column)) values = &sparse->values;
  return values && values->defined() && values->is_floating_point() ? values : nullptr;
}

}  // namespace

std::string shape_text(const Tensor& tensor) {
  std::string type = at::toString(tensor.scalar_type());
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return (type == "long" ? "int64" : type) + " " + dims_text(tensor.sizes());
}

std::string difference(const Tensor& a, const Tensor& b, double tolerance) {
  if (a.defined() != b.defined()) return "one is undefined";
  if (!a.defined()) return "";
  if (a.scalar_type() != b.scalar_type() || a.sizes() != b.sizes()) return shape_text(a) + " and " + shape_text(b);
  const Tensor x = dense(a), y = dense(b);
  if (x.numel() == 0) return "";
  const Tensor same = x.eq(y).logical_or(x.ne(x).logical_and(y.ne(y)));
  if (same.all().item<bool>()) return "";
  const double apart = x.to(at::kDouble).sub(y.to(at::kDouble)).abs().masked_select(same.logical_not()).max().item<double>();
  const double size = std::max(x.to(at::kDouble).abs().max().item<double>(), y.to(at::kDouble).abs().max().item<double>());
  if (apart <= tolerance * std::max(size, 1e-6)) return "";
  const std::int64_t count = same.logical_not().sum().item<std::int64_t>();
  return std::to_string(count) + " of " + std::to_string(x.numel()) + " values differ, by up to " + number_text(apart);
}

std::string difference(const Column& a, const Column& b, double tolerance) {
  if (a.index() != b.index()) return std::string(kForms[a.index()]) + " and " + kForms[b.index()];
  if (const auto* tensor = std::get_if<Tensor>(&a)) return difference(*tensor, std::get<Tensor>(b), tolerance);
  if (const auto* strings = std::get_if<Strings>(&a)) {
    const Strings& others = std::get<Strings>(b);
    for (std::size_t i = 0; i < std::min(strings->size(), others.size()); ++i)
      if ((*strings)[i] != others[i]) return "row " + std::to_string(i) + ": '" + (*strings)[i] + "' and '" + others[i] + "'";
    return strings->size() == others.size()
               ? ""
               : std::to_string(strings->size()) + " and " + std::to_string(others.size()) + " texts";
  }
  if (const auto* ragged = std::get_if<Ragged>(&a)) {
    const std::string offsets = difference(ragged->offsets, std::get<Ragged>(b).offsets);
    return offsets.empty() ? difference(ragged->values, std::get<Ragged>(b).values, tolerance) : "offsets: " + offsets;
  }
  const SparseRows &x = std::get<SparseRows>(a), &y = std::get<SparseRows>(b);
  for (const std::string& part : {difference(x.offsets, y.offsets), difference(x.ids, y.ids)})
    if (!part.empty()) return "offsets or ids: " + part;
  return difference(x.values, y.values, tolerance);
}

std::string difference(const Batch& a, const Batch& b, double tolerance) {
  if (a.names() != b.names()) return "columns " + text_of(a.names()) + " and " + text_of(b.names());
  if (!std::equal(a.row_ids().begin(), a.row_ids().end(), b.row_ids().begin(), b.row_ids().end())) return "other row ids";
  for (const std::string& name : a.names())
    if (const std::string what = difference(a.column(name), b.column(name), tolerance); !what.empty()) return name + ": " + what;
  return "";
}

std::string misfit(const Column& column, const Field& field, std::int64_t rows) {
  const bool is_ragged = !field.shape.empty() && field.shape.front() == -1 &&
                         (field.kind == FieldKind::kInteger || (field.kind == FieldKind::kVector && field.shape.size() > 1) ||
                          std::holds_alternative<Ragged>(column));
  if (!is_form(column, field.kind, is_ragged))
    return std::string(kForms[column.index()]) + " where the schema says " + std::string(kind_name(field.kind));
  if (rows_of(column) != rows) return std::to_string(rows_of(column)) + " rows of " + std::to_string(rows);
  std::vector<std::int64_t> shape = field.shape;
  if (const auto* ragged = std::get_if<Ragged>(&column)) {
    if (shape.empty()) shape = {-1};
    const std::string offsets = misfit_of_offsets(ragged->offsets, rows, ragged->values.size(0));
    return offsets.empty() ? misfit_of_values(ragged->values, field, shape) : offsets;
  }
  if (const auto* sparse = std::get_if<SparseRows>(&column)) {
    if (!shape.empty() && shape[0] >= 0 && sparse->width != shape[0])
      return "width " + std::to_string(sparse->width) + " where the schema says " + std::to_string(shape[0]);
    return misfit_of_offsets(sparse->offsets, rows, sparse->ids.size(0));
  }
  if (std::holds_alternative<Strings>(column)) return "";
  shape.insert(shape.begin(), rows);
  return misfit_of_values(std::get<Tensor>(column), field, shape);
}

std::string misfit(const Batch& batch, const Schema& schema) {
  for (const Field& field : schema) {
    if (!batch.has(field.name)) return field.name + ": no such column, there are " + text_of(batch.names());
    const std::string what = of_column(field.name, misfit(batch.column(field.name), field, batch.size()));
    if (!what.empty()) return what;
  }
  return "";
}

std::string not_finite(const Batch& batch, const Schema& schema) {
  for (const Field& field : schema) {
    if (!batch.has(field.name)) continue;
    const Tensor* values = floats_of(batch.column(field.name));
    if (values && !values->isfinite().all().item<bool>()) {
      const std::int64_t count = values->isfinite().logical_not().sum().item<std::int64_t>();
      return field.name + ": " + std::to_string(count) + " of " + std::to_string(values->numel()) + " values are not finite";
    }
  }
  return "";
}

std::string digest(const Batch& batch) {
  std::string bytes = text_of(batch.names());
  const auto add = [&](const Tensor& tensor) {
    if (!tensor.defined()) return;
    const Tensor values = dense(tensor);
    bytes += shape_text(values) + std::string(static_cast<const char*>(values.const_data_ptr()), values.nbytes());
  };
  for (const std::string& name : batch.names()) {
    const Column& column = batch.column(name);
    if (const auto* tensor = std::get_if<Tensor>(&column)) add(*tensor);
    if (const auto* ragged = std::get_if<Ragged>(&column)) add(ragged->offsets), add(ragged->values);
    if (const auto* sparse = std::get_if<SparseRows>(&column)) add(sparse->offsets), add(sparse->ids), add(sparse->values);
    if (const auto* strings = std::get_if<Strings>(&column))
      for (const std::string& text : *strings) bytes += std::to_string(text.size()) + ":" + text;
  }
  return sha256(bytes);
}

Batch copy_of(const Batch& batch) {
  Batch copy(std::vector<std::int64_t>(batch.row_ids().begin(), batch.row_ids().end()));
  for (const std::string& name : batch.names()) {
    Column column = batch.column(name);
    if (auto* tensor = std::get_if<Tensor>(&column)) column = tensor->detach().clone();
    if (auto* ragged = std::get_if<Ragged>(&column))
      column = Ragged{ragged->values.detach().clone(), ragged->offsets.clone(), ragged->longest};
    if (auto* sparse = std::get_if<SparseRows>(&column))
      column = SparseRows{sparse->ids.clone(), sparse->values.detach().clone(), sparse->offsets.clone(), sparse->width};
    copy.set(name, std::move(column));
  }
  return copy;
}

std::string text_of(const std::vector<std::string>& parts, const std::string& between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

}  // namespace graft::core::conformance
