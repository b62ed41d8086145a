#include "core/registry/crash.hpp"

#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <ctime>
#include <exception>
#include <filesystem>
#include <mutex>

#include "core/registry/quarantine.hpp"

namespace graft::core {
namespace {

struct Known {  // to the handler; never freed
  std::string label, path, record, record_path, record_beside;
  std::atomic<std::uintptr_t> begin = 0, end = 0;
  std::atomic<const char*> component = nullptr;  // where one alone was made
  std::atomic<int> components = 0;
};

constexpr int kMostKnown = 512;
constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
std::array<std::atomic<Known*>, kMostKnown> known_plugins;
std::atomic<int> known_count = 0;
std::atomic<const char*> crash_advice = nullptr;
std::string quarantine_folder;
char thrown_text[1024];  // by what std::terminate was called
bool is_on_terminal = false;

std::atomic<long> crashed_thread = 0;
volatile sig_atomic_t is_walking = 0;
sigjmp_buf after_walk;

Known* known_by_path(const char* path) {
  for (int i = 0; i < known_count; ++i)
    if (Known* known = known_plugins[i]; known && std::strcmp(known->path.c_str(), path) == 0) return known;
  return nullptr;
}

Known* known_by_address(std::uintptr_t address) {
  for (int i = 0; i < known_count; ++i)
    if (Known* known = known_plugins[i]; known && address >= known->begin && address < known->end) return known;
  return nullptr;
}

class Line {  // text of bounded length, without allocation
 public:
  Line& operator<<(const char* text) {
    while (*text && size_ + 1 < sizeof(text_)) text_[size_++] = *text++;
    return *this;
  }
  Line& operator<<(long number) {
    char digits[24];
    int at = sizeof(digits) - 1;
    digits[at] = 0;
    do digits[--at] = static_cast<char>('0' + number % 10);
    while ((number /= 10) > 0);
    return *this << digits + at;
  }
  void write_to(int file) const {
    for (std::size_t done = 0; done < size_;) {
      const ssize_t wrote = ::write(file, text_ + done, size_ - done);
      if (wrote <= 0) return;
      done += static_cast<std::size_t>(wrote);
    }
  }

 private:
  char text_[8192];
  std::size_t size_ = 0;
};

struct CrashPlace {
  const Known* plugin = nullptr;
  const char* component = nullptr;  // null: not known
  const char* operation = "";
};

const char* name_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV: return "SIGSEGV";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGABRT: return "SIGABRT";
    default: return "no answer";  // SIGALRM, of a probe
  }
}

std::uintptr_t fault_address(void* context) {
  const auto& machine = static_cast<ucontext_t*>(context)->uc_mcontext;
#if defined(__x86_64__)
  return static_cast<std::uintptr_t>(machine.gregs[REG_RIP]);
#else
  return static_cast<std::uintptr_t>(machine.pc);
#endif
}

// A stack that the crash destroyed may crash the unwinder: the handler then comes back here.
Known* known_on_stack() {
  static void* frames[128];
  Known* volatile found = nullptr;  // lives through the jump
  if (sigsetjmp(after_walk, 1) == 0) {
    is_walking = 1;
    const int count = ::backtrace(frames, 128);
    for (int i = 0; i < count && !found; ++i) found = known_by_address(reinterpret_cast<std::uintptr_t>(frames[i]));
  }
  is_walking = 0;
  return found;
}

bool is_autograd_thread() {
  char name[16] = {};
  ::prctl(PR_GET_NAME, name);
  return std::strncmp(name, "pt_autograd", 11) == 0;
}

const char* place_without_breadcrumb(const Breadcrumb* innermost) {
  if (innermost) return innermost->operation;
  return is_autograd_thread() ? "backward" : "work in a thread of its own";
}

CrashPlace find_place(void* context) {
  const Breadcrumb* innermost = Breadcrumb::innermost;
  const Known* by_code = known_by_address(fault_address(context));
  if (!by_code) by_code = known_on_stack();
  for (const Breadcrumb* crumb = innermost; crumb; crumb = crumb->outer) {
    if (&crumb->plugin == &host_itself()) break;  // what lies further out did not crash
    const Known* plugin = known_by_path(crumb->plugin.path.c_str());
    if (plugin && (!by_code || plugin == by_code))
      return {plugin, crumb->plugin.component.empty() ? nullptr : crumb->plugin.component.c_str(), crumb->operation};
  }
  return {by_code, by_code && by_code->components == 1 ? by_code->component.load() : nullptr,
          place_without_breadcrumb(innermost)};
}

void say(const CrashPlace& place, int signal) {
  static Line line;
  if (is_on_terminal) line << "\n";
  const bool is_thrown = thrown_text[0] != 0;
  if (!place.plugin) {
    line << "graft: crashed outside of any plugin";
    if (Breadcrumb::innermost) line << ", during " << Breadcrumb::innermost->operation;
    line << " (" << name_of_signal(signal) << ")\n";
    if (is_thrown) line << "  threw " << thrown_text << "\n";
  } else if (is_thrown && std::strcmp(place.operation, kStaticInitialisers) == 0) {
    line << "graft: cannot load plugin " << place.plugin->label.c_str() << "\n  " << place.plugin->path.c_str()
         << "\n  G142 a static initialiser threw " << thrown_text << "\n";
  } else {
    line << "graft: crashed inside plugin " << place.plugin->label.c_str();
    if (place.component) line << ", component " << place.component;
    line << ", during " << place.operation << " (" << name_of_signal(signal) << ")\n  " << place.plugin->path.c_str() << "\n";
    if (is_thrown) line << "  threw " << thrown_text << "\n";
  }
  if (place.plugin && !place.plugin->record_path.empty())
    line << "  It is in quarantine now; a repaired build is another file and loads. To try this one again:\n"
         << "    graft plugin unquarantine " << place.plugin->path.c_str() << "\n";
  if (const char* advice = crash_advice) line << advice << "\n";
  line.write_to(STDERR_FILENO);
}

