#include "core/train/compute.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "graft/cuda.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr double kWorthIt = 1.2;

void add(std::string& text, const std::string& more) { text += (text.empty() ? "" : "; ") + more; }

// A driver is there; without one the CUDA libraries, which take time and memory, need not be opened.
bool may_have_cuda() {
  std::error_code ignored;
  return std::filesystem::exists("/dev/nvidiactl", ignored) || std::filesystem::exists("/dev/dxg", ignored);
}

}  // namespace

void open_devices() {
  if (may_have_cuda()) open_cuda();
}

namespace {

at::Device choose_device(const std::string& asked, std::string& why) {
  if (asked == "cpu") return at::kCPU;
  if (asked == "auto" && !may_have_cuda()) return at::kCPU;
  const std::string refusal = open_cuda();
  if (refusal.empty()) return at::Device("cuda:0");
  if (asked != "auto") throw Error("run", "run.device is " + asked + ", but " + refusal);
  add(why, "no CUDA: " + refusal);
  return at::kCPU;
}

at::ScalarType choose_precision(const std::string& asked, const at::Device& device, std::string& why) {
  if (asked != "auto") return asked == "bf16" ? at::kBFloat16 : at::kFloat;
  if (device.is_cuda()) return at::kBFloat16;
  if (!has_bf16_instructions()) {
    add(why, "bf16: this CPU has no instructions for it");
    return at::kFloat;
  }
  double narrow = 0, wide = 0;
  for (int round = 0; round < 4; ++round) {  // in turns, so that a moment's load on the machine does not decide
    narrow = std::max(narrow, product_gflops(device, at::kBFloat16));
    wide = std::max(wide, product_gflops(device, at::kFloat));
  }
  char text[80];
  std::snprintf(text, sizeof text, "bf16 %.0f against fp32 %.0f GFLOP/s", narrow, wide);
  add(why, text);
  return narrow > kWorthIt * wide ? at::kBFloat16 : at::kFloat;
}

}  // namespace

std::string Compute::device_name() const { return device.str(); }
std::string Compute::precision_name() const { return precision == at::kBFloat16 ? "bf16" : "fp32"; }

Compute choose_compute(const Value& run) {
  Compute compute;
  compute.device = choose_device(run.at("device").text(), compute.why);
  compute.precision = choose_precision(run.at("precision").text(), compute.device, compute.why);
  return compute;
}

Compute compute_of(const std::string& device, const std::string& precision) {
  std::string ignored;
  return {choose_device(device, ignored), precision == "bf16" ? at::kBFloat16 : at::kFloat, ""};
}

double product_gflops(const at::Device& device, at::ScalarType precision) {
  at::NoGradGuard no_grad;
  constexpr std::int64_t kRows = 256, kIn = 384, kOut = 1536;
  const auto options = at::TensorOptions().device(device).dtype(precision);
  const Tensor x = at::ones({kRows, kIn}, options), weight = at::ones({kOut, kIn}, options);
  double best = 0;
  for (int i = 0; i < 4; ++i) {
    const auto start = std::chrono::steady_clock::now();
    at::linear(x, weight).narrow(0, 0, 1).narrow(1, 0, 1).item<float>();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::max(best, 2.0 * kRows * kIn * kOut / seconds / 1e9);
  }
  return best;
}

bool has_bf16_instructions() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("flags"))
      return line.find(" avx512_bf16") != std::string::npos || line.find(" amx_bf16") != std::string::npos;
  return false;
}

}  // namespace graft::core
