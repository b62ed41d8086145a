#include "core/run/quick.hpp"

#include <algorithm>

namespace graft::core {

void shorten(Value& config) {
  std::int64_t epochs = 1;
  if (Value* phases = config.find("phases"); phases && phases->is_object() && !phases->object().empty()) {
    epochs = static_cast<std::int64_t>(phases->object().size());
    for (Value::Member& phase : phases->object()) phase.value.set("epochs", 1);
  }
  Value& run = *config.find("run");
  run.set("epochs", epochs);
  run.set("steps", nullptr);
  if (run.at("batch_size").is_integer()) run.set("batch_size", std::min<std::int64_t>(8, run.at("batch_size").integer()));
  config.find("checkpoint")->set("every", 4);
}

}  // namespace graft::core
