#include "core/pipeline/placed.hpp"

#include "core/config/problems.hpp"
#include "core/registry/guarded.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

[[noreturn]] void throw_problem(const ConfigEntry& entry, const std::string& what) {
  const std::string name = entry.place.line == 0 ? entry.name + ": " : "";
  const std::string rows = entry.rows.empty() ? "" : " (" + entry.rows + ")";
  throw ConfigErrors({{entry.place, "", name + what + rows}});
}

}  // namespace

void throw_placed(const ConfigEntry& entry) {
  if (entry.place.text().empty()) throw;
  try {
    throw;
  } catch (const PluginError& error) {
    if (error.cxx_type != "graft::Error") throw;
    throw_problem(entry, error.what());
  } catch (const Error& error) {
    throw_problem(entry, error.what());
  }
}

}  // namespace graft::core
