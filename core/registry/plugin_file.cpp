#include "core/registry/plugin_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <utility>

#include "core/registry/abi.hpp"
#include "core/registry/elf.hpp"
#include "core/registry/links.hpp"
#include "core/registry/manifest.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::uint64_t kAbiBytes = 64 << 10;

std::string joined(const std::vector<std::string>& lines, const std::string& between) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : between) + line;
  return text;
}

class Inspection {
 public:
  explicit Inspection(PluginFile& file) : file_(file) {}

  void run() {
    try {
      const ElfFile elf(file_.path);
      file_.device = elf.device(), file_.inode = elf.inode();
      sections(elf);
      manifest();
      access();
      interface();
      links(elf);
    } catch (const ElfFault& fault) {
      refuse("G101", fault.what());
    }
  }

 private:
  [[noreturn]] void refuse(const std::string& code, const std::string& text) {
    throw PluginRefused(code, file_.label(), file_.path, text);
  }

  std::string section(const ElfFile& elf, const std::string& name, std::uint64_t limit) {
    const std::optional<std::string> bytes = elf.section(name, limit);
    if (!bytes) refuse("G102", "no section " + name + ": not a graft plugin");
    return bytes->substr(0, bytes->find('\0'));
  }

  void sections(const ElfFile& elf) {
    file_.manifest = section(elf, "graft_manifest", kManifestBytes);
    file_.abi = section(elf, "graft_abi", kAbiBytes);
  }

  void manifest() {
    std::vector<std::string> faults;
    Value manifest;
    try {
      manifest = parse_json(file_.manifest, "manifest");
      for (const Problem& problem : check_manifest(manifest)) faults.push_back(problem.message());
    } catch (const Error& error) {
      faults.push_back(error.text());
    }
    if (!faults.empty()) refuse("G103", "the manifest is wrong\n      " + joined(faults, "\n      "));
    file_.id = manifest.at("id").text(), file_.version = manifest.at("version").text();
    file_.components = components_of(manifest, file_.path);
    for (const Value& name : manifest.at("torch_namespaces").list()) file_.namespaces.push_back(name.text());
  }

  // The folder that names it, and where that is a link, the folder that it is in.
  std::vector<std::string> places() const {
    std::error_code ignored;
    const std::filesystem::path named = file_.path, real = std::filesystem::canonical(named, ignored);
    std::vector<std::string> places = {named.parent_path().string(), named.string()};
    if (!real.empty() && std::filesystem::is_symlink(named, ignored))
      places.insert(places.begin() + 1, real.parent_path().string());
    return places;
  }

  // Of a folder that its group may write, the files are in its hands too: one note serves them all.
  void access() {
    bool is_told = false;
    for (const std::string& path : places()) {
      struct stat info;
      if (::stat(path.c_str(), &info) != 0) continue;
      const bool is_open = info.st_mode & S_IWOTH, is_foreign = info.st_uid != 0 && info.st_uid != ::geteuid();
      const std::string fault = is_open ? path + " is writable by the world\n  Close it:  chmod o-w " + path
                                        : path + " is owned by user " + std::to_string(info.st_uid) + ", not by you or root";
      if ((is_open || is_foreign) && !file_.is_named) refuse("G104", fault);
      if (is_open || is_foreign)
        file_.notes.push_back(fault.substr(0, fault.find('\n')));
      else if ((info.st_mode & S_IWGRP) && !std::exchange(is_told, true))
        file_.notes.push_back(path + " is writable by its group");
    }
  }

  void interface() {
    try {
      file_.abi_record = parse_json(file_.abi, "graft_abi");
    } catch (const Error& error) {
      refuse("G102", "section graft_abi is not a record: " + error.text());
    }
    const std::vector<AbiDifference> differences = compare_abi(file_.abi_record, host_abi());
    if (!differences.empty()) refuse("G120", abi_text(differences, host_abi()));
    for (std::string& note : abi_notes(file_.abi_record, host_abi())) file_.notes.push_back(std::move(note));
  }

  void links(const ElfFile& elf) {
    const std::vector<std::string> missing = missing_versions(elf.needed_versions());
    if (!missing.empty()) refuse("G121", joined(missing, "\n       "));
    const std::vector<std::string> unshared = unshared_libraries(elf.needed());
    if (!unshared.empty()) refuse("G122", joined(unshared, "\n       "));
  }

  PluginFile& file_;
};

}  // namespace

std::string PluginFile::label() const { return id.empty() ? path.substr(path.rfind('/') + 1) : id + " " + version; }

PluginFile inspect(const std::string& path, bool is_named) {
  PluginFile file;
  file.is_named = is_named;
  file.path = std::filesystem::absolute(path).lexically_normal().string();
  try {
    Inspection(file).run();
  } catch (const PluginRefused& refused) {
    file.refused = refused;
  }
  return file;
}

}  // namespace graft::core
