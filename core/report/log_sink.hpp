// RunLog: the run's log: terminal and log.txt, each line on disk before the call returns, and the warnings counted.
//
//   terminal  print() on standard output; warnings and errors on standard error; debug lines not at all
//   file      all of it, with time and level; appended when the file exists (a resumed run)
//   warnings  equal texts are written once and counted; of one component at most 10 texts reach the terminal
//   safe      control characters from data are written as \x1b, so that a text cannot drive the terminal
//   threads   any
//   differs   plain stdio: one write and flush a line is what a synchronous spdlog logger does, and spdlog's fmt cannot be
//             compiled beside the fmt of another version that LibTorch's headers bring
//   errors    Error("log", "path: reason") when the file cannot be opened
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/report/run_report.hpp"
#include "graft/error.hpp"

namespace graft::core {

class RunLog final : public LogSink {
 public:
  struct Options {
    std::string path;                    // of log.txt; empty: no file
    bool quiet = false;                  // nothing on the terminal but errors
    std::function<void()> before_write;  // takes a live progress line away
  };
  explicit RunLog(Options options);
  ~RunLog() override;

  void print(const std::string& text);  // may have several lines
  void note(const std::string& text);   // the same, to the file alone
  void error(const std::string& text);
  void warn(std::string_view where, const std::string& text) override;
  void log(std::string_view where, const std::string& text) override;

  std::vector<WarningCount> warnings() const;  // in the order of their first appearance

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace graft::core
