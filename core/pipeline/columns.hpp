// Columns a config names: a name, a list, a glob ("pixel_*"), a kind ("@number"), and "!zip" to take one out again.
//
//   order    that of the file for globs and kinds, that of the list otherwise; each column once
//   @kind    columns of the source of that kind, less those that hold targets, splits, groups or ids
//   errors   ConfigErrors: a name or glob that matches nothing, with its place, the nearest column and all that exist
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "graft/schema.hpp"
#include "graft/value.hpp"

namespace graft::core {

std::vector<std::string> expand_columns(const Value& wanted, const Schema& schema, const std::set<std::string>& not_features,
                                        const std::string& where);

// Parameters with every column parameter (format "column" or "columns" in the manifest's schema) replaced by a list of names; those
// of a parameter that is itself a component, too.
Value with_columns(Value parameters, const Value& parameter_schema, const Schema& schema,
                   const std::set<std::string>& not_features, const std::string& where, const Catalog& catalog);

// The columns that these parameters name, in order: after with_columns, what a component reads, with the components in it.
std::vector<std::string> named_columns(const Value& parameters, const Value& parameter_schema, const Catalog& catalog);

// The columns that a step makes: `own`, and those that its parameters name (format "new_column").
std::vector<std::string> made_columns(const std::string& own, const Value& parameters, const Value& parameter_schema);

// What a head's parameters name: the column `target` is its label, which prediction does without; the others it needs there too.
struct HeadColumns {
  std::string target;
  std::vector<std::string> inputs;
};
HeadColumns head_columns(const Value& parameters, const Value& parameter_schema);

}  // namespace graft::core
