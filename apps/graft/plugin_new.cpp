// plugin new: a copy of sdk/template/<kind> with names filled in.
//
// The templates are whole plugins themselves, called acme-widget; what is replaced are these names, where they stand as words.
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/kind.hpp"
#include "graft/value.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

namespace fs = std::filesystem;
using Names = std::vector<std::pair<std::string, std::string>>;  // what a template says, what to put there

constexpr const char* kWhere = "graft plugin new";

fs::path prefix() { return fs::read_symlink("/proc/self/exe").parent_path().parent_path(); }

bool is_letter(char c) { return std::islower(static_cast<unsigned char>(c)); }
bool is_in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)); }

std::string snake(std::string text) {
  for (char& c : text)
    if (!is_in_word(c)) c = '_';
  return text;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string camel(const std::string& snake_text) {
  std::string text;
  for (std::size_t i = 0; i < snake_text.size(); ++i)
    if (snake_text[i] != '_') text += i == 0 || snake_text[i - 1] == '_' ? upper(snake_text.substr(i, 1))[0] : snake_text[i];
  return text;
}

// acme-scale and acme-text-scale: vendor acme; org.acme.scale: vendor acme too.
std::pair<std::string, std::string> vendor_and_name(const std::string& id) {
  const std::size_t at = id.find('.') == std::string::npos ? id.find('-') : id.rfind('.');
  if (at == std::string::npos) return {"", id};
  const std::string before = id.substr(0, at);
  return {before.substr(before.rfind('.') + 1), id.substr(at + 1)};
}

Names names_for(const std::string& id) {
  const bool is_plain = std::all_of(id.begin(), id.end(), [](char c) {
    return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_';
  });
  if (!is_plain) throw Error(kWhere, "--id must be lower-case letters, digits, '-', '_' and '.', as acme-scale, got " + id);
  const auto [vendor, name] = vendor_and_name(id);
  if (vendor.empty() || name.empty() || !is_letter(vendor[0]) || !is_letter(name[0]))
    throw Error(kWhere, "--id must be <vendor>-<name>, each beginning with a letter, as acme-scale, got " + id);
  if (vendor == "graft") throw Error(kWhere, "the vendor graft is graft's own: take yours, as acme-" + name + ", got " + id);
  const std::string target = snake(id), word = snake(name);
  return {{"acme-widget", id},     {"acme/widget", vendor + "/" + word},
          {"acme_widget", target}, {"ACME_WIDGET", upper(target)},
          {"Widget", camel(word)}, {"widget", word},
          {"acme", vendor}};
}

// The name that begins at this place as a word of its own.
const Names::value_type* name_at(const std::string& text, std::size_t at, const Names& names) {
  if (at > 0 && is_in_word(text[at - 1])) return nullptr;
  for (const auto& name : names) {
    const std::size_t end = at + name.first.size();
    if (text.compare(at, name.first.size(), name.first) == 0 && (end >= text.size() || !is_in_word(text[end]))) return &name;
  }
  return nullptr;
}

std::string renamed(const std::string& text, const Names& names) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto* name = name_at(text, at, names);
    result += name ? name->second : text.substr(at, 1);
    at += name ? name->first.size() : 1;
  }
  return result;
}

std::vector<std::string> kinds_in(const fs::path& templates) {
  std::vector<std::string> kinds;
  for (int i = 0; i < kKinds; ++i) {
    const std::string kind(kind_name(static_cast<Kind>(i)));
    if (fs::is_directory(templates / kind)) kinds.push_back(kind);
  }
  return kinds;
}

void require_kind(const std::string& kind, const fs::path& templates) {
  const std::vector<std::string> kinds = kinds_in(templates);
  if (kinds.empty()) throw Error(kWhere, "there are no templates in " + templates.string() + ": install graft anew");
  if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
  std::string all;
  for (const std::string& one : kinds) all += (all.empty() ? "" : one == kinds.back() ? " or " : ", ") + one;
  const std::string close = nearest(kind, kinds);
  throw Error(kWhere, "--kind must be " + all + ", got " + kind + (close.empty() ? "" : ": did you mean " + close + "?"));
}

void require_empty(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  if (!fs::is_directory(folder)) throw Error(kWhere, folder.string() + " must be a folder, is a file: name another");
  if (fs::is_empty(folder)) return;
  const std::string first = fs::directory_iterator(folder)->path().filename().string();
  throw Error(kWhere, folder.string() + " must be empty or not there, holds " + first + ": name another");
}

void copy(const fs::path& from, const fs::path& to, const Names& names) {
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (!entry.is_regular_file()) continue;
    const fs::path file = to / renamed(entry.path().lexically_relative(from).string(), names);
    fs::create_directories(file.parent_path());
    write_file(file.string(), renamed(read_file(entry.path().string()), names));
  }
}

void print_next(const std::string& folder, const std::string& target) {
  const bool is_installed = fs::exists(prefix() / "lib/cmake/graft");
  const std::string where = is_installed ? prefix().string() : "<where graft is installed>";
  std::printf("next   cmake -S %s -B %s/build -DCMAKE_PREFIX_PATH=%s\n", folder.c_str(), folder.c_str(), where.c_str());
  std::printf("       cmake --build %s/build && ctest --test-dir %s/build --output-on-failure\n", folder.c_str(), folder.c_str());
  std::printf("       graft train %s/example.json --plugin %s/build/%s.so\n", folder.c_str(), folder.c_str(), target.c_str());
}

}  // namespace

int plugin_new(const NewPluginOptions& options) {
  const fs::path templates = prefix() / "share/graft/template";
  require_kind(options.kind, templates);
  const Names names = names_for(options.id);
  require_empty(options.folder);
  copy(templates / "common", options.folder, names);
  copy(templates / options.kind, options.folder, names);
  fs::copy_file(prefix() / "share/doc/graft/LICENSE", fs::path(options.folder) / "LICENSE");
  std::printf("wrote  %s: a plugin with the %s %s\n", options.folder.c_str(), options.kind.c_str(), names[1].second.c_str());
  print_next(options.folder, names[2].second);
  return 0;
}

}  // namespace graft::app
