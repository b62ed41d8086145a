// plugin doctor and abi: why a plugin file loads or does not, step by step.
#include <cstdio>
#include <sstream>

#include "catalog.hpp"
#include "core/registry/abi.hpp"
#include "core/registry/diagnosis.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

using Verdict = core::DiagnosisStep::Verdict;

const char* word_of(Verdict verdict) {
  if (verdict == Verdict::kNotReached) return "not reached";
  return verdict == Verdict::kFine ? "ok" : "failed";
}

void print_indented(const std::string& text, const char* before) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) std::printf("%s%s\n", before, line.c_str());
}

void print_steps(const core::PluginFile& file, const std::vector<core::DiagnosisStep>& steps) {
  std::printf("%s\n  %s\n", file.label().c_str(), file.path.c_str());
  for (const std::string& note : file.notes) std::printf("  note    %s\n", note.c_str());
  for (const core::DiagnosisStep& step : steps) {
    const char* word = step.verdict == Verdict::kNotReached ? "-" : word_of(step.verdict);
    std::printf("  %-6s  %s  %s\n", word, step.code.c_str(), step.what.c_str());
    print_indented(step.text, "                ");
    if (!step.cure.empty()) std::printf("          cure  %s\n", step.cure.c_str());
  }
}

Value json_of(const core::PluginFile& file, const std::vector<core::DiagnosisStep>& steps) {
  Value::List entries;
  for (const core::DiagnosisStep& step : steps) {
    Value entry = Value::Object{};
    entry.set("code", step.code);
    entry.set("what", step.what);
    entry.set("verdict", word_of(step.verdict));
    entry.set("text", step.text);
    entry.set("cure", step.cure);
    entries.push_back(std::move(entry));
  }
  Value value = Value::Object{};
  value.set("plugin", file.label());
  value.set("path", file.path);
  value.set("steps", Value(std::move(entries)));
  return value;
}

// As the host meets it: graft's own, named for this call, or found.
core::PluginFile as_met(const std::string& name, const core::PluginCatalog& catalog) {
  core::PluginFile file = core::inspect(name);
  for (const auto& all : {catalog.files(), catalog.refused()})
    for (const core::PluginFile* other : all)
      if (file.inode && other->inode == file.inode && other->device == file.device) return *other;
  return file;
}

}  // namespace

int plugin_doctor(const std::vector<std::string>& names, bool json, const PluginOptions& plugins) {
  const core::PluginCatalog catalog = open_catalog(plugins);
  std::vector<core::PluginFile> given;
  for (const std::string& name : names) given.push_back(as_met(name, catalog));
  std::vector<const core::PluginFile*> files;
  for (const core::PluginFile& file : given) files.push_back(&file);
  if (names.empty())
    for (const auto& found : {catalog.files(), catalog.refused()}) files.insert(files.end(), found.begin(), found.end());

  Value::List entries;
  bool is_healthy = true;
  for (const core::PluginFile* file : files) {
    const auto steps = core::diagnose(*file, catalog, kThisProgram);
    for (const core::DiagnosisStep& step : steps) is_healthy = is_healthy && step.verdict != Verdict::kFailed;
    if (json)
      entries.push_back(json_of(*file, steps));
    else
      print_steps(*file, steps);
  }
  if (json) std::puts(to_json(Value(std::move(entries)), 2).c_str());
  return is_healthy ? 0 : 2;
}

int plugin_abi(bool json) {
  const Value& host = core::host_abi();
  if (json) {
    Value value = host;
    value.set("variant", core::abi_variant(host));
    return std::puts(to_json(value, 2).c_str()) < 0;
  }
  std::printf("variant       %s\n", core::abi_variant(host).c_str());
  for (const Value::Member& field : host.object()) std::printf("%-12s  %s\n", field.key.c_str(), field.value.text().c_str());
  return 0;
}

}  // namespace graft::app
