#include "core/conformance/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "core/conformance/process.hpp"
#include "core/registry/crash.hpp"
#include "core/registry/guarded.hpp"
#include "core/registry/refused.hpp"
#include "graft/error.hpp"
#include "graft/value.hpp"

namespace graft::core::conformance {
namespace {

using Clock = std::chrono::steady_clock;

constexpr rlim_t kMoreBytes = rlim_t{8} << 30;  // small parameters and 12 rows need far less

// Files in memory that take what a child prints.
struct Printed {
  const int out = ::memfd_create("graft-check-out", MFD_CLOEXEC), error = ::memfd_create("graft-check-error", MFD_CLOEXEC);
  Printed() = default;
  Printed(const Printed&) = delete;
  ~Printed() { ::close(out), ::close(error); }
};

// One page that a child writes and its parent reads: what the child is doing.
char* shared_note() {
  constexpr std::size_t kBytes = 4096;
  static char* const page =
      static_cast<char*>(::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  return page;
}

Outcome outcome_of(const std::function<std::string()>& test) {
  const char* expected = "no exception";
  try {
    return {Verdict::kPass, "", "", test()};
  } catch (const Stopped& stopped) {
    return stopped.outcome;
  } catch (const PluginError& error) {
    return {Verdict::kFail, expected, error.cxx_type + " in " + error.operation + ": " + error.what(), ""};
  } catch (...) {
    const Thrown thrown = current_exception_text();
    return {Verdict::kFail, expected, thrown.type + ": " + thrown.message, ""};
  }
}

std::string text_of(const Outcome& outcome) {
  return to_json(Value(Value::List{static_cast<std::int64_t>(outcome.verdict), outcome.expected, outcome.got, outcome.found}));
}

Outcome outcome_from(const std::string& text) {
  const Value value = parse_json(text, "result");
  const Value::List& list = value.list();
  return {static_cast<Verdict>(list.at(0).integer()), list.at(1).text(), list.at(2).text(), list.at(3).text()};
}

void write_all(int fd, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const ssize_t n = ::write(fd, text.data() + at, text.size() - at);
    if (n <= 0) return;
    at += static_cast<std::size_t>(n);
  }
}

void bound_resources() {
  const rlim_t bytes = data_bytes() + kMoreBytes;
  const rlimit none{0, 0}, most{bytes, bytes};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_DATA, &most);  // what it writes to; address space that is only kept free does not count
  use_one_torch_thread();
}

[[noreturn]] void be_child(const std::function<std::string()>& test, const ChildOptions& options, int result,
                           const Printed& printed) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  catch_crashes("");  // tells whose fault it is; no quarantine
  ::dup2(printed.out, STDOUT_FILENO);
  ::dup2(printed.error, STDERR_FILENO);
  bound_resources();
  const Outcome outcome = outcome_of(test);
  std::fflush(nullptr);
  write_all(result, text_of(outcome));
  ::close(result);
  doing(options.by_exit ? "exit" : "");
  if (options.by_exit) std::exit(0);
  ::_exit(0);
}

std::string last_lines(int file) {
  constexpr off_t kMost = 600;
  struct stat info;
  ::fstat(file, &info);
  std::string text(static_cast<std::size_t>(std::min(info.st_size, kMost)), '\0');
  if (::pread(file, text.data(), text.size(), info.st_size - static_cast<off_t>(text.size())) < 0) return "";
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

struct Child {
  pid_t pid;
  int result;
  const Printed& printed;
  Clock::time_point deadline;

  int milliseconds_left() const {
    return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count());
  }

  // Reads until the child closes the pipe; false at the deadline.
  bool read_result(std::string& text) const {
    char buffer[4096];
    for (;;) {
      pollfd entry{result, POLLIN, 0};
      const int left = milliseconds_left();
      if (left <= 0 || ::poll(&entry, 1, left) == 0) return false;
      const ssize_t n = ::read(result, buffer, sizeof buffer);
      if (n <= 0) return true;
      text.append(buffer, static_cast<std::size_t>(n));
    }
  }

  bool wait(int& status) const {
    for (;;) {
      const pid_t ended = ::waitpid(pid, &status, WNOHANG);
      if (ended != 0) return true;
      if (milliseconds_left() <= 0) return false;
      ::usleep(500);
    }
  }

  void kill_all() const {
    ::kill(-pid, SIGKILL);
    ::kill(pid, SIGKILL);
  }
};

std::string during() { return *shared_note() ? std::string(" during ") + shared_note() : ""; }

Outcome crash(const std::string& what, const Child& child) {
  const std::string lines = last_lines(child.printed.error);
  return {Verdict::kCrash, "the test to come to its end", what + during() + (lines.empty() ? "" : "; it printed: " + lines), ""};
}

std::string signal_text(int signal) {
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

Outcome verdict_of(const Child& child, const ChildOptions& options) {
  std::string text;
  int status = 0;
  if (!child.read_result(text) || !child.wait(status)) {
    child.kill_all();
    ::waitpid(child.pid, &status, 0);
    char limit[32];
    std::snprintf(limit, sizeof limit, "%g", options.limit_seconds);
    return crash(std::string("no end within ") + limit + " s", child);
  }
  child.kill_all();  // what it started and left behind
  if (WIFSIGNALED(status)) return crash("killed by " + signal_text(WTERMSIG(status)), child);
  if (text.empty()) return crash("the process was left by exit(" + std::to_string(WEXITSTATUS(status)) + ")", child);
  if (WEXITSTATUS(status) != 0) return crash("exit status " + std::to_string(WEXITSTATUS(status)), child);
  return outcome_from(text);
}

}  // namespace

void doing(const std::string& operation) {
  constexpr std::size_t kMost = 200;
  const std::size_t length = std::min(operation.size(), kMost);
  std::memcpy(shared_note(), operation.data(), length);
  shared_note()[length] = '\0';
}

Outcome run_test(const std::function<std::string()>& test, const ChildOptions& options) {
  doing("");
  if (options.in_process) return outcome_of(test);
  if (const int threads = thread_count(); threads != 1)
    throw Error("check", "tests are forked off a process of one thread, this one has " + std::to_string(threads));
  int ends[2];
  const Printed printed;
  if (printed.error < 0 || ::pipe2(ends, O_CLOEXEC) != 0) throw Error("check", std::string("no pipe: ") + std::strerror(errno));
  std::fflush(nullptr);
  const auto limit = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(options.limit_seconds));
  const Child child{::fork(), ends[0], printed, Clock::now() + limit};
  if (child.pid < 0) throw Error("check", std::string("no child process: ") + std::strerror(errno));
  if (child.pid == 0) {
    ::close(ends[0]);
    be_child(test, options, ends[1], printed);
  }
  ::close(ends[1]);
  const Outcome outcome = verdict_of(child, options);
  ::close(ends[0]);
  return outcome;
}

}  // namespace graft::core::conformance
