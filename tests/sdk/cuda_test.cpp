// Opening CUDA on a machine that has none; what it does with a device is tested by tests/gpu.
#include "graft/cuda.hpp"

#include <dlfcn.h>

#include <future>
#include <vector>

#include "catch.hpp"

using namespace graft;

namespace {

bool has_driver() { return ::dlopen("libcuda.so.1", RTLD_LAZY) != nullptr; }

}  // namespace

TEST_CASE("open_cuda: without a driver it says so and names the library that is missing", "[cuda]") {
  if (has_driver()) return;
  CHECK(open_cuda() == "there is no NVIDIA driver (libcuda.so.1: cannot open shared object file: No such file or directory)");
}

TEST_CASE("open_cuda: gives the same answer each time, from any thread", "[cuda]") {
  if (has_driver()) return;  // LibTorch, which this program has used by now, would have to be opened before that
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 8; ++i) answers.push_back(std::async(std::launch::async, open_cuda));
  for (auto& answer : answers) CHECK(answer.get() == open_cuda());
}
