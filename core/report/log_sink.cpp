#include "core/report/log_sink.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <ctime>
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

// 2026-06-11 14:12:03.250, local time
std::string timestamp() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  std::tm local{};
  ::localtime_r(&seconds, &local);
  char text[40];
  const std::size_t size = std::strftime(text, sizeof text, "%F %T", &local);
  std::snprintf(text + size, sizeof text - size, ".%03d", static_cast<int>(milliseconds));
  return text;
}

std::string tagged(std::string_view where, const std::string& text) { return where.empty() ? text : "[" + std::string(where) + "] " + text; }

}  // namespace

struct RunLog::Impl {
  Options options;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{nullptr, std::fclose};
  std::int64_t lines = 0;  // in the file
  std::vector<WarningCount> warnings;
  std::map<std::string, std::size_t> index;             // text -> warnings
  std::map<std::string, int, std::less<>> shown;        // component -> texts on the terminal
  mutable std::mutex mutex;

  explicit Impl(Options given) : options(std::move(given)) {
    if (options.path.empty()) return;
    lines = lines_of_file(options.path);
    file.reset(std::fopen(options.path.c_str(), "ae"));
    if (!file) throw Error("log", options.path + ": " + std::strerror(errno));
  }

  // The number of the line that it wrote, from 1; 0 without a file.
  std::int64_t to_file(const char* level, const std::string& text) {
    if (!file) return 0;
    const std::int64_t line = lines + 1;
    lines += lines_in(text);
    std::fprintf(file.get(), "%s %-7s %s\n", timestamp().c_str(), level, text.c_str());
    std::fflush(file.get());
    return line;
  }

  void to_terminal(std::FILE* stream, const std::string& text) {
    if (options.before_write) options.before_write();
    std::fprintf(stream, "%s\n", text.c_str());
    std::fflush(stream);
  }

  void show_warning(std::string_view where, const std::string& line) {
    int& count = shown.try_emplace(std::string(where), 0).first->second;
    if (options.quiet || ++count > kShownOfOneComponent + 1) return;
    to_terminal(stderr, count <= kShownOfOneComponent ? "warning  " + line : "warning  [" + std::string(where) + "] has more to say, see the log");
  }
};

RunLog::RunLog(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
RunLog::~RunLog() = default;

void RunLog::print(const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(text);
  impl_->to_file("info", line);
  if (!impl_->options.quiet) impl_->to_terminal(stdout, line);
}

void RunLog::error(const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(text);
  impl_->to_file("error", line);
  impl_->to_terminal(stderr, "error    " + line);
}

void RunLog::warn(std::string_view where, const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  const std::string line = printable(tagged(where, text));
  const auto [at, is_new] = impl_->index.try_emplace(line, impl_->warnings.size());
  if (!is_new) {
    ++impl_->warnings[at->second].count;
    return;
  }
  impl_->warnings.push_back({line, 1, impl_->to_file("warning", line)});
  impl_->show_warning(where, line);
}

void RunLog::log(std::string_view where, const std::string& text) {
  std::lock_guard lock(impl_->mutex);
  impl_->to_file("debug", printable(tagged(where, text)));
}

std::vector<WarningCount> RunLog::warnings() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->warnings;
}

}  // namespace graft::core
