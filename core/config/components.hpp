// Components: the core's own (optimizers, schedules, averages) and the catalog's, found by what a config says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/catalog.hpp"
#include "graft/value.hpp"

namespace graft::core {

std::string full_name(std::string_view use);    // "bert" -> "graft/bert"; "acme/scale" stays
std::string short_name(std::string_view name);  // "graft/bert" -> "bert"; "acme/scale" stays

// The word after "component:" in a schema's format ("model", "step", "optimizer"); empty: the schema is of no component.
std::string_view component_word(const Value& schema);

class Components {
 public:
  explicit Components(const Catalog& catalog) : catalog_(catalog) {}

  // The manifest's entry (name, summary, params) of a component that may stand where a schema says `word`; null: none.
  const Value* find(std::string_view word, std::string_view use) const;
  std::vector<const Value*> all(std::string_view word) const;
  const Catalog& catalog() const { return catalog_; }

 private:
  const Catalog& catalog_;
};

// The schema of one object in the config: `use`, the host's keys in `slot`, the component's parameters.
Value component_schema(const Value& slot, const Value& entry);

const Value* keys_of_kind(const Value& slot, const Value& entry);  // the host's keys for the entry's kind alone; null: none

// The `params` of the component that a parameter is, where its schema says component:<kind>; null when it is none, or nobody
// provides it.
const Value* params_of_part(const Value& schema, const Value& value, const Catalog& catalog);

bool is_core_word(std::string_view word);           // optimizer, schedule, average
std::string spoken(std::string_view word);          // "extractor or augmenter", "model"
std::vector<Kind> kinds_of(std::string_view word);  // empty for the core's own

}  // namespace graft::core
