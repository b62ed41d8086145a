#include "core/config/paths.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/config/problems.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kHuggingFace = "hf:";

fs::path hub_cache() {
  const auto variable = [](const char* name) { return fs::path(std::getenv(name) ? std::getenv(name) : ""); };
  if (const fs::path cache = variable("HF_HUB_CACHE"); !cache.empty()) return cache;
  if (const fs::path home = variable("HF_HOME"); !home.empty()) return home / "hub";
  return variable("HOME") / ".cache" / "huggingface" / "hub";
}

std::string cached_model(const std::string& written) {
  std::string name = written;
  for (std::size_t slash = name.find('/'); slash != std::string::npos; slash = name.find('/')) name.replace(slash, 1, "--");
  const fs::path model = hub_cache() / ("models--" + name);
  if (!fs::exists(model / "refs" / "main"))
    throw Error("", std::string(kHuggingFace) + written + " is not in the local Hugging Face cache: " + model.string() +
                        " does not exist");
  std::string revision = read_file((model / "refs" / "main").string());
  revision.erase(revision.find_last_not_of(" \r\n") + 1);
  return (model / "snapshots" / revision).string();
}

// What stands in the way: the last folder that exists, and the name in it that was meant.
std::string absence(const fs::path& path) {
  fs::path folder = path.parent_path(), missing = path.filename();
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored) && folder != folder.root_path()) {
    missing = folder.filename();
    folder = folder.parent_path();
  }
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  const std::string hint = did_you_mean(missing.string(), names);
  return path.string() + " does not exist" +
         (hint.empty() && missing != path.filename() ? ", nor does " + (folder / missing).string() : hint);
}

}  // namespace

std::string beside(const Place& origin, const std::string& path) {
  const bool has_file = origin.file && origin.line > 0;
  return has_file ? (fs::path(*origin.file).parent_path() / path).lexically_normal().string() : path;
}

std::string input_path(const Place& origin, const std::string& path) {
  if (path.starts_with(kHuggingFace)) return cached_model(path.substr(kHuggingFace.size()));
  fs::path absolute = fs::absolute(beside(origin, path)).lexically_normal();
  if (!absolute.has_filename()) absolute = absolute.parent_path();
  std::error_code ignored;
  if (!fs::exists(absolute, ignored)) throw Error("", absence(absolute));
  return absolute.string();
}

}  // namespace graft::core
