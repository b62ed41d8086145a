// The manifest of a plugin: what it must hold, and the components it declares.
#pragma once

#include <string>
#include <vector>

#include "core/config/catalog.hpp"
#include "graft/parameters.hpp"
#include "graft/value.hpp"

namespace graft::core {

inline constexpr std::size_t kManifestBytes = 1 << 20;

const Value& manifest_schema();  // JSON Schema, draft 2020-12, for editors too

// All faults, in the order of the text. Defaults of the manifest's own keys are filled in.
std::vector<Problem> check_manifest(Value& manifest);

std::vector<Component> components_of(const Value& manifest, const std::string& path);  // of a sound manifest

}  // namespace graft::core
