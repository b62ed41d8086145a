// The binary interface of a plugin against the host's, field by field (graft/abi.hpp says what the fields are).
#pragma once

#include <string>
#include <vector>

#include "graft/value.hpp"

namespace graft::core {

const Value& host_abi();  // the record of this program: an object of texts

struct AbiDifference {
  std::string field, plugin, host;  // "-" where a record lacks the field
  std::string rule;                 // "must agree in major.minor"
};

// In the order of the record; one line a type where layouts differ. Empty: the plugin fits.
std::vector<AbiDifference> compare_abi(const Value& plugin, const Value& host);

// What fits but deserves a word: another patch of LibTorch. Empty when there is nothing.
std::vector<std::string> abi_notes(const Value& plugin, const Value& host);

// The text of G120: the table of differences, then how to cure them.
std::string abi_text(const std::vector<AbiDifference>& differences, const Value& host);

std::string abi_variant(const Value& abi);  // "g0-torch2.11-cxx11-x86_64-linux": the name of a folder of plugins

}  // namespace graft::core
