// What the tests compare: columns and batches, bit for bit or within a tolerance, and a batch with the schema it should have. Each
// function returns what differs, in words; empty where nothing does.
#pragma once

#include <string>
#include <vector>

#include "graft/batch.hpp"
#include "graft/schema.hpp"

namespace graft::core::conformance {

// Equal within `tolerance` of the larger magnitude in the column; 0: bit for bit, NaN equal to NaN.
std::string difference(const Tensor& a, const Tensor& b, double tolerance = 0);
std::string difference(const Column& a, const Column& b, double tolerance = 0);
std::string difference(const Batch& a, const Batch& b, double tolerance = 0);  // row ids, names and columns

std::string misfit(const Column& column, const Field& field, std::int64_t rows);  // form, shape, dtype, device, classes in range
std::string misfit(const Batch& batch, const Schema& schema);                     // of each field
std::string not_finite(const Batch& batch, const Schema& schema);                 // of the columns of floats

std::string digest(const Batch& batch);  // equal where difference() finds none
Batch copy_of(const Batch& batch);       // columns of their own memory
std::string text_of(const std::vector<std::string>& parts, const std::string& between = ", ");
std::string shape_text(const Tensor& tensor);  // "float [3, 4]"

}  // namespace graft::core::conformance
