// A JSON Schema (draft 2020-12) of the whole config for editors: the core's sections and every component's parameters.
//
// Looser than the checks where a file may be a part: required keys are left to graft, since a file that extends another need
// not repeat them; null, which removes, may stand anywhere.
#pragma once

#include "core/config/catalog.hpp"
#include "graft/value.hpp"

namespace graft::core {

Value json_schema(const Catalog& catalog);

}  // namespace graft::core
