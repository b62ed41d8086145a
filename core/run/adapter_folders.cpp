#include "core/run/adapter_folders.hpp"

#include "core/registry/guarded.hpp"

namespace graft::core {

void save_adapters(const std::string& folder, const Network& network) {
  for (const NamedAdapter& adapter : network.adapters)
    guarded(*adapter.plugin, "save", [&] { adapter.adapter->save(*network.model, folder + "/" + adapter.name); });
}

}  // namespace graft::core
