#include "core/conformance/settings.hpp"

namespace graft::core::conformance {

Settings Settings::of(const Value& entry) {
  Settings settings;
  const Value* check = entry.find("check");
  if (!check) return settings;
  if (const Value* params = check->find("params")) settings.params = *params;
  if (const Value* rows = check->find("rows")) settings.rows = *rows;
  if (const Value* files = check->find("files"))
    for (const Value::Member& file : files->object()) settings.files[file.key] = file.value.text();
  if (const Value* claims = check->find("claims"))
    for (const Value& claim : claims->list()) settings.claims.insert(claim.text());
  if (const Value* except = check->find("except"))
    for (const Value::Member& test : except->object()) settings.except[test.key] = test.value.text();
  return settings;
}

}  // namespace graft::core::conformance
