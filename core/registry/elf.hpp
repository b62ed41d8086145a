// ElfFile: reads sections of an ELF64 shared object without trusting it.
//
//   must hold  every offset and size is checked against the file, also for wrap-around, before anything is read or allocated;
//              nothing larger than a section's limit is allocated
//   errors     ElfFault: what is wrong, in one line
#pragma once

#include <elf.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace graft::core {

struct ElfFault : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ElfFile {
 public:
  static constexpr std::uint64_t kLimit = 16 << 20;  // bytes of a section, where nothing stricter is asked

  explicit ElfFile(const std::string& path);  // reads the headers and checks the extent of all sections
  ~ElfFile();
  ElfFile(const ElfFile&) = delete;

  std::optional<std::string> section(std::string_view name, std::uint64_t limit = kLimit) const;  // none when absent

  std::vector<std::string> needed() const;  // DT_NEEDED

  struct Version {
    std::string library, name;  // "libstdc++.so.6", "GLIBCXX_3.4.30"
  };
  std::vector<Version> needed_versions() const;       // .gnu.version_r
  std::vector<std::string> defined_versions() const;  // .gnu.version_d

  std::uint64_t device() const { return device_; }  // with inode(): which file was read
  std::uint64_t inode() const { return inode_; }

 private:
  const Elf64_Shdr* find(std::string_view name) const;
  void check_extent(std::uint64_t offset, std::uint64_t size, const std::string& what) const;
  std::string read(std::uint64_t offset, std::uint64_t size, std::uint64_t limit, const std::string& what) const;
  std::string read(const Elf64_Shdr& section, std::uint64_t limit) const;
  std::string strings_of(const Elf64_Shdr& section) const;  // the string table that sh_link names
  std::string name_of(const Elf64_Shdr& section) const;

  int fd_;
  std::uint64_t size_ = 0, device_ = 0, inode_ = 0;
  std::vector<Elf64_Shdr> sections_;
  std::string names_;
};

}  // namespace graft::core
