#include "core/checkpoint/checkpoint.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "graft/error.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace fs = std::filesystem;
namespace {

std::string folder_name(std::int64_t step) {
  char name[32];
  std::snprintf(name, sizeof name, "step-%06lld", static_cast<long long>(step));
  return name;
}

void sync_folder(const fs::path& folder) {
  const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY);
  if (descriptor < 0) return;
  ::fsync(descriptor);
  ::close(descriptor);
}

void point(const fs::path& link, const std::string& target) {
  const fs::path next = link.string() + ".next";
  fs::remove(next);
  fs::create_symlink(target, next);
  fs::rename(next, link);
}

bool is_whole(const fs::path& folder) { return fs::exists(folder / "state.json"); }

// Whole checkpoint folders, oldest first.
std::vector<fs::path> whole_folders(const fs::path& folder) {
  std::vector<fs::path> all;
  if (!fs::is_directory(folder)) return all;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!entry.is_symlink() && name.starts_with("step-") && name.find('.') == std::string::npos && is_whole(entry.path()))
      all.push_back(entry.path());
  }
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

void Checkpoints::write(std::int64_t step, const Checkpoint& checkpoint, bool is_best) {
  const fs::path folder = folder_, whole = folder / folder_name(step), part = whole.string() + ".part";
  fs::create_directories(folder);
  fs::remove_all(part);
  fs::create_directory(part);
  write_safetensors((part / "weights.safetensors").string(), checkpoint.weights, {{"format", "pt"}});
  write_safetensors((part / "optimizer.safetensors").string(), checkpoint.optimizer);
  write_file((part / "state.json").string(), to_json(checkpoint.state, 1) + "\n");
  sync_folder(part);
  if (fs::exists(whole)) {  // a resumed run comes by the same step again
    const fs::path old = whole.string() + ".old";
    fs::remove_all(old);
    fs::rename(whole, old);
    fs::rename(part, whole);
    fs::remove_all(old);
  } else {
    fs::rename(part, whole);
  }
  point(folder / "last", whole.filename().string());
  if (is_best) point(folder / "best", whole.filename().string());
  sync_folder(folder);
}

void Checkpoints::prune(std::int64_t keep, const std::set<std::int64_t>& steps) const {
  std::vector<fs::path> all = whole_folders(folder_);
  const auto best_folder = best(), last_folder = last();
  std::set<std::string> of_steps;
  for (const std::int64_t step : steps) of_steps.insert(folder_name(step));
  for (std::int64_t i = 0; i + keep < static_cast<std::int64_t>(all.size()); ++i) {
    if (all[i].string() == best_folder || all[i].string() == last_folder) continue;
    fs::remove_all(of_steps.contains(all[i].filename().string()) ? all[i] / "optimizer.safetensors" : all[i]);
  }
  for (const auto& entry : fs::directory_iterator(folder_))  // what a kill left behind
    if (entry.path().extension() == ".part" || entry.path().extension() == ".old") fs::remove_all(entry.path());
}

std::optional<std::string> Checkpoints::last() const {
  const std::vector<fs::path> all = whole_folders(folder_);
  if (all.empty()) return std::nullopt;
  return all.back().string();
}

std::optional<std::string> Checkpoints::best() const {
  const fs::path link = fs::path(folder_) / "best";
  std::error_code none;
  const fs::path target = fs::path(folder_) / fs::read_symlink(link, none);
  if (none || !is_whole(target)) return std::nullopt;
  return target.string();
}

std::string Checkpoints::weights_of(std::int64_t step) const {
  return (fs::path(folder_) / folder_name(step) / "weights.safetensors").string();
}

Value Checkpoints::read_state(const std::string& folder) { return read_json(folder + "/state.json"); }

}  // namespace graft::core
