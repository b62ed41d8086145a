#include "core/registry/probe.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "core/registry/abi.hpp"
#include "core/registry/elf.hpp"
#include "core/registry/user_folders.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/parameters.hpp"

extern char** environ;

namespace graft::core {
namespace {

constexpr std::size_t kMostOutput = 64 << 10;
constexpr double kSecondsToSpeak = 2;  // between SIGALRM and SIGKILL

double seconds_now() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

// Of the program and of libgraft, by the linker; without a build id their contents.
std::string build_of(const std::string& path) {
  try {
    if (const auto note = ElfFile(path).section(".note.gnu.build-id")) return sha256(*note).substr(0, 16);
  } catch (const ElfFault&) {
  }
  return sha256_of_file(path).substr(0, 16);
}

const std::string& host_build() {
  static const std::string build = build_of("/proc/self/exe") + "-" + sha256(to_json(host_abi())).substr(0, 16);
  return build;
}

class Child {
 public:
  Child(const std::string& program, const std::vector<std::string>& arguments) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("plugin", "cannot open a pipe for the probe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawnattr_t group;  // of its own, so that children of the plugin end with it
    posix_spawnattr_init(&group);
    posix_spawnattr_setflags(&group, POSIX_SPAWN_SETPGROUP);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    const int fault = ::posix_spawn(&pid_, program.c_str(), &actions, &group, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&group);
    ::close(ends[1]);
    output_ = ends[0];
    if (fault == 0) return;
    ::close(output_);
    throw Error("plugin", "cannot start " + program + " for the probe");
  }
  ~Child() { ::close(output_); }
  Child(const Child&) = delete;

  // Reads until the child ended or `seconds` went by. True: it ended.
  bool wait(double seconds, std::string& output) {
    for (const double end = seconds_now() + seconds; seconds_now() < end;) {
      drain(output);
      if (::waitpid(pid_, &status_, WNOHANG) == pid_) {
        drain(output);
        return true;
      }
    }
    return false;
  }

  void signal(int number) const { ::kill(number == SIGKILL ? -pid_ : pid_, number); }
  int exit() const { return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_); }

 private:
  void drain(std::string& output) {
    pollfd ready{output_, POLLIN, 0};
    char bytes[4096];
    while (::poll(&ready, 1, 10) > 0 && (ready.revents & POLLIN)) {
      const ssize_t got = ::read(output_, bytes, sizeof bytes);
      if (got <= 0) return;
      output.append(bytes, static_cast<std::size_t>(got));
      if (output.size() > kMostOutput) output.erase(0, output.size() - kMostOutput);  // the end says how it ended
    }
    if (ready.revents & POLLHUP) ::usleep(5000);
  }

  pid_t pid_ = 0;
  int output_ = -1, status_ = 0;
};

// The defaults, and what the manifest has `plugin check` try; none where that is not enough.
std::optional<Value> parameters_of(const Component& component) {
  const Value *check = component.entry.find("check"), *given = check ? check->find("params") : nullptr;
  Value parameters = given ? *given : Value(Value::Object{});
  if (!check_parameters(parameters, component.entry.at("params"), component.name).empty()) return std::nullopt;
  return parameters;
}

QuarantineRecord record_of(const PluginFile& file, const std::string& sha256, const ProbeOutcome& outcome) {
  QuarantineRecord record{sha256,
                          file.label(),
                          file.path,
                          "",
                          "the probe",
                          "exit code " + std::to_string(outcome.exit),
                          static_cast<std::int64_t>(std::time(nullptr))};
  if (outcome.exit > 128) record.signal = ::sigdescr_np(outcome.exit - 128) ? ::sigdescr_np(outcome.exit - 128) : "a signal";
  if (outcome.is_late) record.signal = "no answer";
  return record;
}

}  // namespace

std::vector<std::string> probe_components(const PluginFile& file, Loader& loader) {
  std::vector<std::string> lines;
  for (const Component& component : file.components) {
    std::string line = std::string(kind_name(component.kind)) + " " + component.name + ": ";
    std::optional<Value> parameters = parameters_of(component);
    try {
      if (parameters)
        loader.make(component.kind, component.name + "@" + file.id, Config("probe", std::move(*parameters)))(nullptr);
      line += parameters ? "made and destroyed" : "needs parameters, so it was not made";
    } catch (const PluginError& error) {
      line += error.what();
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

ProbeOutcome run_probe(const std::string& program, const std::string& path, double seconds) {
  Child child(program, {"plugin", "probe", path});
  ProbeOutcome outcome;
  if (!child.wait(seconds, outcome.output)) {
    outcome.is_late = true;
    child.signal(SIGALRM);
    if (!child.wait(kSecondsToSpeak, outcome.output)) {
      child.signal(SIGKILL);
      while (!child.wait(1, outcome.output)) continue;
    }
  }
  outcome.exit = child.exit();
  const auto says = [&](const char* text) { return outcome.output.find(text) != std::string::npos; };
  const bool is_whole = outcome.exit == 0 && says(kProbeEnd), is_refused = outcome.exit == 2 && says(PluginRefused::kBegin);
  outcome.is_fine = !outcome.is_late && (is_whole || is_refused);
  return outcome;
}

ProbeCache::ProbeCache(std::string path) : path_(std::move(path)) {}

ProbeCache ProbeCache::of_user() {
  const std::string cache = cache_folder();
  return ProbeCache(cache.empty() ? "" : cache + "/plugins-v1.json");
}

Value ProbeCache::read() const {
  try {
    Value value = read_json(path_);
    if (value.is_object()) return value;
  } catch (const Error&) {
  }
  return Value::Object{};
}

bool ProbeCache::has(const std::string& sha256) const {
  return !path_.empty() && read().find(sha256 + "/" + host_build()) != nullptr;
}

void ProbeCache::add(const std::string& sha256, const std::string& plugin) const {
  Value value = read();
  value.set(sha256 + "/" + host_build(), plugin);
  write(value);
}

void ProbeCache::remove(const std::string& sha256) const {
  const Value all = read();
  Value kept = Value::Object{};
  for (const Value::Member& entry : all.object())
    if (!entry.key.starts_with(sha256)) kept.set(entry.key, entry.value);
  write(kept);
}

// A cache that cannot be written costs a probe the next time, no more.
void ProbeCache::write(const Value& value) const {
  if (path_.empty()) return;
  try {
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path());
    write_file(path_, to_json(value, 2) + "\n");
  } catch (const std::exception&) {
  }
}

Gate gate_of_user(const std::string& program) {
  return [program](const PluginFile& file, const std::string& sha256) {
    const Quarantine quarantine = Quarantine::of_user();
    quarantine.require_free(file, sha256);
    const PluginPolicy policy = policy_of_user();
    if (!policy.is_open && !file.is_named) TrustStore::of_user().require(file, sha256);
    const ProbeCache cache = ProbeCache::of_user();
    if (cache.has(sha256)) return;
    const ProbeOutcome outcome = run_probe(program, file.path, policy.probe_seconds);
    if (outcome.is_fine) {
      if (outcome.exit == 0) cache.add(sha256, file.label());  // a refusal comes again, in this process
      return;
    }
    quarantine.require_free(file, sha256);  // the child's own record says most
    const QuarantineRecord record = record_of(file, sha256, outcome);
    quarantine.add(record);
    Quarantine::refuse(file, record);
  };
}

}  // namespace graft::core
