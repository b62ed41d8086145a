// Columns of a batch as a person reads them: class names, numbers, ids, pictures.
#pragma once

#include "core/report/preview_html.hpp"
#include "graft/batch.hpp"

namespace graft::core {

// The value of one row; of vectors, sparse rows and tokens the first few. `entries`: of a vector [B, D] those, with their numbers
// from 0, in place of the first.
PreviewValue preview_value(const Field& field, const Column& column, std::int64_t row,
                           const std::vector<std::int64_t>& entries = {});

// Of a vector [B, D] too wide to be shown whole: the first few entries of a row that are another in some column of `after`.
std::vector<std::int64_t> entries_that_differ(const Column& before, const std::vector<const Column*>& after, std::int64_t row);

// [C, H, W], bytes or float in [0, 1], of 1 or 3 channels, as a data URI (BMP); sides over 160 pixels are thinned out.
std::string picture_uri(const Tensor& picture);

}  // namespace graft::core
