#include "core/conformance/file_symbols.hpp"

#include <cstring>

namespace graft::core::conformance {
namespace {

std::string text_at(const std::string& strings, std::uint64_t offset) {
  if (offset >= strings.size()) throw ElfFault("a name lies outside its string table");
  return std::string(strings.c_str() + offset);
}

template <class Entry, class Use>
void each(const std::string& bytes, Use use) {
  for (std::size_t at = 0; at + sizeof(Entry) <= bytes.size(); at += sizeof(Entry)) {
    Entry entry;
    std::memcpy(&entry, bytes.data() + at, sizeof entry);
    use(entry);
  }
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    if (end > begin) parts.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

FileSymbols::FileSymbols(const ElfFile& file) {
  const std::string strings = file.section(".dynstr").value_or("");
  each<Elf64_Sym>(file.section(".dynsym").value_or(""), [&](const Elf64_Sym& symbol) {
    const unsigned binding = ELF64_ST_BIND(symbol.st_info), visibility = ELF64_ST_VISIBILITY(symbol.st_other);
    if (symbol.st_name == 0 || binding == STB_LOCAL) return;
    if (symbol.st_shndx == SHN_UNDEF && binding == STB_GLOBAL) undefined.push_back(text_at(strings, symbol.st_name));
    if (symbol.st_shndx == SHN_UNDEF || symbol.st_shndx == SHN_ABS || visibility == STV_HIDDEN) return;
    exported.push_back(text_at(strings, symbol.st_name));
  });
  each<Elf64_Dyn>(file.section(".dynamic").value_or(""), [&](const Elf64_Dyn& entry) {
    if (entry.d_tag == DT_RPATH || entry.d_tag == DT_RUNPATH)
      for (std::string& part : parts_of(text_at(strings, entry.d_un.d_val))) run_paths.push_back(std::move(part));
    if (entry.d_tag == DT_FLAGS_1) is_nodelete = entry.d_un.d_val & DF_1_NODELETE, is_now = entry.d_un.d_val & DF_1_NOW;
  });
}

}  // namespace graft::core::conformance
