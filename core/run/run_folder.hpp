// RunFolder: the folder of one run, complete in itself, and the only place that knows its file names.
#pragma once

#include <string>
#include <vector>

#include "graft/value.hpp"

namespace graft::core {

class RunFolder {
 public:
  enum class Existing { kRefuse, kResume, kOverwrite };

  // Makes the folder; one whose run failed before its first checkpoint is replaced. throws Error("run"): it exists, is not empty and is to be refused; there is nothing to resume; it is no
  // run of graft's and is to be overwritten; it cannot be written.
  RunFolder(std::string path, Existing existing);

  // An existing run, for eval, predict, embed, report. throws Error("run") when it is none, with the nearest folder.
  static RunFolder open(const std::string& path);

  static std::string default_path(const std::string& config_name);  // runs/<name>-<month><day>-<hour><minute><second>

  const std::string& path() const { return path_; }
  std::string file(const std::string& name) const { return path_ + "/" + name; }
  std::string model() const { return file("model"); }
  std::string checkpoints() const { return file("checkpoints"); }

  void write_config(const Value& resolved, const std::vector<std::string>& sources) const;  // config.json, config.source/
  void write_status(const std::string& status, std::int64_t step, std::int64_t total, const std::string& detail = "") const;
  void point_latest() const;  // ../latest -> this run

  // throws Error("run") when the file system has less than `bytes` free: says how much there is and how much is needed.
  void require_space(std::uint64_t bytes) const;

 private:
  explicit RunFolder(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

}  // namespace graft::core
