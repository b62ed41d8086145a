#include "peft_format.hpp"

#include <cmath>
#include <filesystem>

#include "graft/files.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {

PeftFormat lora_format() {
  return {"LORA", ".lora_", {{"A", "lora_A.weight"}, {"B", "lora_B.weight"}, {"magnitude", "lora_magnitude_vector"}}, {}, {}};
}

std::vector<PeftTensor> peft_tensors(const PeftFormat& format, const Model& model, const std::string& adapter) {
  std::vector<PeftTensor> all;
  for (const auto& [name, tensor] : named_tensors(model)) {
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) continue;
    const std::string part = name.substr(dot + 1), set = "." + adapter;
    std::string layer = name.substr(0, dot);
    if (!layer.ends_with(set)) continue;
    layer.resize(layer.size() - set.size());
    const std::vector<std::int64_t> shape = format.shape ? format.shape(layer, tensor) : tensor.sizes().vec();
    if (const auto at = format.parts.find(part); at != format.parts.end())
      all.push_back({name, "base_model.model." + layer + "." + at->second, tensor, shape});
    else if (const auto shared = format.shared.find(part); shared != format.shared.end())
      all.push_back({name, "base_model." + shared->second, tensor, shape});
  }
  return all;
}

NamedTensors peft_state(const PeftFormat& format, const Model& model, const std::string& adapter) {
  NamedTensors state;
  for (const PeftTensor& item : peft_tensors(format, model, adapter))
    state.emplace_back(item.theirs, item.tensor.detach().reshape(item.shape));
  return state;
}

Value peft_number(double number) {
  return number == std::floor(number) && std::abs(number) < 1e15 ? Value(static_cast<std::int64_t>(number)) : Value(number);
}

void write_peft(const std::string& folder, const std::string& type, Value::Object settings, const NamedTensors& state) {
  Value config = Value::Object{{"peft_type", type, {}},
                               {"task_type", nullptr, {}},
                               {"base_model_name_or_path", nullptr, {}},
                               {"inference_mode", true, {}}};
  for (Value::Member& setting : settings) config.set(setting.key, std::move(setting.value));
  std::filesystem::create_directories(folder);
  write_file((std::filesystem::path(folder) / "adapter_config.json").string(), to_json(config, 2) + "\n");
  write_safetensors((std::filesystem::path(folder) / "adapter_model.safetensors").string(), state, {{"format", "pt"}});
}

}  // namespace graft::plugins
