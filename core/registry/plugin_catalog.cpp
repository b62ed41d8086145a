#include "core/registry/plugin_catalog.hpp"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "core/registry/user_folders.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

namespace fs = std::filesystem;

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

void verdict(const std::string& line) {
  if (environment("GRAFT_PLUGIN_DEBUG") == "1") std::fprintf(stderr, "plugins: %s\n", line.c_str());
}

std::vector<std::string> split(const std::string& text, char sign) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(sign, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

bool is_variant(const std::string& name) {
  return name.size() > 1 && name[0] == 'g' && std::isdigit(static_cast<unsigned char>(name[1])) &&
         name.find("-torch") != std::string::npos;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) entries.push_back(at->path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

bool is_plugin_name(const fs::path& path) { return path.extension() == ".so" && !path.filename().string().starts_with("lib"); }

std::string verdict_of(const PluginFile& file) {
  if (file.refused) return file.refused->code() + " " + file.refused->text();
  std::string text = file.label() + ", " + std::to_string(file.components.size()) + " components";
  for (const std::string& note : file.notes) text += "; " + note;
  return text;
}

}  // namespace

PluginCatalog::PluginCatalog(const SearchPath& path) : gate_(path.gate) {
  for (const std::string& file : path.files) add_file(file, Whose::kNamed);
  for (const std::string& folder : path.folders) add_folder(folder, "--plugin-path", Whose::kFound, true);
  if (path.has_environment && ::geteuid() == ::getuid()) {
    for (const std::string& folder : split(environment("GRAFT_PLUGIN_PATH"), ':')) {
      if (folder.starts_with('/'))
        add_folder(folder, "GRAFT_PLUGIN_PATH", Whose::kFound, false);
      else
        verdict(folder + " (GRAFT_PLUGIN_PATH): not an absolute path, so it does not count");
    }
    if (const std::string data = data_folder(); !data.empty()) add_folder(data + "/plugins", "user", Whose::kFound, false);
  }
  add_folder(path.builtin, "built in", Whose::kOwn, false);
}

void PluginCatalog::add_folder(const std::string& folder, const std::string& origin, Whose whose, bool is_required) {
  if (folder.empty()) return;
  const bool is_there = fs::is_directory(folder);
  verdict(folder + " (" + origin + ")" + (is_there ? "" : ": no such folder"));
  if (!is_there && is_required) throw Error("plugin", origin + " must be a folder, got " + folder);
  for (const fs::path& entry : entries_of(folder)) {
    if (is_plugin_name(entry)) add_file(entry.string(), whose);
    if (!is_variant(entry.filename().string())) continue;
    for (const fs::path& inner : entries_of(entry))
      if (is_plugin_name(inner)) add_file(inner.string(), whose);
  }
}

void PluginCatalog::add_file(const std::string& path, Whose whose) {
  auto file = std::make_unique<PluginFile>(inspect(path, whose == Whose::kNamed));
  file->is_own = whose == Whose::kOwn;
  verdict(file->path + ": " + verdict_of(*file));
  if (file->is_named && file->refused) throw *file->refused;
  keep(std::move(file));
}

const PluginFile* PluginCatalog::namesake(const PluginFile& file) const {
  for (const auto& other : files_) {
    if (other->inode == file.inode && other->device == file.device && file.inode) return other.get();
    if (!file.refused && !other->refused && other->id == file.id) return other.get();
  }
  return nullptr;
}

void PluginCatalog::keep(std::unique_ptr<PluginFile> file) {
  if (const PluginFile* first = namesake(*file)) return verdict(file->path + ": hidden by " + first->path);
  for (const Component& component : file->components)
    by_name_.emplace(std::pair(component.kind, component.name), Provider(file.get(), &component));
  files_.push_back(std::move(file));
}

std::vector<PluginCatalog::Provider> PluginCatalog::providers(Kind kind, std::string_view name, bool are_refused) const {
  const std::size_t at = std::min(name.find('@'), name.size());
  const std::string_view pin = name.substr(std::min(at + 1, name.size()));
  std::vector<Provider> found;
  const auto [begin, end] = by_name_.equal_range(std::pair(kind, std::string(name.substr(0, at))));
  for (auto entry = begin; entry != end; ++entry) {
    const auto& [file, component] = entry->second;
    if (file->refused.has_value() == are_refused && (pin.empty() || pin == file->id)) found.push_back(entry->second);
  }
  return found;
}

const Component* PluginCatalog::find(Kind kind, std::string_view name) const {
  const std::vector<Provider> fit = providers(kind, name, false);
  if (fit.size() > 1) throw_twice(*fit[0].second, *fit[1].second);
  if (!fit.empty()) return fit.front().second;
  const std::vector<Provider> unfit = providers(kind, name, true);
  if (!unfit.empty()) throw *unfit.front().first->refused;
  return nullptr;
}

void PluginCatalog::throw_twice(const Component& first, const Component& second) const {
  const PluginFile &one = file_of(first), &two = file_of(second);
  throw PluginRefused("G130", two.label(), two.path,
                      std::string(kind_name(first.kind)) + " " + first.name + " is already provided by " + one.label() + ", " +
                          one.path + "\n  Pin one of them:  \"use\": \"" + first.name + "@" + one.id + "\" or \"" + first.name +
                          "@" + two.id + "\"");
}

std::vector<const Component*> PluginCatalog::all() const {
  std::vector<const Component*> components;
  for (const PluginFile* file : files())
    for (const Component& component : file->components) components.push_back(&component);
  return components;
}

const PluginFile& PluginCatalog::file_of(const Component& component) const {
  for (const auto& file : files_)
    if (!file->components.empty() && &component >= file->components.data() &&
        &component < file->components.data() + file->components.size())
      return *file;
  throw Error("plugin", component.name + " is not of this catalog");
}

std::vector<const PluginFile*> PluginCatalog::files() const {
  std::vector<const PluginFile*> files;
  for (const auto& file : files_)
    if (!file->refused) files.push_back(file.get());
  return files;
}

std::vector<const PluginFile*> PluginCatalog::refused() const {
  std::vector<const PluginFile*> files;
  for (const auto& file : files_)
    if (file->refused) files.push_back(file.get());
  return files;
}

}  // namespace graft::core
