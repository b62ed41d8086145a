// CUDA: opens the half of LibTorch and of graft that runs on NVIDIA GPUs, which nothing links.
//
//   returns  "" when a device can be used from here on, else why not and what to do; the same answer at every call
//   calls    from any thread; the first call opens libtorch_cuda.so (beside libtorch_cpu.so) and libgraft_cuda.so (beside
//            libgraft.so), the others cost nothing
//   order    before the process first seeds LibTorch, asks it about devices or goes back through a graph: LibTorch settles then
//            which devices there are. Before plugins are opened: libtorch_cuda.so wants room for static thread-local storage
//   warns    when libgraft_cuda.so is missing: the fused layers of graft::nn then run as their plain twins, which takes longer
#pragma once

#include <string>

#include "graft/export.hpp"

namespace graft {

GRAFT_API std::string open_cuda();

}  // namespace graft
