// Settings: what a manifest entry says to the conformance kit, under its key "check". It travels in the plugin file, so whoever has
// the file can run the same tests and reads the exceptions with their reasons.
//
//   params   parameters that replace the defaults in every test; a path counts from the folder of `files`
//   files    small files by name, "red/1.png" in a folder: a vocabulary, a table; bytes that are no text as "data:;base64,..."
//   rows     more columns: a list of texts, numbers, integers, or of lists of integers (words' places); or {"kind": "tags", "classes":
//            [...], "rows": [...]}. Row i of the kit's rows is entry i, and they begin again where they end
//   claims   properties that only some components have: "non-conflicting"
//   except   tests that do not apply, each with its reason
#pragma once

#include <map>
#include <set>
#include <string>

#include "graft/value.hpp"

namespace graft::core::conformance {

struct Settings {
  Value params = Value(Value::Object{});
  std::map<std::string, std::string> files;
  Value rows = Value(Value::Object{});
  std::set<std::string> claims;
  std::map<std::string, std::string> except;

  static Settings of(const Value& entry);  // of a sound manifest
};

}  // namespace graft::core::conformance
