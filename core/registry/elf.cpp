#include "core/registry/elf.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

namespace graft::core {
namespace {

constexpr std::uint64_t kMostSections = 4096;
constexpr std::size_t kLongestName = 1024;
constexpr std::size_t kMostEntries = 4096;  // libraries and versions of one file

template <class Record>
Record record_at(std::string_view bytes, std::uint64_t offset, const char* what) {
  if (offset > bytes.size() || bytes.size() - offset < sizeof(Record))
    throw ElfFault(std::string(what) + ": an entry ends past its section");
  Record record;
  std::memcpy(&record, bytes.data() + offset, sizeof(Record));
  return record;
}

std::string text_at(std::string_view strings, std::uint64_t offset) {
  if (offset >= strings.size()) throw ElfFault("a name lies outside its string table");
  const std::string_view rest = strings.substr(offset, kLongestName);
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos) throw ElfFault("a name has no end");
  return std::string(rest.substr(0, end));
}

template <class Entry>
void append(std::vector<Entry>& entries, Entry entry) {
  if (entries.size() == kMostEntries) throw ElfFault("more than " + std::to_string(kMostEntries) + " libraries or versions");
  entries.push_back(std::move(entry));
}

void check_identity(const Elf64_Ehdr& header) {
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) throw ElfFault("not an ELF file");
  if (header.e_ident[EI_CLASS] != ELFCLASS64) throw ElfFault("not a 64-bit ELF file");
  if (header.e_ident[EI_DATA] != (std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB))
    throw ElfFault("an ELF file of another byte order");
  if (header.e_type != ET_DYN) throw ElfFault("not a shared object");
  if (header.e_shentsize != sizeof(Elf64_Shdr) && header.e_shnum != 0) throw ElfFault("section headers of another size");
  if (header.e_shnum > kMostSections)
    throw ElfFault(std::to_string(header.e_shnum) + " sections, limit " + std::to_string(kMostSections));
}

}  // namespace

