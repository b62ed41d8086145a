// Diagnosis: every step between a plugin file and its first component, each with its verdict and, where it fails, its cure.
//
//   order   that of the host; after the first step that fails the others are not reached
//   code    of the plugin runs in a probe alone (probe.hpp), and only where the policy lets it
#pragma once

#include <string>
#include <vector>

#include "core/registry/plugin_catalog.hpp"

namespace graft::core {

struct DiagnosisStep {
  enum class Verdict { kFine, kFailed, kNotReached };
  std::string code, what;  // "G120", "the binary interface is this graft's"
  Verdict verdict = Verdict::kNotReached;
  std::string text, cure;  // of one that failed, or a note
};

// `all` says which other plugins it meets; `program` is this one, for the probe.
std::vector<DiagnosisStep> diagnose(const PluginFile& file, const PluginCatalog& all, const std::string& program);

std::string cure_of(const std::string& code, const PluginFile& file);  // one line; empty for a code that is none

}  // namespace graft::core
