#include "graft/cuda.hpp"

#include <dlfcn.h>
#include <torch/cuda.h>

#include <filesystem>

#include "graft/error.hpp"

namespace graft {
namespace {

constexpr int kNoDevice = 100;  // CUDA_ERROR_NO_DEVICE

const char kHere = 0;  // an address in libgraft.so

// The folder of the library that holds an address.
std::filesystem::path folder_of(const void* address) {
  Dl_info info;
  return ::dladdr(address, &info) != 0 ? std::filesystem::path(info.dli_fname).parent_path() : std::filesystem::path();
}

std::string fault_of_loader() {
  const char* text = ::dlerror();
  return text ? text : "unknown error";
}

// The driver's own interface, which is there without any CUDA package.
template <class Function>
Function* driver_function(void* driver, const char* name) {
  return reinterpret_cast<Function*>(::dlsym(driver, name));
}

std::string driver_error(void* driver, int code) {
  const char* text = nullptr;
  if (const auto describe = driver_function<int(int, const char**)>(driver, "cuGetErrorString")) describe(code, &text);
  return "error " + std::to_string(code) + (text ? std::string(", ") + text : std::string());
}

// "13.0"
std::string version_of(void* driver) {
  int version = 0;
  const auto ask = driver_function<int(int*)>(driver, "cuDriverGetVersion");
  if (!ask || ask(&version) != 0) return "an unknown version";
  return std::to_string(version / 1000) + "." + std::to_string(version % 1000 / 10);
}

std::string why_driver_fails(void* driver) {
  const auto start = driver_function<int(unsigned)>(driver, "cuInit");
  const auto count = driver_function<int(int*)>(driver, "cuDeviceGetCount");
  if (!start || !count) return "libcuda.so.1 is no NVIDIA driver: it lacks cuInit";
  int devices = 0, code = start(0);
  if (code == 0) code = count(&devices);
  if (code == kNoDevice || (code == 0 && devices == 0)) {
    return "the NVIDIA driver finds no device: is there one, and does CUDA_VISIBLE_DEVICES name it?";
  }
  return code == 0 ? "" : "the NVIDIA driver does not start: " + driver_error(driver, code);
}

std::string why_torch_fails(void* driver) {
  const auto library = folder_of(reinterpret_cast<const void*>(&torch::cuda::device_count)) / "libtorch_cuda.so";
  if (!::dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL)) {
    return "LibTorch's CUDA half does not load (" + fault_of_loader() +
           "): install LibTorch with its CUDA packages, GRAFT_CUDA=1 sh examples/setup.sh";
  }
  if (torch::cuda::device_count() > 0) return "";
  return "LibTorch finds no device: the driver is for CUDA " + version_of(driver) +
         ", which must not be older than LibTorch's; or LibTorch was used before it was opened";
}

// Without it all runs, through the plain twins.
void open_kernels() {
  const auto library = folder_of(&kHere) / "libgraft_cuda.so";
  void* kernels = ::dlopen(library.c_str(), RTLD_NOW);
  const auto open = kernels ? reinterpret_cast<void (*)()>(::dlsym(kernels, "graft_cuda_open")) : nullptr;
  if (open) return open();
  warn("graft/cuda", "fused layers are off: " + fault_of_loader() +
                         "; configure and build graft again where nvcc of LibTorch's CUDA version is");
}

std::string open_once() {
  void* driver = ::dlopen("libcuda.so.1", RTLD_NOW);
  if (!driver) return "there is no NVIDIA driver (" + fault_of_loader() + ")";
  if (const std::string fault = why_driver_fails(driver); !fault.empty()) return fault;
  if (const std::string fault = why_torch_fails(driver); !fault.empty()) return fault;
  open_kernels();
  return "";
}

}  // namespace

std::string open_cuda() {
  static const std::string answer = open_once();
  return answer;
}

}  // namespace graft
