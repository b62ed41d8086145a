#include "core/registry/trust.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "core/registry/user_folders.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/parameters.hpp"

namespace graft::core {
namespace {

constexpr const char* kPolicySchema =
    R"({"type": "object", "properties": {"plugins": {"type": "object", "default": {}, "properties": {
  "policy": {"type": "string", "enum": ["open", "pinned"], "default": "pinned"},
  "probe_seconds": {"type": "number", "exclusiveMinimum": 0, "default": 20}}}}})";

// What decides about trust may be written by nobody else.
void require_private(const std::string& path) {
  struct stat info;
  if (::stat(path.c_str(), &info) != 0) return;
  if (info.st_mode & S_IWOTH)
    throw Error("plugin", path + " is writable by the world, so it cannot say whom to trust; close it: chmod o-w " + path);
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    throw Error("plugin", path + " is owned by user " + std::to_string(info.st_uid) + ", not by you or root");
}

}  // namespace

PluginPolicy read_policy(const std::string& path) {
  if (path.empty() || !std::filesystem::exists(path)) return {};
  require_private(path);
  Value value = read_json(path);
  const std::vector<Problem> problems = check_parameters(value, parse_json(kPolicySchema, "graft.json schema"), "");
  if (!problems.empty()) throw Error("plugin", problems.front().message());
  const Value& plugins = value.at("plugins");
  return {plugins.at("policy").text() == "open", plugins.at("probe_seconds").number()};
}

PluginPolicy policy_of_user() {
  const std::string folder = config_folder();
  return read_policy(folder.empty() ? "" : folder + "/graft.json");
}

TrustStore::TrustStore(std::string path) : path_(std::move(path)) {}

TrustStore TrustStore::of_user() {
  const std::string data = data_folder();
  return TrustStore(data.empty() ? "" : data + "/trusted.json");
}

std::vector<TrustedFile> TrustStore::all() const {
  std::vector<TrustedFile> files;
  if (path_.empty() || !std::filesystem::exists(path_)) return files;
  require_private(path_);
  const Value value = read_json(path_);
  for (const Value& entry : value.at("trusted").list())
    files.push_back({entry.at("sha256").text(), entry.at("plugin").text(), entry.at("path").text()});
  return files;
}

bool TrustStore::has(const std::string& sha256) const {
  const std::vector<TrustedFile> files = all();
  return std::any_of(files.begin(), files.end(), [&](const TrustedFile& file) { return file.sha256 == sha256; });
}

void TrustStore::add(const TrustedFile& file) const {
  if (path_.empty()) throw Error("plugin", "there is no folder to remember it in: neither XDG_DATA_HOME nor HOME is set");
  std::vector<TrustedFile> files = all();
  std::erase_if(files, [&](const TrustedFile& other) { return other.sha256 == file.sha256; });
  files.push_back(file);
  write(files);
}

bool TrustStore::remove(const std::string& sha256) const {
  std::vector<TrustedFile> files = all();
  if (std::erase_if(files, [&](const TrustedFile& file) { return file.sha256 == sha256; }) == 0) return false;
  write(files);
  return true;
}

void TrustStore::write(const std::vector<TrustedFile>& files) const {
  Value::List entries;
  for (const TrustedFile& file : files) {
    Value entry = Value::Object{};
    entry.set("sha256", file.sha256);
    entry.set("plugin", file.plugin);
    entry.set("path", file.path);
    entries.push_back(std::move(entry));
  }
  Value value = Value::Object{};
  value.set("trusted", Value(std::move(entries)));
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
  write_file(path_, to_json(value, 2) + "\n");
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
}

void TrustStore::require(const PluginFile& file, const std::string& sha256) const {
  if (has(sha256)) return;
  throw PluginRefused("G112", file.label(), file.path,
                      "not trusted: nobody whom you trust vouches for this file\n       sha256 " + sha256 +
                          "\n  If you know where it comes from:  graft plugin trust " + file.path +
                          "\n  For one call alone:  --plugin " + file.path);
}

}  // namespace graft::core