void write_record(const CrashPlace& place, int signal) {
  if (!place.plugin || place.plugin->record_path.empty()) return;
  static Line line;
  line << place.plugin->record.c_str() << ", \"component\": \"" << (place.component ? place.component : "") << "\", \"place\": \""
       << place.operation << "\", \"signal\": \"" << name_of_signal(signal)
       << "\", \"time\": " << static_cast<long>(std::time(nullptr)) << "}\n";
  const int file = ::open(place.plugin->record_beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return;
  line.write_to(file);
  ::close(file);
  ::rename(place.plugin->record_beside.c_str(), place.plugin->record_path.c_str());
}

void on_fatal(int signal, siginfo_t*, void* context) {
  const long self = ::syscall(SYS_gettid);
  long nobody = 0;
  if (crashed_thread.compare_exchange_strong(nobody, self)) {
    const CrashPlace place = find_place(context);
    write_record(place, signal);
    say(place, signal);
  } else if (nobody != self) {
    for (;;) ::pause();  // another thread crashed first and is about to end the process
  } else if (is_walking) {
    siglongjmp(after_walk, 1);
  }
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

[[noreturn]] void on_terminate() {
  if (std::current_exception()) {
    try {
      throw;
    } catch (...) {
      const Thrown thrown = current_exception_text();
      const std::string text = thrown.message == "threw " + thrown.type ? thrown.type : thrown.type + ": " + thrown.message;
      std::strncpy(thrown_text, text.c_str(), sizeof(thrown_text) - 1);
    }
  }
  std::abort();
}

void use_alternate_stack() {
  constexpr std::size_t kBytes = 256 << 10;
  stack_t stack = {};
  stack.ss_sp = new char[kBytes];
  stack.ss_size = kBytes;
  ::sigaltstack(&stack, nullptr);
}

struct Extent {
  std::uintptr_t address, begin, end;
};

int find_extent(dl_phdr_info* info, std::size_t, void* data) {
  auto& extent = *static_cast<Extent*>(data);
  std::uintptr_t begin = ~std::uintptr_t{0}, end = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const auto& header = info->dlpi_phdr[i];
    if (header.p_type != PT_LOAD) continue;
    begin = std::min(begin, info->dlpi_addr + header.p_vaddr);
    end = std::max(end, info->dlpi_addr + header.p_vaddr + header.p_memsz);
  }
  if (extent.address < begin || extent.address >= end) return 0;
  extent.begin = begin, extent.end = end;
  return 1;
}

}  // namespace

const PluginInfo& host_itself() {
  static const auto& info = *new PluginInfo{Kind::kTask, "", "graft", "", ""};
  return info;
}

void catch_crashes(const std::string& quarantine, bool is_probe) {
  quarantine_folder = quarantine;
  is_on_terminal = ::isatty(STDERR_FILENO);
  host_itself();
  known_on_stack();  // loads the unwinder
  use_alternate_stack();
  struct sigaction action = {};
  action.sa_sigaction = on_fatal;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (const int signal : kSignals) ::sigaction(signal, &action, nullptr);
  if (is_probe) ::sigaction(SIGALRM, &action, nullptr);
  std::set_terminate(on_terminate);
}

void note_plugin(const PluginFile& file, const std::string& sha256) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (known_by_path(file.path.c_str()) || known_count == kMostKnown) return;
  auto* known = new Known;
  known->label = file.label(), known->path = file.path;
  if (!file.is_own && !quarantine_folder.empty()) {
    std::error_code ignored;
    std::filesystem::create_directories(quarantine_folder, ignored);
    known->record_path = Quarantine(quarantine_folder).path_of(sha256);
    known->record_beside = known->record_path + ".new";
    known->record = "{\"plugin\": " + to_json(Value(file.label())) + ", \"path\": " + to_json(Value(file.path));
  }
  known_plugins[known_count] = known;
  ++known_count;
}

void note_mapped(const std::string& path, const void* address) {
  Known* known = known_by_path(path.c_str());
  Extent extent{reinterpret_cast<std::uintptr_t>(address), 0, 0};
  if (!known || !::dl_iterate_phdr(find_extent, &extent)) return;
  known->begin = extent.begin, known->end = extent.end;
}

void note_made(const PluginInfo& plugin) {
  Known* known = known_by_path(plugin.path.c_str());
  if (!known) return;
  const char* name = plugin.component.c_str();
  if (const char* before = known->component; before && std::strcmp(before, name) == 0) return;
  known->component = (new std::string(name))->c_str();
  ++known->components;
}

CrashAdvice::CrashAdvice(std::string text) : text_(std::move(text)) { crash_advice = text_.c_str(); }
CrashAdvice::~CrashAdvice() { crash_advice = nullptr; }

}  // namespace graft::core
