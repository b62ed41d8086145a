#include "predictions.hpp"

#include <ATen/Functions.h>

#include "graft/error.hpp"

namespace graft::plugins {

const Field& prediction(const Schema& predictions, std::string_view name, const std::string& where) {
  if (const Field* field = find(predictions, name)) return *field;
  std::string given;
  for (const Field& field : predictions) given += (given.empty() ? "" : ", ") + field.name;
  throw Error(where, "needs predictions named " + std::string(name) + "; this head gives " + (given.empty() ? "none" : given));
}

const Field& class_prediction(const Schema& predictions, std::string_view name, const Field& target, const std::string& where,
                              Counts counts) {
  const Field& field = prediction(predictions, name, where);
  if (target.kind == FieldKind::kLabelSet && counts == Counts::kOneClass)
    throw Error(where, "is for one class a row, column " + target.name +
                           " is a label set; use f1, auroc, average_precision, subset_accuracy or hamming_loss");
  if (target.kind != FieldKind::kLabelSet && target.kind != FieldKind::kTags)
    require({target}, target.name, {FieldKind::kClass, FieldKind::kSoftClass}, where);
  if (field.classes.size() != target.classes.size())
    throw Error(where, "predictions and column " + target.name + " must have the same classes, got " +
                           std::to_string(field.classes.size()) + " and " + std::to_string(target.classes.size()));
  return field;
}

const Tensor& entries_of(const Batch& batch, std::string_view name) {
  const auto* words = std::get_if<Ragged>(&batch.column(name));
  return words ? words->values : batch.tensor(name);
}

void same_rows(const Tensor& predicted, const Tensor& truth, const std::string& where) {
  if (predicted.dim() != 1 || predicted.sizes() != truth.sizes())
    throw Error(where, "predictions and labels must be one number a row, got " + c10::str(predicted.sizes()) + " and " +
                           c10::str(truth.sizes()));
}

void same_sets(const Tensor& predicted, const Tensor& truth, std::int64_t classes, const std::string& where) {
  if (predicted.dim() != 2 || predicted.size(1) != classes || predicted.sizes() != truth.sizes())
    throw Error(where, "predictions and label sets must be one number a row and class, of " + std::to_string(classes) +
                           " classes, got " + c10::str(predicted.sizes()) + " and " + c10::str(truth.sizes()));
}

void check_class(const char* what, std::int64_t c, std::int64_t classes, const std::string& where) {
  if (c < 0 || c >= classes)
    throw Error(where, std::string(what) + " must be in [0, " + std::to_string(classes) + "), got " + std::to_string(c));
}

Tensor class_labels(const Tensor& column) {
  if (column.dim() == 1) return column.to(at::kLong).contiguous();
  const Tensor largest = column.argmax(1);
  return at::where(column.sum(1).gt(0), largest, at::full_like(largest, kMissingClass)).contiguous();  // NaN > 0 is false
}

}  // namespace graft::plugins
