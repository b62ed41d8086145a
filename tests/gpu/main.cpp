// Opens LibTorch's CUDA half, which no graft binary links, and runs the cases; without a device the program is skipped (77).
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <dlfcn.h>
#include <torch/cuda.h>

#include <cstdio>

int main(int argc, char** argv) {
  dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL);  // is_available() tells whether that and the driver are there
  if (torch::cuda::is_available()) return Catch::Session().run(argc, argv);
  std::puts("skipped: no CUDA device");
  return 77;
}
