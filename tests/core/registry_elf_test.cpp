#include <random>

#include "core/registry/elf.hpp"
#include "core/registry/plugin_file.hpp"
#include "hostile_plugin.hpp"

using namespace graft;
using namespace graft::core;
using namespace hostile;

namespace {

std::string refusal(const std::string& bytes) {
  const Folder folder;
  const PluginFile file = inspect(folder.add("x.so", bytes));
  return file.refused ? file.refused->code() + " " + file.refused->text() : "fits";
}

std::size_t section_table(const std::string& bytes) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  return header.e_shoff;
}

// Everything a reader can be asked for, also what a refusal would have left unread.
void read_all(const std::string& path) {
  try {
    const ElfFile elf(path);
    for (const char* name : {"graft_manifest", "graft_abi", ".text", ".dynsym"}) elf.section(name);
    elf.defined_versions();
    elf.needed();
    elf.needed_versions();
  } catch (const ElfFault&) {
  }
}

std::string with_header(std::string bytes, const std::function<void(Elf64_Ehdr&)>& change) {
  Elf64_Ehdr header;
  std::memcpy(&header, bytes.data(), sizeof(header));
  change(header);
  std::memcpy(bytes.data(), &header, sizeof(header));
  return bytes;
}

}  // namespace

TEST_CASE("elf: sections, needed libraries and versions are those that the linker wrote", "[core][registry]") {
  const ElfFile elf(GRAFT_HOSTILE_DIR "/hostile.so");
  const std::string manifest = *elf.section("graft_manifest");
  CHECK(manifest.substr(0, manifest.size() - 1) == read_file(GRAFT_SOURCE_DIR "/tests/hostile/plugin.json"));
  CHECK(manifest.back() == '\0');
  CHECK(elf.section("graft_abi")->starts_with(R"({"sdk_abi":"0","sdk":"0.1.0",)"));
  CHECK_FALSE(elf.section("graft_abi_v2"));

  const std::vector<std::string> needed = elf.needed();
  for (const char* library : {"libgraft.so.0", "libtorch_cpu.so", "libc10.so", "libstdc++.so.6"})
    CHECK(std::count(needed.begin(), needed.end(), library) == 1);
  const auto versions = elf.needed_versions();
  CHECK(std::any_of(versions.begin(), versions.end(), [](const ElfFile::Version& version) {
    return version.library == "libstdc++.so.6" && version.name == "GLIBCXX_3.4";
  }));
}

TEST_CASE("G101: what is no sound ELF64 shared object is refused with what is wrong", "[core][registry][hostile]") {
  const std::string good = sound();
  CHECK(refusal("id,text\n1,a plugin that is a table\n" + std::string(64, ' ')) == "G101 not an ELF file");
  CHECK(refusal("") == "G101 not an ELF file");
  CHECK(refusal(with_header(good, [](Elf64_Ehdr& header) { header.e_ident[EI_CLASS] = ELFCLASS32; })) ==
        "G101 not a 64-bit ELF file");
  CHECK(refusal(with_header(good, [](Elf64_Ehdr& header) { header.e_ident[EI_DATA] = ELFDATA2MSB; })) ==
        "G101 an ELF file of another byte order");
  CHECK(refusal(with_header(good, [](Elf64_Ehdr& header) { header.e_type = ET_EXEC; })) == "G101 not a shared object");
  CHECK(refusal(with_header(good, [](Elf64_Ehdr& header) { header.e_shnum = 50000; })) == "G101 50000 sections, limit 4096");
  CHECK(refusal(with_header(good, [](Elf64_Ehdr& header) { header.e_shstrndx = 4000; })) == "G101 no table of section names");

  const std::string half = good.substr(0, good.size() / 2);
  Elf64_Ehdr header;
  std::memcpy(&header, good.data(), sizeof(header));
  CHECK(refusal(half) == "G101 the section headers: " + std::to_string(header.e_shnum * 64) + " bytes at " +
                             std::to_string(section_table(good)) + " end past the end of the file (" +
                             std::to_string(half.size()) + " bytes)");
}

TEST_CASE("G101: a section of 4 GiB, or one whose end wraps around, is refused before anything is allocated",
          "[core][registry][hostile]") {
  const std::string good = sound();
  Elf64_Shdr section;
  std::memcpy(&section, good.data() + section_header(good, "graft_manifest"), sizeof(section));
  const std::string end = " end past the end of the file (" + std::to_string(good.size()) + " bytes)";
  CHECK(refusal(with_section(good, "graft_manifest", [](Elf64_Shdr& s) { s.sh_size = 1ULL << 32; })) ==
        "G101 section graft_manifest: 4294967296 bytes at " + std::to_string(section.sh_offset) + end);
  CHECK(refusal(with_section(good, "graft_manifest", [](Elf64_Shdr& s) { s.sh_size = ~0ULL; })) ==
        "G101 section graft_manifest: 18446744073709551615 bytes at " + std::to_string(section.sh_offset) + end);
  CHECK(refusal(with_section(good, "graft_abi", [](Elf64_Shdr& s) { s.sh_offset = ~0ULL - 100; })) ==
        "G101 section graft_abi: 2048 bytes at 18446744073709551515" + end);
}

TEST_CASE("G101: a manifest over 1 MiB is refused", "[core][registry][hostile]") {
  std::string large = sound();
  const std::size_t begin = large.size();
  large.resize(begin + (1 << 20) + 1, ' ');
  large = with_section(large, "graft_manifest", [&](Elf64_Shdr& s) { s.sh_offset = begin, s.sh_size = (1 << 20) + 1; });
  CHECK(refusal(large) == "G101 section graft_manifest: 1048577 bytes, limit 1048576");
}

TEST_CASE("G101: a version chain that leaves its section is refused", "[core][registry][hostile]") {
  std::string bytes = sound();
  Elf64_Shdr section;
  std::memcpy(&section, bytes.data() + section_header(bytes, ".gnu.version_r"), sizeof(section));
  Elf64_Verneed first;
  std::memcpy(&first, bytes.data() + section.sh_offset, sizeof(first));
  first.vn_aux = 0x7fffffff;
  std::memcpy(bytes.data() + section.sh_offset, &first, sizeof(first));
  CHECK(refusal(bytes) == "G101 .gnu.version_r: an entry ends past its section");
}

TEST_CASE("G101: a folder and a missing file are refused, not read", "[core][registry][hostile]") {
  const Folder folder;
  CHECK(inspect(folder.path()).refused->text() == "not a file");
  CHECK(inspect(folder.path() + "/none.so").refused->text() == "No such file or directory");
}

TEST_CASE("elf: 300 plugins with random bytes changed are all read or refused, and none harms the host",
          "[core][registry][hostile]") {
  const std::string good = sound();
  const Folder folder;
  std::mt19937_64 random(1);
  // Half of the changes hit the section headers, where a reader that trusts the file would be led astray.
  const std::size_t table = section_table(good);
  int refused = 0;
  for (int i = 0; i < 300; ++i) {
    std::string bytes = good;
    for (int change = 0; change < 8; ++change) {
      const bool is_header = random() % 2;
      const std::size_t at = is_header ? table + random() % (bytes.size() - table) : random() % bytes.size();
      bytes[at] = static_cast<char>(random());
    }
    if (i % 10 == 0) bytes.resize(random() % bytes.size());
    const std::string path = folder.add("x.so", bytes);
    read_all(path);
    const PluginFile file = inspect(path);
    refused += file.refused.has_value();
    if (!file.refused) CHECK(file.id == "acme-lower");
  }
  CHECK(refused > 150);
}
