#include "predictions.hpp"

#include "graft/error.hpp"

namespace graft::plugins {

const Field& prediction(const Schema& predictions, std::string_view name, const std::string& where) {
  if (const Field* field = find(predictions, name)) return *field;
  std::string given;
  for (const Field& field : predictions) given += (given.empty() ? "" : ", ") + field.name;
  throw Error(where, "needs predictions named " + std::string(name) + "; this head gives " + (given.empty() ? "none" : given));
}

void same_rows(const Tensor& predicted, const Tensor& truth, const std::string& where) {
  if (predicted.dim() != 1 || predicted.sizes() != truth.sizes())
    throw Error(where, "predictions and labels must be one number a row, got " + c10::str(predicted.sizes()) + " and " +
                           c10::str(truth.sizes()));
}

}  // namespace graft::plugins
