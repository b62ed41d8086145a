// Any bytes as the manifest of a plugin file that is otherwise sound; and the parameters of what it then declares.
#include <elf.h>

#include <cstdint>
#include <cstring>

#include "core/registry/manifest.hpp"
#include "examine.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace {

// The offset of the section header of that name.
std::size_t section_header(const std::string& bytes, const std::string& name) {
  Elf64_Ehdr header;
  Elf64_Shdr names, section;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(&names, bytes.data() + header.e_shoff + header.e_shstrndx * sizeof names, sizeof names);
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    const std::size_t at = header.e_shoff + i * sizeof section;
    std::memcpy(&section, bytes.data() + at, sizeof section);
    if (name == bytes.data() + names.sh_offset + section.sh_name) return at;
  }
  throw std::runtime_error("no section " + name);
}

std::string with_manifest(std::string_view manifest) {
  static const std::string sound = graft::read_file(GRAFT_HOSTILE_DIR "/hostile.so");
  static const std::size_t at = section_header(sound, "graft_manifest");
  std::string bytes = sound;
  Elf64_Shdr section;
  std::memcpy(&section, bytes.data() + at, sizeof section);
  section.sh_offset = bytes.size();
  section.sh_size = manifest.size();
  std::memcpy(bytes.data() + at, &section, sizeof section);
  return bytes.append(manifest);
}

void use(std::string_view text) {
  using namespace graft;
  try {
    Value manifest = parse_json(std::string(text), "manifest");
    if (!core::check_manifest(manifest).empty()) return;
    for (const core::Component& component : core::components_of(manifest, "fuzz")) {
      Value parameters = Value::Object{};
      check_parameters(parameters, component.entry.at("params"), component.name);
      to_json(parameters);
    }
  } catch (const Error&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  fuzz::examine(with_manifest(text));
  if (size <= graft::core::kManifestBytes) use(text);
  return 0;
}
