#include "core/conformance/process.hpp"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>

#include <sys/stat.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "graft/files.hpp"

namespace graft::core::conformance {
namespace {

std::string on(bool flag) { return flag ? "on" : "off"; }

std::string generator_state() {
  const at::Generator generator = at::detail::getDefaultCPUGenerator();
  const at::Tensor state = generator.get_state();
  return sha256({static_cast<const char*>(state.const_data_ptr()), static_cast<std::size_t>(state.numel())}).substr(0, 12);
}

}  // namespace

void use_one_torch_thread() { at::set_num_threads(1); }

void set_up_torch() {
  const at::Tensor leaf = at::ones({2, 2}).set_requires_grad(true);
  leaf.matmul(leaf).sum().backward();
}

int thread_count() {
  int count = 0;
  for ([[maybe_unused]] const auto& thread : std::filesystem::directory_iterator("/proc/self/task")) ++count;
  return count;
}

std::uint64_t data_bytes() {
  std::uint64_t pages = 0;
  std::ifstream sizes("/proc/self/statm");
  for (int field = 0; field < 6; ++field) sizes >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::int64_t bytes_printed() {
  std::fflush(nullptr);
  struct stat info;
  return ::fstat(STDOUT_FILENO, &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : 0;
}

bool has_mapped(const std::string& part_of_name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(part_of_name) != std::string::npos) return true;
  return false;
}

std::vector<GlobalState::Entry> GlobalState::entries() {
  const at::Context& context = at::globalContext();
  return {{"grad mode", on(c10::GradMode::is_enabled())},
          {"inference mode", on(c10::InferenceMode::is_enabled())},
          {"the default dtype", std::string(c10::get_default_dtype().name())},
          {"the number of torch threads", std::to_string(at::get_num_threads())},
          {"deterministic algorithms", on(context.deterministicAlgorithms())},
          {"the state of torch's generator", generator_state()},
          {"the number of threads", std::to_string(thread_count())},
          {"the locale", std::setlocale(LC_ALL, nullptr)},
          {"the rounding mode", std::to_string(std::fegetround())},
          {"the working folder", std::filesystem::current_path().string()},
          {"the number of bytes on standard output", std::to_string(bytes_printed())}};
}

GlobalState::GlobalState() : before_(entries()) {}

std::vector<std::string> GlobalState::changes() const {
  std::vector<std::string> changes;
  const std::vector<Entry> now = entries();
  for (std::size_t i = 0; i < now.size(); ++i)
    if (now[i].second != before_[i].second)
      changes.push_back(now[i].first + " was " + before_[i].second + ", is " + now[i].second);
  return changes;
}

}  // namespace graft::core::conformance
