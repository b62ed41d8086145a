#include "core/registry/packages.hpp"

#include <algorithm>
#include <optional>
#include <regex>
#include <sstream>
#include <vector>

#include "core/config/problems.hpp"
#include "core/registry/version.hpp"

namespace graft::core {
namespace {

// Less than, equal to or more than 0; 0.1 is 0.1.0.
int compare_versions(const std::string& one, const std::string& other) {
  std::vector<long> a = version_numbers(one), b = version_numbers(other);
  a.resize(std::max(a.size(), b.size()));
  b.resize(a.size());
  return a < b ? -1 : a > b;
}

bool meets(const std::string& version, const std::string& sign, const std::string& bound) {
  const int order = compare_versions(version, bound);
  if (sign == ">=") return order >= 0;
  if (sign == "<=") return order <= 0;
  if (sign == ">") return order > 0;
  return sign == "<" ? order < 0 : order == 0;
}

// Whether `version` is one that `wanted` asks for; nothing where that is no requirement.
std::optional<bool> fits(const std::string& version, const std::string& wanted) {
  static const std::regex form(R"(\s*(>=|<=|>|<|=)\s*(\d{1,9}(\.\d{1,9}){0,3})\s*)");
  std::istringstream parts(wanted);
  std::optional<bool> fit;
  std::smatch match;
  for (std::string part; std::getline(parts, part, ',');) {
    if (!std::regex_match(part, match, form)) return std::nullopt;
    fit = fit.value_or(true) && meets(version, match[1], match[2]);
  }
  return fit;
}

void check_package(const Value::Member& wanted, const PluginFile& found, Problems& problems) {
  const std::string& text = wanted.value.text();
  const std::optional<bool> fit = fits(found.version, text);
  const std::string name = "plugins." + wanted.key;
  if (!fit) problems.push_back({wanted.value.place, "", name + " must be a version like >=0.1, got " + text});
  if (fit && !*fit)
    problems.push_back({wanted.value.place, "", name + " must be " + text + ", found " + found.version + ", " + found.path});
}

}  // namespace

void check_packages(const Value& config, const PluginCatalog& catalog) {
  const Value* wanted = config.find("plugins");
  Problems problems;
  for (const PluginFile* file : catalog.files())
    for (const Value::Member& package : wanted ? wanted->object() : Value::Object{})
      if (package.key == file->id) check_package(package, *file, problems);
  if (!problems.empty()) throw ConfigErrors(in_file_order(std::move(problems), {}));
}

}  // namespace graft::core
