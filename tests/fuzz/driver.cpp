// Runs a harness of libFuzzer's form over mutants of the files given: fuzz_plugin --count 10000 --seed 1 FILE...
//
//   fails    on a fault, on an input that takes longer than kSeconds, on more than kMostBytes held at once; the last line says which
//            mutant, and --first N --count 1 makes it again
//   with     -fsanitize=address,undefined, or none. With clang, -fsanitize=fuzzer takes the place of this file
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>

#include "graft/files.hpp"
#include "mutate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" void __sanitizer_set_death_callback(void (*callback)()) __attribute__((weak));

namespace {

constexpr unsigned kSeconds = 10;
constexpr std::size_t kMostBytes = 64 << 20;

std::atomic<std::size_t> bytes_held = 0, most_held = 0;
char which[256];  // "mutant 17 of seed 1, hostile.so\n"

void say_which() {
  if (::write(STDERR_FILENO, which, std::strlen(which)) < 0) ::_exit(1);
}

void on_signal(int signal) {
  say_which();
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void* counted(std::size_t bytes) {
  void* data = std::malloc(bytes ? bytes : 1);
  if (!data) throw std::bad_alloc();
  const std::size_t now = bytes_held += ::malloc_usable_size(data);
  for (std::size_t most = most_held; now > most && !most_held.compare_exchange_weak(most, now);) continue;
  return data;
}

void give_back(void* data) {
  if (data) bytes_held -= ::malloc_usable_size(data);
  std::free(data);
}

struct Options {
  std::uint64_t first = 0, count = 1000, seed = 1;
  std::vector<std::string> files;
};

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    std::uint64_t* number = word == "--count"   ? &options.count
                            : word == "--seed"  ? &options.seed
                            : word == "--first" ? &options.first
                                                : nullptr;
    if (!number)
      options.files.push_back(word);
    else if (++i < argc)
      *number = std::strtoull(argv[i], nullptr, 10);
  }
  return options;
}

// False: it held too much.
bool run(const std::string& bytes) {
  most_held = 0;
  const std::size_t before = bytes_held;
  ::alarm(kSeconds);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  ::alarm(0);
  return most_held <= before + kMostBytes;
}

}  // namespace

void* operator new(std::size_t bytes) { return counted(bytes); }
void operator delete(void* data) noexcept { give_back(data); }
void operator delete(void* data, std::size_t) noexcept { give_back(data); }

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  if (options.files.empty()) return std::fputs("a file to mutate is needed\n", stderr), 2;
  std::vector<fuzz::Mutator> mutators;
  for (const std::string& file : options.files) mutators.emplace_back(graft::read_file(file));
  if (__sanitizer_set_death_callback)
    __sanitizer_set_death_callback(say_which);
  else
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGABRT}) std::signal(signal, on_signal);
  std::signal(SIGALRM, on_signal);
  std::size_t most = 0;
  for (std::uint64_t i = options.first; i < options.first + options.count; ++i) {
    const std::size_t file = i % mutators.size();
    std::snprintf(which, sizeof which, "mutant %llu of seed %llu, %s\n", static_cast<unsigned long long>(i),
                  static_cast<unsigned long long>(options.seed), options.files[file].c_str());
    const std::string bytes = mutators[file].mutant(options.seed, i);
    const std::size_t before = bytes_held;
    if (!run(bytes)) return std::fputs("more than 64 MB held: ", stderr), say_which(), 1;
    most = std::max(most, most_held - before);
  }
  std::printf("%llu mutants: no fault, none over %u s, at most %.1f MB held\n", static_cast<unsigned long long>(options.count),
              kSeconds, static_cast<double>(most) / 1e6);
}
