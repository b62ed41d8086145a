#include "core/report/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "core/report/number_text.hpp"

namespace graft::core {
namespace {

constexpr double kWindowSeconds = 10, kRedrawSeconds = 0.1;
constexpr std::int64_t kMarks = 20;  // one line per 5 %
constexpr const char* kClear = "\r\x1b[K";

double steady_seconds() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

int terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 120;
}

ProgressLine::Options on_standard_error() {
  const bool live = ::isatty(STDERR_FILENO) == 1;
  auto write = [live](const std::string& text) {
    std::fprintf(stderr, live ? "%s" : "%s\n", text.c_str());
    std::fflush(stderr);
  };
  return {live, live ? terminal_width() : 120, write, steady_seconds, resident_memory_mb};
}

}  // namespace

double resident_memory_mb() {
  long all = 0, resident = 0;
  std::ifstream statm("/proc/self/statm");
  return statm >> all >> resident ? static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6
                                  : std::nan("");
}

ProgressLine::ProgressLine() : ProgressLine(on_standard_error()) {}
ProgressLine::ProgressLine(Options options) : options_(std::move(options)) {
  if (!options_.clock) options_.clock = steady_seconds;
  if (!options_.memory_mb) options_.memory_mb = resident_memory_mb;
}

void ProgressLine::update(const Update& update) {
  const double now = options_.clock();
  samples_.push_back({now, update});
  while (samples_.size() > 2 && now - samples_[1].seconds >= kWindowSeconds) samples_.pop_front();
  if (options_.live)
    write_live(now);
  else
    write_mark();
}

void ProgressLine::write_live(double now) {
  const Update& last = samples_.back().update;
  if (now - written_ < kRedrawSeconds && last.step < last.total) return;
  options_.write(kClear + text().substr(0, static_cast<std::size_t>(options_.width - 1)));
  written_ = now;
  shown_ = true;
}

void ProgressLine::write_mark() {
  const Update& last = samples_.back().update;
  const std::int64_t mark = last.step * kMarks / std::max<std::int64_t>(last.total, 1);
  if (mark > mark_) options_.write(text());
  mark_ = std::max(mark, mark_);
}

std::string ProgressLine::text() const {
  const Update &first = samples_.front().update, &last = samples_.back().update;
  const double seconds = samples_.back().seconds - samples_.front().seconds;
  std::string text = last.epoch.empty() ? "" : "epoch " + last.epoch + "  ";
  text += "step " + std::to_string(last.step) + "/" + std::to_string(last.total);
  text += "  " + std::to_string(100 * last.step / std::max<std::int64_t>(last.total, 1)) + " %  loss " + metric_text(last.loss);
  if (seconds > 0 && last.step > first.step) {
    auto rate = [&](std::int64_t count) { return thousands(std::llround(static_cast<double>(count) / seconds)); };
    text += "  " + rate(last.rows - first.rows) + " rows/s";
    if (last.tokens > first.tokens) text += "  " + rate(last.tokens - first.tokens) + " tokens/s";
    if (last.step < last.total)
      text += "  left " +
              duration_text(seconds * static_cast<double>(last.total - last.step) / static_cast<double>(last.step - first.step));
    text += "  stall " + fixed(100 * (last.stall_seconds - first.stall_seconds) / seconds, 0) + " %";
  }
  return text + "  " + memory_text(options_.memory_mb());
}

void ProgressLine::clear() {
  if (shown_) options_.write(kClear);
  shown_ = false;
}

void ProgressLine::finish() { clear(); }

}  // namespace graft::core
