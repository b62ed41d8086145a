#include "core/config/resolve.hpp"

#include <filesystem>

#include "core/config/check.hpp"
#include "core/config/cross_check.hpp"
#include "core/config/entries.hpp"
#include "core/config/overrides.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {

ResolvedConfig resolve_config(const std::string& path, const std::vector<std::string>& sets, const Catalog& catalog,
                              const ReadFile& read) {
  const Components components(catalog);
  Problems problems;
  Document document = read_document(path, components, read, problems);
  Value& root = document.root;
  apply_overrides(root, sets, components, problems);
  spread_defaults(root, problems);
  check_names(root, problems);
  check_config(root, components, problems);
  cross_check(root, components, problems);
  if (!problems.empty()) throw ConfigErrors(in_file_order(std::move(problems), document.files));
  return {std::move(root), std::move(document.files), std::filesystem::path(path).stem().string()};
}

ResolvedConfig resolve_config(const std::string& path, const std::vector<std::string>& sets, const Catalog& catalog) {
  return resolve_config(path, sets, catalog, read_file);
}

Value load_resolved(const std::string& path) {
  Value root = read_json(path);
  if (root.at("graft").integer() != 1) throw Error("config", path + ": graft must be 1, got " + to_json(root.at("graft")));
  return root;
}

}  // namespace graft::core
