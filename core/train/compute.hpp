// Compute: where the model runs and in which float type, chosen once for a run.
//
//   device      "cpu", "cuda"; "auto": CUDA where there is a device, else the CPU
//   precision   "fp32", "bf16"; "auto": bf16 where the hardware has instructions for it and a small product is faster in it by a
//               fifth or more, else fp32. Parameters, optimizer state, heads and losses are float in either
//   errors      Error("run") when a CUDA device is asked for and cannot be had: says why
#pragma once

#include <string>

#include "graft/batch.hpp"
#include "graft/value.hpp"

namespace graft::core {

struct Compute {
  at::Device device{at::kCPU};
  at::ScalarType precision = at::kFloat;
  std::string why;  // "no CUDA device; bf16: this CPU has no instructions for it"; empty: as the config said

  std::string device_name() const;     // "cpu", "cuda:0"
  std::string precision_name() const;  // "fp32", "bf16"
};

// `run`: the config's section. Call after at::set_num_threads: products are timed on the run's threads.
Compute choose_compute(const Value& run);

// The same as it was written down; precision by precision_name().
Compute compute_of(const std::string& device, const std::string& precision);

// Opens CUDA where there is a driver; a program that chooses later calls it before it opens plugins.
void open_devices();

// What one product of a layer of 384 by 1,536 gets on this machine, in GFLOP/s.
double product_gflops(const at::Device& device, at::ScalarType precision);

bool has_bf16_instructions();  // of this CPU: AVX512-BF16 or AMX

}  // namespace graft::core