ElfFile::ElfFile(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (fd_ < 0) throw ElfFault(std::strerror(errno));
  try {
    struct stat info;
    if (::fstat(fd_, &info) != 0) throw ElfFault(std::strerror(errno));
    if (!S_ISREG(info.st_mode)) throw ElfFault("not a file");
    size_ = static_cast<std::uint64_t>(info.st_size), device_ = info.st_dev, inode_ = info.st_ino;
    if (size_ < sizeof(Elf64_Ehdr)) throw ElfFault("not an ELF file");

    const auto header = record_at<Elf64_Ehdr>(read(0, sizeof(Elf64_Ehdr), kLimit, "the header"), 0, "the header");
    check_identity(header);
    if (header.e_shnum == 0) return;
    sections_.resize(header.e_shnum);
    const std::string table = read(header.e_shoff, sections_.size() * sizeof(Elf64_Shdr), kLimit, "the section headers");
    std::memcpy(sections_.data(), table.data(), table.size());
    if (header.e_shstrndx >= sections_.size()) throw ElfFault("no table of section names");
    names_ = read(sections_[header.e_shstrndx], kLimit);
    for (const Elf64_Shdr& section : sections_)
      if (section.sh_type != SHT_NOBITS && section.sh_type != SHT_NULL)
        check_extent(section.sh_offset, section.sh_size, "section " + name_of(section));
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

ElfFile::~ElfFile() { ::close(fd_); }

void ElfFile::check_extent(std::uint64_t offset, std::uint64_t size, const std::string& what) const {
  if (offset > size_ || size > size_ - offset)
    throw ElfFault(what + ": " + std::to_string(size) + " bytes at " + std::to_string(offset) +
                   " end past the end of the file (" + std::to_string(size_) + " bytes)");
}

std::string ElfFile::read(std::uint64_t offset, std::uint64_t size, std::uint64_t limit, const std::string& what) const {
  check_extent(offset, size, what);
  if (size > limit) throw ElfFault(what + ": " + std::to_string(size) + " bytes, limit " + std::to_string(limit));
  std::string bytes(size, '\0');
  for (std::size_t done = 0; done < size;) {
    const ssize_t got = ::pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw ElfFault(what + ": cannot be read");
    done += static_cast<std::size_t>(got);
  }
  return bytes;
}

std::string ElfFile::read(const Elf64_Shdr& section, std::uint64_t limit) const {
  return read(section.sh_offset, section.sh_size, limit, "section " + name_of(section));
}

std::string ElfFile::name_of(const Elf64_Shdr& section) const {
  return section.sh_name < names_.size() ? text_at(names_, section.sh_name) : std::to_string(&section - sections_.data());
}

const Elf64_Shdr* ElfFile::find(std::string_view name) const {
  for (const Elf64_Shdr& section : sections_) {
    const std::string_view rest =
        section.sh_name < names_.size() ? std::string_view(names_).substr(section.sh_name) : std::string_view();
    if (rest.size() > name.size() && rest.starts_with(name) && rest[name.size()] == '\0') return &section;
  }
  return nullptr;
}

std::optional<std::string> ElfFile::section(std::string_view name, std::uint64_t limit) const {
  const Elf64_Shdr* section = find(name);
  if (!section || section->sh_type == SHT_NOBITS) return std::nullopt;
  return read(*section, limit);
}

std::string ElfFile::strings_of(const Elf64_Shdr& section) const {
  if (section.sh_link >= sections_.size()) throw ElfFault("section " + name_of(section) + " has no string table");
  return read(sections_[section.sh_link], kLimit);
}

std::vector<std::string> ElfFile::needed() const {
  std::vector<std::string> needed;
  const Elf64_Shdr* section = find(".dynamic");
  if (!section) return needed;
  const std::string entries = read(*section, kLimit), strings = strings_of(*section);
  for (std::uint64_t at = 0; at + sizeof(Elf64_Dyn) <= entries.size(); at += sizeof(Elf64_Dyn)) {
    const auto entry = record_at<Elf64_Dyn>(entries, at, ".dynamic");
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_NEEDED) append(needed, text_at(strings, entry.d_un.d_val));
  }
  return needed;
}

// Both version sections are chains, each link an offset from its own record: offsets only grow, so none can go round.
std::vector<ElfFile::Version> ElfFile::needed_versions() const {
  std::vector<Version> versions;
  const Elf64_Shdr* section = find(".gnu.version_r");
  if (!section) return versions;
  const std::string entries = read(*section, kLimit), strings = strings_of(*section);
  for (std::uint64_t at = 0, left = section->sh_info; left > 0; --left) {
    const auto library = record_at<Elf64_Verneed>(entries, at, ".gnu.version_r");
    std::uint64_t inner = at + library.vn_aux;
    for (unsigned count = library.vn_cnt; count > 0; --count) {
      const auto version = record_at<Elf64_Vernaux>(entries, inner, ".gnu.version_r");
      append(versions, {text_at(strings, library.vn_file), text_at(strings, version.vna_name)});
      if (version.vna_next == 0) break;
      inner += version.vna_next;
    }
    if (library.vn_next == 0) break;
    at += library.vn_next;
  }
  return versions;
}

std::vector<std::string> ElfFile::defined_versions() const {
  std::vector<std::string> versions;
  const Elf64_Shdr* section = find(".gnu.version_d");
  if (!section) return versions;
  const std::string entries = read(*section, kLimit), strings = strings_of(*section);
  for (std::uint64_t at = 0, left = section->sh_info; left > 0; --left) {
    const auto version = record_at<Elf64_Verdef>(entries, at, ".gnu.version_d");
    append(versions, text_at(strings, record_at<Elf64_Verdaux>(entries, at + version.vd_aux, ".gnu.version_d").vda_name));
    if (version.vd_next == 0) break;
    at += version.vd_next;
  }
  return versions;
}

}  // namespace graft::core
