#include "binarize.hpp"

#include <ATen/ops/empty.h>

#include <cmath>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {

constexpr const char* kWhere = "graft/binarize";

template <class Number>
Tensor classes_of(const Tensor& values, double threshold) {
  const Tensor contiguous = values.contiguous();
  const Number* from = contiguous.const_data_ptr<Number>();
  Tensor classes = at::empty({values.size(0)}, at::kLong);
  std::int64_t* to = classes.mutable_data_ptr<std::int64_t>();
  for (std::int64_t row = 0; row < values.size(0); ++row) {
    const auto value = static_cast<double>(from[row]);
    to[row] = std::isnan(value) ? kMissingClass : value > threshold;
  }
  return classes;
}

}  // namespace

Binarize::Binarize(const Config& config)
    : column_(config.column("column")),
      output_(config.name()),
      threshold_(config.number("threshold")),
      classes_(config.texts("classes")) {
  if (classes_[0] == classes_[1]) throw Error(kWhere, "classes must be two different names, both are " + classes_[0]);
}

Schema Binarize::outputs(const Schema& inputs) const {
  require(inputs, column_, {FieldKind::kNumber, FieldKind::kInteger}, kWhere);
  return with(inputs, {output_, FieldKind::kClass, {}, classes_});
}

void Binarize::transform(Batch& batch) const {
  const Tensor& values = batch.tensor(column_);
  batch.set(output_, values.scalar_type() == at::kLong ? classes_of<std::int64_t>(values, threshold_)
                                                       : classes_of<double>(values, threshold_));
}

}  // namespace graft::plugins
