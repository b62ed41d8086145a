#include "core/registry/abi.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "core/registry/version.hpp"
#include "graft/abi.hpp"

namespace graft::core {
namespace {

constexpr abi::Record kHost = abi::record();

std::string field(const Value& record, std::string_view key) {
  const Value* value = record.find(key);
  return value && value->is_text() ? value->text() : "-";
}

std::string first_parts(const std::string& version, int parts) {
  std::size_t end = 0;
  while (end < version.size() && (version[end] != '.' || --parts > 0)) ++end;
  return version.substr(0, end);
}

bool is_released(const Value& record) { return field(record, "sdk_abi") != "0"; }

// Types in order, each "name=size/alignment".
std::vector<std::pair<std::string, std::string>> layouts(const Value& record) {
  std::vector<std::pair<std::string, std::string>> all;
  std::istringstream in(field(record, "layout"));
  for (std::string part; in >> part;) {
    const std::size_t at = std::min(part.find('='), part.size());
    all.emplace_back(part.substr(0, at), at < part.size() ? part.substr(at + 1) : "");
  }
  return all;
}

class Comparison {
 public:
  Comparison(const Value& plugin, const Value& host) : plugin_(plugin), host_(host) {}

  std::vector<AbiDifference> run() {
    equal("sdk_abi", "must be equal");
    check("sdk", version_numbers(field(plugin_, "sdk")) <= version_numbers(field(host_, "sdk")),
          "must not be newer than the host's");
    if (!is_released(host_)) equal("sdk_headers", "must be equal before 1.0 (" + versions() + ")");
    check("torch", first_parts(field(plugin_, "torch"), 2) == first_parts(field(host_, "torch"), 2), "must agree in major.minor");
    for (const char* name : {"stdlib", "stdlib_abi", "debug_stl", "asan", "tsan", "arch", "os"}) equal(name, "must be equal");
    layout();
    return std::move(differences_);
  }

 private:
  void equal(const std::string& name, const std::string& rule) { check(name, field(plugin_, name) == field(host_, name), rule); }

  void check(const std::string& name, bool holds, const std::string& rule) {
    const std::string plugin = field(plugin_, name);
    if (!holds || plugin == "-") differences_.push_back({name, plugin, field(host_, name), rule});
  }

  std::string versions() const {
    const std::string plugin = field(plugin_, "sdk"), host = field(host_, "sdk");
    return plugin == host ? "both call themselves SDK " + host : "SDK " + plugin + " and " + host;
  }

  void layout() {
    const auto plugin = layouts(plugin_), host = layouts(host_);
    for (const auto& [type, size] : host) {
      const auto found = std::find_if(plugin.begin(), plugin.end(), [&](const auto& entry) { return entry.first == type; });
      const std::string other = found == plugin.end() ? "-" : found->second;
      if (other != size) differences_.push_back({"layout " + type, other, size, "must be equal"});
    }
  }

  const Value& plugin_;
  const Value& host_;
  std::vector<AbiDifference> differences_;
};

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size() + 2, width), ' ');
  return text;
}

// Where cmake finds the SDK of this program: beside it when it is installed.
std::string sdk_folder() {
  std::error_code failed;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", failed);
  const auto folder = program.parent_path().parent_path() / "lib/cmake/graft";
  if (!std::filesystem::exists(folder / "graftConfig.cmake", failed)) return "<prefix>/lib/cmake/graft";
  return folder.string().find(' ') == std::string::npos ? folder.string() : "'" + folder.string() + "'";
}

}  // namespace

const Value& host_abi() {
  static const Value host = parse_json(kHost.text, "abi");
  return host;
}

std::vector<AbiDifference> compare_abi(const Value& plugin, const Value& host) { return Comparison(plugin, host).run(); }

std::vector<std::string> abi_notes(const Value& plugin, const Value& host) {
  const std::string theirs = field(plugin, "torch"), ours = field(host, "torch");
  if (theirs == ours) return {};
  return {"built against LibTorch " + theirs + ", runs with " + ours};
}

std::string abi_text(const std::vector<AbiDifference>& differences, const Value& host) {
  std::size_t field_width = 13, plugin_width = 14, host_width = 11;
  for (const AbiDifference& row : differences) {
    field_width = std::max(field_width, row.field.size() + 2);
    plugin_width = std::max(plugin_width, row.plugin.size() + 2);
    host_width = std::max(host_width, row.host.size() + 2);
  }
  std::string text = "binary interface differs from this graft (" + field(host, "sdk") + ")";
  text += "\n      " + padded("field", field_width) + padded("plugin", plugin_width) + "host";
  for (const AbiDifference& row : differences)
    text +=
        "\n      " + padded(row.field, field_width) + padded(row.plugin, plugin_width) + padded(row.host, host_width) + row.rule;
  text += "\n  Rebuild it against this SDK:  cmake -S <src> -B build -Dgraft_DIR=" + sdk_folder() + " && cmake --build build";
  return text + "\n  Variant wanted: " + abi_variant(host);
}

std::string abi_variant(const Value& abi) {
  std::string stdlib = field(abi, "stdlib_abi");
  if (stdlib == "cxx11=1") stdlib = "cxx11";
  return "g" + field(abi, "sdk_abi") + "-torch" + first_parts(field(abi, "torch"), 2) + "-" + stdlib + "-" + field(abi, "arch") +
         "-" + field(abi, "os");
}

}  // namespace graft::core
