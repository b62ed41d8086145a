#include "graft/error.hpp"

#include <atomic>
#include <cstdio>

namespace graft {
namespace {
std::atomic<LogSink*> sink{nullptr};
}

Error::Error(std::string where, std::string text)
    : std::runtime_error(where.empty() ? text : "[" + where + "] " + text), where_(std::move(where)), text_(std::move(text)) {}
Error::~Error() = default;
LogSink::~LogSink() = default;

void set_log_sink(LogSink* next) { sink = next; }

void warn(std::string_view where, const std::string& text) {
  if (LogSink* to = sink) return to->warn(where, text);
  std::fprintf(stderr, "warning: [%.*s] %s\n", static_cast<int>(where.size()), where.data(), text.c_str());
}

void log(std::string_view where, const std::string& text) {
  if (LogSink* to = sink) return to->log(where, text);
  std::fprintf(stderr, "[%.*s] %s\n", static_cast<int>(where.size()), where.data(), text.c_str());
}

}  // namespace graft
