// doctor: what this machine can do, and what a first run would find.
#include <ATen/Parallel.h>
#include <dlfcn.h>
#include <torch/version.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catalog.hpp"
#include "core/registry/abi.hpp"
#include "core/registry/quarantine.hpp"
#include "core/registry/user_folders.hpp"
#include "core/run/run_folder.hpp"
#include "core/train/compute.hpp"
#include "core/train/memory_budget.hpp"
#include "graft/error.hpp"
#include "verbs.hpp"

namespace graft::app {
namespace {

namespace fs = std::filesystem;

std::string cpu_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string gigabytes(std::uint64_t bytes) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f GB", static_cast<double>(bytes) / 1e9);
  return text;
}

// Of the folder, or of the nearest one above it that is there.
std::string disk_text(fs::path folder) {
  while (!fs::exists(folder) && folder.has_relative_path()) folder = folder.parent_path();
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  return error ? error.message() : gigabytes(space.available) + " free in " + folder.string();
}

std::string libtorch_text() {
  Dl_info info;
  const bool is_found = ::dladdr(reinterpret_cast<const void*>(&at::get_num_threads), &info) != 0;
  return std::string(TORCH_VERSION) + (is_found ? ", " + std::string(info.dli_fname) : "");
}

std::string bf16_text(const at::Device& device) {
  if (device.is_cpu() && !core::has_bf16_instructions()) return "no: this CPU has no instructions for it";
  char text[80];
  std::snprintf(text, sizeof text, "yes: %.0f GFLOP/s, fp32 %.0f", core::product_gflops(device, at::kBFloat16),
                core::product_gflops(device, at::kFloat));
  return text;
}

std::string plugins_text(const PluginOptions& options) {
  const core::PluginCatalog catalog = open_catalog(options);
  std::string text = std::to_string(catalog.files().size()) + " files, " + std::to_string(catalog.all().size()) + " components";
  if (const auto refused = catalog.refused().size())
    text += "; " + std::to_string(refused) + " refused (graft plugin doctor says why)";
  if (const auto held = core::Quarantine::of_user().all().size()) text += "; " + std::to_string(held) + " in quarantine";
  return text;
}

Value findings(const PluginOptions& options) {
  Value run = Value::Object{};
  run.set("device", "auto");
  run.set("precision", "auto");
  const auto threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  at::set_num_threads(threads);
  const core::Compute compute = core::choose_compute(run);
  const std::string cache = core::cache_folder();
  Value found = Value::Object{};
  found.set("graft", GRAFT_VERSION ", " + core::abi_variant(core::host_abi()));
  found.set("libtorch", libtorch_text());
  found.set("cpu", cpu_name());
  found.set("threads", std::to_string(threads));
  found.set("memory", gigabytes(core::default_memory_budget()) + " for tensors");
  found.set("device", compute.device_name() + (compute.device.is_cpu() && compute.why.find("CUDA") == std::string::npos
                                                   ? " (no NVIDIA driver is loaded)"
                                                   : ""));
  found.set("bf16", bf16_text(compute.device));
  found.set("auto",
            compute.device_name() + ", " + compute.precision_name() + (compute.why.empty() ? "" : " (" + compute.why + ")"));
  found.set("runs", disk_text(fs::absolute("runs")));
  found.set("cache", cache.empty() ? "none: GRAFT_CACHE is off, or there is no home folder" : disk_text(cache));
  found.set("plugins", plugins_text(options));
  return found;
}

}  // namespace

int doctor(bool json, const PluginOptions& plugins) {
  const Value found = findings(plugins);
  if (json) return std::puts(to_json(found, 2).c_str()) < 0;
  for (const Value::Member& line : found.object()) std::printf("%-8s  %s\n", line.key.c_str(), line.value.text().c_str());
  return 0;
}

}  // namespace graft::app
