#include "core/run/run_folder.hpp"

#include <ctime>
#include <filesystem>

#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace fs = std::filesystem;
namespace {

bool is_run(const fs::path& folder) { return fs::exists(folder / "status.json"); }

// It failed before its first checkpoint: a refused config, for one. There is nothing in it to lose or to go on from.
bool came_to_nothing(const fs::path& folder) {
  return is_run(folder) && read_json((folder / "status.json").string()).at("status") == Value("failed") &&
         !fs::exists(folder / "checkpoints" / "last");
}

void refuse_existing(const fs::path& folder) {
  std::string cure = is_run(folder) ? "; go on with it by --resume, or replace it by --overwrite" : "; choose another --out";
  throw Error("run", "the output folder " + folder.string() + " exists and is not empty" + cure);
}

}  // namespace

RunFolder::RunFolder(std::string path, Existing existing) : path_(std::move(path)) {
  const fs::path folder = path_;
  const bool occupied = fs::exists(folder) && (!fs::is_directory(folder) || !fs::is_empty(folder));
  if (existing == Existing::kResume && !is_run(folder)) throw Error("run", "there is no run to resume in " + path_);
  const bool replaces = existing == Existing::kOverwrite || (existing == Existing::kRefuse && came_to_nothing(folder));
  if (occupied && existing == Existing::kRefuse && !replaces) refuse_existing(folder);
  if (occupied && replaces) {
    if (!is_run(folder)) throw Error("run", path_ + " is not a run of graft's, so --overwrite leaves it alone");
    fs::remove_all(folder);
  }
  std::error_code fault;
  fs::create_directories(folder, fault);
  if (fault) throw Error("run", "cannot make the output folder " + path_ + ": " + fault.message());
}

RunFolder RunFolder::open(const std::string& path) {
  if (is_run(path)) return RunFolder(fs::canonical(path).string());
  const fs::path parent = fs::path(path).lexically_normal().parent_path();
  std::vector<std::string> runs;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(parent.empty() ? "." : parent, none))
    if (is_run(entry.path())) runs.push_back(entry.path().string());
  const std::string close = nearest(path, runs);
  throw Error("run", path + " is not a run" + (close.empty() ? "" : ", did you mean " + close + "?"));
}

std::string RunFolder::default_path(const std::string& config_name) {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  std::strftime(text, sizeof text, "%m%d-%H%M%S", &local);
  return "runs/" + config_name + "-" + text;
}

void RunFolder::write_config(const Value& resolved, const std::vector<std::string>& sources) const {
  write_file(file("config.json"), to_json(resolved, 2) + "\n");
  fs::create_directories(file("config.source"));
  for (const std::string& source : sources)
    write_file(file("config.source/" + fs::path(source).filename().string()), read_file(source));
}

void RunFolder::write_status(const std::string& status, std::int64_t step, std::int64_t total, const std::string& detail) const {
  Value value = Value::Object{};
  value.set("status", status);
  value.set("step", step);
  value.set("steps", total);
  if (!detail.empty()) value.set("detail", detail);
  write_file(file("status.json"), to_json(value, 2) + "\n");
}

void RunFolder::point_latest() const {
  const fs::path folder = fs::absolute(path_).lexically_normal(), link = folder.parent_path() / "latest";
  if (fs::exists(fs::symlink_status(link)) && !fs::is_symlink(link)) return;  // somebody's own
  const fs::path next = link.string() + ".next";
  fs::remove(next);
  fs::create_symlink(folder.filename(), next);
  fs::rename(next, link);
}

void RunFolder::require_space(std::uint64_t bytes) const {
  const auto free = fs::space(path_).available;
  if (free >= bytes) return;
  throw Error("run", "the run needs about " + std::to_string(bytes >> 20) + " MB in " + path_ + ", but " +
                         std::to_string(free >> 20) + " MB are free; lower checkpoint.keep or choose another --out");
}

}  // namespace graft::core
