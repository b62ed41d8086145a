#include "core/train/feature_cache.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/registry/guarded.hpp"
#include "graft/error.hpp"
#include "graft/files.hpp"
#include "graft/safetensors.hpp"

namespace graft::core {
namespace {

namespace fs = std::filesystem;

std::string default_folder() {
  const auto variable = [](const char* name) { return std::string(std::getenv(name) ? std::getenv(name) : ""); };
  const std::string own = variable("GRAFT_CACHE"), cache = variable("XDG_CACHE_HOME"), home = variable("HOME");
  if (own == "off") return "";
  if (!own.empty()) return own + "/features";
  if (!cache.empty()) return cache + "/graft/features";
  return home.empty() ? "" : home + "/.cache/graft/features";
}

std::string hash_of(const Tensor& tensor) {
  const Tensor held = tensor.detach().to(at::kCPU).contiguous();
  return sha256(std::to_string(static_cast<int>(held.scalar_type())) + c10::str(held.sizes()) +
                sha256({static_cast<const char*>(held.const_data_ptr()), held.nbytes()}));
}

std::string hash_of(const Column& column) {
  if (const auto* texts = std::get_if<Strings>(&column)) {
    std::string all;
    for (const std::string& text : *texts) all += std::to_string(text.size()) + ":" + text;
    return sha256(all);
  }
  if (const auto* rows = std::get_if<Ragged>(&column)) return hash_of(rows->values) + hash_of(rows->offsets);
  if (const auto* rows = std::get_if<SparseRows>(&column))
    return hash_of(rows->ids) + hash_of(rows->values) + hash_of(rows->offsets) + std::to_string(rows->width);
  return hash_of(std::get<Tensor>(column));
}

std::string library_hash() {
  Dl_info found;
  return dladdr(reinterpret_cast<void*>(&sha256_of_file), &found) ? sha256_of_file(found.dli_fname) : "";
}

}  // namespace

FeatureCache::FeatureCache() : folder_(default_folder()) {}

std::string FeatureCache::key(const Network& network, const Batch& rows, std::int64_t batch_size) {
  std::string all = network.model_use + to_json(network.model_parameters) + sha256_of_file(network.model_plugin->path) +
                    library_hash() + at::get_cpu_capability() + " " + network.compute.device_name() + " " +
                    network.compute.precision_name() + " " + std::to_string(at::get_num_threads()) + " " +
                    std::to_string(batch_size);
  for (const HeldModel& held : network.held) all += sha256_of_file(held.plugin->path);
  for (const NamedAdapter& adapter : network.adapters) all += sha256_of_file(adapter.plugin->path) + to_json(adapter.config);
  for (const auto& named : network.model->named_parameters()) all += named.key() + hash_of(named.value());
  for (const auto& named : network.model->named_buffers()) all += named.key() + hash_of(named.value());
  for (const std::string& name : network.inputs) all += name + hash_of(rows.column(name));
  for (const std::string& name : network.outputs()) all += name;
  return sha256(all);
}

std::optional<Batch> FeatureCache::read(const std::string& key, const Batch& rows) const {
  std::error_code ignored;
  if (folder_.empty() || !fs::exists(file(key), ignored)) return std::nullopt;
  try {
    const Safetensors kept(file(key));
    Batch features(std::vector<std::int64_t>(rows.row_ids().begin(), rows.row_ids().end()));
    for (const std::string& name : kept.names()) features.set(name, kept.tensor(name).clone());
    fs::last_write_time(file(key), fs::file_time_type::clock::now(), ignored);
    return features;
  } catch (const Error& error) {
    warn("cache", std::string("made anew: ") + error.what());
    return std::nullopt;
  }
}

void FeatureCache::write(const std::string& key, const Batch& features) const {
  if (folder_.empty()) return;
  NamedTensors tensors;
  for (const std::string& name : features.names()) tensors.emplace_back(name, features.tensor(name));
  try {
    fs::create_directories(folder_);
    write_safetensors(file(key), tensors);
    remove_oldest();
  } catch (const std::exception& error) {
    warn("cache", std::string("the features are not kept for later runs: ") + error.what());
  }
}

void FeatureCache::remove_oldest() const {
  std::vector<fs::directory_entry> files(fs::directory_iterator(folder_), {});
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.last_write_time() > b.last_write_time(); });
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const fs::directory_entry& entry : files) {
    bytes += entry.file_size();
    if (bytes > kMost && &entry != &files.front()) fs::remove(entry.path(), ignored);
  }
}

}  // namespace graft::core
