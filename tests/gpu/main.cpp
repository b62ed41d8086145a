// Opens CUDA, which no graft binary links, and runs the cases; where that is refused the program is skipped (77) and says why.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

#include <cstdio>
#include <cstdlib>

#include "graft/cuda.hpp"

int main(int argc, char** argv) {
  ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);  // what deterministic mode asks of cuBLAS, before CUDA starts
  const std::string refusal = graft::open_cuda();
  if (refusal.empty()) return Catch::Session().run(argc, argv);
  std::printf("skipped: %s\n", refusal.c_str());
  return 77;
}
