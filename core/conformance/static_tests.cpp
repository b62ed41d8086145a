// What a plugin file says of itself, before any of its code runs.
#include <cxxabi.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>

#include "core/conformance/compare.hpp"
#include "core/conformance/file_symbols.hpp"
#include "core/conformance/process.hpp"
#include "core/conformance/test.hpp"
#include "core/registry/links.hpp"
#include "core/registry/manifest.hpp"

namespace graft::core::conformance {
namespace {

// FAIL where the host's own inspection refuses the file by one of these codes.
void refuse_by(const PluginFile& file, const std::vector<std::string>& codes, const std::string& expected) {
  if (!file.refused || std::find(codes.begin(), codes.end(), file.refused->code()) == codes.end()) return;
  fail(expected, file.refused->code() + " " + file.refused->text());
}

std::vector<std::string> known_tests(Kind kind) {
  std::vector<std::string> names;
  for (const Test& test : tests_of(kind)) names.emplace_back(test.name);
  return names;
}

void manifest_schema(const PluginFile& file) {
  refuse_by(file, {"G101", "G102", "G103"}, "a shared object with a manifest that keeps the rules");
  for (const Component& component : file.components) {
    const std::vector<std::string> known = known_tests(component.kind);
    for (const auto& [test, reason] : Settings::of(component.entry).except) {
      const std::string where = component.name + ": check.except." + test, close = nearest(test, known);
      expect(std::find(known.begin(), known.end(), test) != known.end(), "the name of a test of its kind",
             where + (close.empty() ? "" : ", did you mean " + close + "?"));
      expect(!reason.empty(), "a reason for each exception", where + " has none");
    }
  }
}

void manifest_license(const PluginFile& file) {
  const Value manifest = parse_json(file.manifest, "manifest");
  if (const Value* license = manifest.find("license"); !license || license->text().empty())
    note("the manifest has no license: others cannot know whether they may use the plugin");
}

void name_reserved(const PluginFile& file) {
  for (const Component& component : file.components)
    expect(!component.name.starts_with("graft/") || file.id.starts_with("graft-"),
           "a vendor of your own before the slash: graft/ is kept for graft's plugins", component.name);
}

void abi_record_present(const PluginFile& file) {
  refuse_by(file, {"G102"}, "a record of the binary interface (GRAFT_PLUGIN makes it)");
}

void abi_matches_host(const PluginFile& file) { refuse_by(file, {"G120"}, "the binary interface of this host"); }

void exports_only_three(const PluginFile& file) {
  const std::vector<std::string> wanted = {"graft_abi_v1", "graft_manifest_v1", "graft_plugin_v1"};
  std::vector<std::string> exported = FileSymbols(ElfFile(file.path)).exported;
  std::sort(exported.begin(), exported.end());
  if (exported == wanted) return;
  std::vector<std::string> more, less;
  std::set_difference(exported.begin(), exported.end(), wanted.begin(), wanted.end(), std::back_inserter(more));
  std::set_difference(wanted.begin(), wanted.end(), exported.begin(), exported.end(), std::back_inserter(less));
  const std::size_t count = more.size();
  more.resize(std::min<std::size_t>(count, 3));
  fail("the symbols " + text_of(wanted) + " and no others (graft_add_plugin hides the rest)",
       (less.empty() ? "" : "without " + text_of(less) + "; ") + std::to_string(count) + " more" +
           (more.empty() ? "" : ": " + text_of(more)));
}

void nodelete_flag(const PluginFile& file) {
  expect(FileSymbols(ElfFile(file.path)).is_nodelete, "the flag NODELETE: link with -Wl,-z,nodelete", "no such flag");
}

bool is_loaded(const std::string& library) {
  void* handle = ::dlopen(library.c_str(), RTLD_NOW | RTLD_NOLOAD);
  if (handle) ::dlclose(handle);
  return handle;
}

std::string demangled(const std::string& symbol) {
  const std::unique_ptr<char, void (*)(void*)> name(abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, nullptr), std::free);
  return name ? name.get() : symbol;
}

void no_undefined(const PluginFile& file) {
  const ElfFile elf(file.path);
  for (const std::string& library : elf.needed())
    if (!is_loaded(library))
      skip("it cannot be told without loading " + library +
           ", which it links and graft does not; load-now finds what is missing");
  std::vector<std::string> missing;
  for (const std::string& symbol : FileSymbols(elf).undefined)
    if (!::dlsym(RTLD_DEFAULT, symbol.c_str())) missing.push_back(demangled(symbol));
  expect(missing.empty(), "every symbol in a library that it links: link with -Wl,-z,defs", "nobody has " + text_of(missing));
}

void no_own_libtorch(const PluginFile& file) {
  const std::vector<std::string> unshared = unshared_libraries(ElfFile(file.path).needed());
  expect(unshared.empty(), "the host's libtorch and libgraft", text_of(unshared, "; "));
}

void glibc_floor(const PluginFile& file) {
  const std::vector<std::string> missing = missing_versions(ElfFile(file.path).needed_versions());
  expect(missing.empty(), "no newer system library than the host's", text_of(missing, "; "));
}

void no_rpath_outside(const PluginFile& file) {
  std::vector<std::string> outside;
  for (const std::string& path : FileSymbols(ElfFile(file.path)).run_paths)
    if (!path.starts_with("$ORIGIN") && !has_mapped(std::filesystem::weakly_canonical(path).string() + "/"))
      outside.push_back(path);  // and none of this host's libraries lies there
  if (!outside.empty()) note("it looks for libraries in " + text_of(outside) + ": fine on this machine only");
}

void section_size(const PluginFile& file) {
  constexpr std::size_t kMuch = kManifestBytes / 4;
  if (file.manifest.size() > kMuch)
    note("the manifest has " + std::to_string(file.manifest.size()) + " bytes, of at most " + std::to_string(kManifestBytes));
}

}  // namespace

const std::vector<StaticTest>& static_tests() {
  static const std::vector<StaticTest> tests = {
      {"manifest-schema", manifest_schema},   {"manifest-license", manifest_license},
      {"name-reserved", name_reserved},       {"abi-record-present", abi_record_present},
      {"abi-matches-host", abi_matches_host}, {"exports-only-three", exports_only_three},
      {"nodelete-flag", nodelete_flag},       {"no-undefined", no_undefined},
      {"no-own-libtorch", no_own_libtorch},   {"glibc-floor", glibc_floor},
      {"no-rpath-outside", no_rpath_outside}, {"section-size", section_size}};
  return tests;
}

}  // namespace graft::core::conformance
