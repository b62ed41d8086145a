#include "core/report/log_sink.hpp"

#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>

namespace graft::core {
namespace {

constexpr int kShownOfOneComponent = 10;

std::string printable(const std::string& text) {
  std::string safe;
  for (unsigned char c : text) {
    if ((c >= 0x20 && c != 0x7f) || c == '\n' || c == '\t') {
      safe += static_cast<char>(c);
      continue;
    }
    char escape[8];
    std::snprintf(escape, sizeof escape, "\\x%02x", c);
    safe += escape;
  }
  return safe;
}

std::int64_t lines_in(const std::string& text) { return 1 + std::count(text.begin(), text.end(), '\n'); }

std::int64_t lines_of_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::count(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>(), '\n');
}

std::shared_ptr<spdlog::logger> quick_logger(const char* name, spdlog::sink_ptr sink, const char* pattern) {
  auto logger = std::make_shared<spdlog::logger>(name, std::move(sink));
  logger->set_pattern(pattern);
  logger->set_level(spdlog::level::trace);
  logger->flush_on(spdlog::level::trace);  // each line is on disk before the call returns
  return logger;
}

std::shared_ptr<spdlog::logger> file_logger(const std::string& path) {
  try {
    return quick_logger("file", std::make_shared<spdlog::sinks::basic_file_sink_st>(path), "%Y-%m-%d %T.%e %-7l %v");
  } catch (const spdlog::spdlog_ex& error) {
    const std::string text = error.what();
    throw Error("log", path + ": " + text.substr(text.rfind(": ") == std::string::npos ? 0 : text.rfind(": ") + 2));
  }
}

std::string tagged(std::string_view where, const std::string& text) {
  return where.empty() ? text : "[" + std::string(where) + "] " + text;
}

}  // namespace

struct RunLog::Impl {
  Options options;
  std::shared_ptr<spdlog::logger> file;  // null without a path
  std::shared_ptr<spdlog::logger> output = quick_logger("output", std::make_shared<spdlog::sinks::stdout_sink_st>(), "%v");
  std::shared_ptr<spdlog::logger> faults = quick_logger("faults", std::make_shared<spdlog::sinks::stderr_sink_st>(), "%v");
  std::int64_t lines = 0;  // in the file
  std::vector<WarningCount> warnings;
  std::map<std::string, std::size_t> index;       // text -> warnings
  std::map<std::string, int, std::less<>> shown;  // component -> texts on the terminal
  mutable std::mutex mutex;

  explicit Impl(Options given) : options(std::move(given)) {
    if (options.path.empty()) return;
    lines = lines_of_file(options.path);
    file = file_logger(options.path);
  }

  // The number of the line that it wrote, from 1; 0 without a file.
  std::int64_t to_file(spdlog::level::level_enum level, const std::string& text) {
    if (!file) return 0;
    const std::int64_t line = lines + 1;
    lines += lines_in(text);
    file->log(level, "{}", text);
    return line;
  }

  void to_terminal(spdlog::logger& stream, const std::string& text) {
    if (options.before_write) options.before_write();
    stream.info("{}", text);
  }

  void show_warning(std::string_view where, const std::string& line) {
    int& count = shown.try_emplace(std::string(where), 0).first->second;
    if (options.quiet || ++count > kShownOfOneComponent + 1) return;
    to_terminal(*faults, count <= kShownOfOneComponent ? "warning  " + line
                                                       : "warning  [" + std::string(where) + "] has more to say, see the log");
  }
};

RunLog::RunLog(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
RunLog::~RunLog() = default;

void RunLog::print(const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(text);
  impl_->to_file(spdlog::level::info, line);
  if (!impl_->options.quiet) impl_->to_terminal(*impl_->output, line);
}

void RunLog::note(const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  impl_->to_file(spdlog::level::info, printable(text));
}

void RunLog::error(const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(text);
  impl_->to_file(spdlog::level::err, line);
  impl_->to_terminal(*impl_->faults, "error    " + line);
}

void RunLog::warn(std::string_view where, const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(tagged(where, text));
  const auto [at, is_new] = impl_->index.try_emplace(line, impl_->warnings.size());
  if (!is_new) {
    ++impl_->warnings[at->second].count;
    return;
  }
  impl_->warnings.push_back({line, 1, impl_->to_file(spdlog::level::warn, line)});
  impl_->show_warning(where, line);
}

void RunLog::log(std::string_view where, const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  impl_->to_file(spdlog::level::debug, printable(tagged(where, text)));
}

std::vector<WarningCount> RunLog::warnings() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->warnings;
}

}  // namespace graft::core
