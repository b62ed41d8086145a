// What the streams of a run have in common: a model reads the rows of all of them.
#pragma once

#include <string>
#include <vector>

#include "core/pipeline/pipeline.hpp"
#include "graft/schema.hpp"

namespace graft::core {

// Columns that all streams have, of one kind, with the first stream's fields.
Schema shared_schema(const std::vector<StreamRows>& rows);

// throws Error(where) when one of these columns is there in some streams and missing, or of another kind, in others.
void require_shared(const std::vector<std::string>& columns, const std::vector<StreamRows>& rows, const std::string& where);

}  // namespace graft::core
