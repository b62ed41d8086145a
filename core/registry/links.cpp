#include "core/registry/links.hpp"

#include <dlfcn.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "core/registry/version.hpp"
#include "graft/abi.hpp"

namespace graft::core {
namespace {

constexpr std::array<std::string_view, 4> kFamilies = {"GLIBC_", "GLIBCXX_", "CXXABI_", "GRAFT_"};
constexpr const char* kGraft = "libgraft.so." GRAFT_TEXT(GRAFT_SDK_ABI);
constexpr std::array<std::string_view, 6> kTorch = {"libtorch_cpu.so",  "libc10.so",      "libtorch.so",
                                                    "libtorch_cuda.so", "libc10_cuda.so", "libtorch_cuda_linalg.so"};

std::string_view family_of(std::string_view version) {
  for (const std::string_view family : kFamilies)
    if (version.starts_with(family)) return family;
  return {};
}

// "GLIBCXX_3.4.30" -> 3, 4, 30; empty for names without numbers, such as GLIBC_ABI_DT_RELR.
std::vector<long> numbers_of(std::string_view version) {
  const std::string digits(version.substr(family_of(version).size()));
  if (digits.empty() || digits.find_first_not_of("0123456789.") != std::string::npos) return {};
  return version_numbers(digits);
}

bool is_less(const std::string& a, const std::string& b) { return numbers_of(a) < numbers_of(b); }

// The versions that the library which defines `symbol` offers in this process.
void add_versions_of(const char* symbol, std::set<std::string>& versions) {
  Dl_info info;
  void* address = ::dlsym(RTLD_DEFAULT, symbol);
  if (!address || !::dladdr(address, &info)) return;
  for (std::string& version : ElfFile(info.dli_fname).defined_versions()) versions.insert(std::move(version));
}

const std::set<std::string>& host_versions() {
  static const std::set<std::string> versions = [] {
    std::set<std::string> all;
    add_versions_of("gnu_get_libc_version", all);
    add_versions_of("_ZSt9terminatev", all);
    return all;
  }();
  return versions;
}

std::string highest(std::string_view family) {
  std::string best;
  for (const std::string& version : host_versions())
    if (family_of(version) == family && !numbers_of(version).empty() && (best.empty() || is_less(best, version))) best = version;
  return best;
}

bool is_there(const std::string& version) {
  if (host_versions().count(version)) return true;
  const std::string best = highest(family_of(version));
  return !best.empty() && !numbers_of(version).empty() && !is_less(best, version);  // libm leaves some numbers of libc out
}

}  // namespace

std::vector<std::string> missing_versions(const std::vector<ElfFile::Version>& needed) {
  std::map<std::string_view, std::string> missing;
  for (const ElfFile::Version& version : needed) {
    const std::string_view family = family_of(version.name);
    if (family.empty() || is_there(version.name)) continue;
    std::string& worst = missing[family];
    if (worst.empty() || is_less(worst, version.name)) worst = version.name;
  }
  std::vector<std::string> lines;
  for (const auto& [family, version] : missing) {
    const std::string best = highest(family);
    lines.push_back("needs " + version + ", host has " + (best.empty() ? "none" : best.substr(family.size())));
  }
  return lines;
}

std::vector<std::string> unshared_libraries(const std::vector<std::string>& needed) {
  std::vector<std::string> lines;
  for (const std::string& library : needed) {
    const std::string name = library.substr(library.rfind('/') + 1);
    const bool is_torch = name.starts_with("libtorch") || name.starts_with("libc10");
    if (is_torch && std::find(kTorch.begin(), kTorch.end(), library) == kTorch.end())
      lines.push_back("links its own libtorch: " + library);
  }
  for (const char* shared : {kGraft, "libtorch_cpu.so", "libc10.so"})
    if (std::find(needed.begin(), needed.end(), shared) == needed.end())
      lines.push_back("does not link the host's " + std::string(shared));
  return lines;
}

}  // namespace graft::core
