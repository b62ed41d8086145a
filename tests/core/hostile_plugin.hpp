// Plugin files for tests: the built one of tests/hostile, and copies of it with bytes changed.
#pragma once

#include <elf.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "catch.hpp"
#include "core/registry/loader.hpp"
#include "graft/extractor.hpp"
#include "graft/files.hpp"

namespace hostile {

// Deleted at the end. Nobody else may write it, whatever the umask.
class Folder {
 public:
  Folder() {
    static int count = 0;
    path_ =
        std::filesystem::temp_directory_path() / ("graft-hostile-" + std::to_string(::getpid()) + "-" + std::to_string(count++));
    std::filesystem::create_directories(path_);
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;

  std::string path() const { return path_.string(); }

  std::string add(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path file = path_ / name;
    graft::write_file(file.string(), bytes);
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    return file.string();
  }

 private:
  std::filesystem::path path_;
};

inline std::string sound() { return graft::read_file(GRAFT_HOSTILE_DIR "/hostile.so"); }

// Every occurrence of `from` becomes `to`, of the same length.
inline std::string changed(std::string bytes, const std::string& from, const std::string& to) {
  REQUIRE(from.size() == to.size());
  REQUIRE(bytes.find(from) != std::string::npos);
  for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + 1))
    bytes.replace(at, to.size(), to);
  return bytes;
}

inline std::size_t section_header(const std::string& bytes, const std::string& name) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  const auto at = [&](std::size_t i) { return header.e_shoff + i * sizeof(Elf64_Shdr); };
  Elf64_Shdr names, section;
  std::memcpy(&names, bytes.data() + at(header.e_shstrndx), sizeof(names));
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    std::memcpy(&section, bytes.data() + at(i), sizeof(section));
    if (name == bytes.data() + names.sh_offset + section.sh_name) return at(i);
  }
  FAIL("no section " << name);
  return 0;
}

// The header of a section as `change` leaves it.
template <class Change>
std::string with_section(std::string bytes, const std::string& name, Change change) {
  Elf64_Shdr section;
  const std::size_t at = section_header(bytes, name);
  std::memcpy(&section, bytes.data() + at, sizeof(section));
  change(section);
  std::memcpy(bytes.data() + at, &section, sizeof(section));
  return bytes;
}

inline graft::Config parameters(const std::string& constructor = "nothing", const std::string& transform = "nothing") {
  graft::Value::Object members;
  members.push_back({"column", graft::Value("text"), {}});
  members.push_back({"constructor", graft::Value(constructor), {}});
  members.push_back({"transform", graft::Value(transform), {}});
  return graft::Config("lowered", graft::Value(members));
}

inline graft::core::SearchPath only(const std::string& folder) {
  graft::core::SearchPath path;
  path.has_environment = false;
  path.builtin = folder;
  return path;
}

// A file that the catalog keeps as a reference, with the loader on top.
struct Host {
  explicit Host(const std::string& folder) : catalog(only(folder)), loader(catalog) {}
  std::shared_ptr<graft::Extractor> create(const graft::Config& config = parameters(), const std::string& name = "acme/lower") {
    return loader.create<graft::Extractor>(name, config);
  }
  graft::core::PluginCatalog catalog;
  graft::core::Loader loader;
};

}  // namespace hostile
