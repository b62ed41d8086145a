// Columns of a batch as a person reads them: class names, numbers, ids, pictures.
#pragma once

#include "core/report/preview_html.hpp"
#include "graft/batch.hpp"

namespace graft::core {

// The value of one row; of vectors, sparse rows and tokens the first few.
PreviewValue preview_value(const Field& field, const Column& column, std::int64_t row);

// [C, H, W], bytes or float in [0, 1], of 1 or 3 channels, as a data URI (BMP); sides over 160 pixels are thinned out.
std::string picture_uri(const Tensor& picture);

}  // namespace graft::core
