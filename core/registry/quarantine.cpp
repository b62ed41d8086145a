#include "core/registry/quarantine.hpp"

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "core/registry/user_folders.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

std::string minute_of(std::int64_t seconds) {
  const auto time = static_cast<std::time_t>(seconds);
  std::tm local;
  char text[32] = "";
  if (::localtime_r(&time, &local)) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M", &local);
  return text;
}

QuarantineRecord read_record(const std::string& path, const std::string& sha256) {
  QuarantineRecord record;
  record.sha256 = sha256;
  try {
    const Value value = read_json(path);
    record.plugin = value.at("plugin").text(), record.path = value.at("path").text();
    record.component = value.at("component").text(), record.place = value.at("place").text();
    record.signal = value.at("signal").text(), record.time = value.at("time").integer();
  } catch (const Error&) {
    record.signal = "a record that cannot be read";
  }
  return record;
}

}  // namespace

std::string QuarantineRecord::text() const {
  std::string text = time ? minute_of(time) + ": " : "";
  text += signal == "no answer" ? "gave no answer" : "crashed";
  if (!component.empty()) text += " inside " + component;
  if (!place.empty()) text += ", during " + place;
  return text + " (" + signal + ")";
}

Quarantine::Quarantine(std::string folder) : folder_(std::move(folder)) {}

Quarantine Quarantine::of_user() {
  const std::string data = data_folder();
  return Quarantine(data.empty() ? "" : data + "/quarantine");
}

std::optional<QuarantineRecord> Quarantine::find(const std::string& sha256) const {
  if (folder_.empty() || !std::filesystem::exists(path_of(sha256))) return std::nullopt;
  return read_record(path_of(sha256), sha256);
}

std::vector<QuarantineRecord> Quarantine::all() const {
  std::vector<QuarantineRecord> records;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".json") records.push_back(read_record(at->path().string(), at->path().stem().string()));
  std::sort(records.begin(), records.end(), [](const auto& a, const auto& b) { return a.time < b.time; });
  return records;
}

void Quarantine::add(const QuarantineRecord& record) const {
  if (folder_.empty()) return;
  std::filesystem::create_directories(folder_);
  Value value = Value::Object{};
  value.set("plugin", record.plugin);
  value.set("path", record.path);
  value.set("component", record.component);
  value.set("place", record.place);
  value.set("signal", record.signal);
  value.set("time", record.time);
  write_file(path_of(record.sha256), to_json(value) + "\n");
}

bool Quarantine::remove(const std::string& sha256) const {
  std::error_code ignored;
  return !folder_.empty() && std::filesystem::remove(path_of(sha256), ignored);
}

void Quarantine::require_free(const PluginFile& file, const std::string& sha256) const {
  if (const std::optional<QuarantineRecord> record = find(sha256)) refuse(file, *record);
}

void Quarantine::refuse(const PluginFile& file, const QuarantineRecord& record) {
  throw PluginRefused("G105", file.label(), file.path,
                      "in quarantine: " + record.text() + "\n       sha256 " + record.sha256 +
                          "\n  A repaired build is another file and loads. To try this one again:  graft plugin unquarantine " +
                          file.path +
                          "\n  A config that does not need it runs as it is; --safe-mode leaves all but graft's own out.");
}

}  // namespace graft::core
