#include "core/pipeline/state_files.hpp"

#include "graft/files.hpp"
#include "graft/safetensors.hpp"

namespace graft::core {

Value save_state(const State& state, const std::string& folder, const std::string& name) {
  Value saved = Value::Object{};
  if (!state.tensors.empty()) {
    write_safetensors(folder + "/" + name + ".safetensors", {state.tensors.begin(), state.tensors.end()});
    saved.set("tensors", name + ".safetensors");
  }
  Value texts = Value::Object{};
  for (const auto& [key, text] : state.texts) {
    write_file(folder + "/" + name + "." + key, text);
    texts.set(key, name + "." + key);
  }
  saved.set("texts", std::move(texts));
  return saved;
}

State load_state(const Value& saved, const std::string& folder, const std::string& name) {
  State state;
  if (const Value* file = saved.find("tensors")) {
    const Safetensors tensors(folder + "/" + file->text());
    for (const std::string& key : tensors.names()) state.tensors[key] = tensors.tensor(key).clone();
  }
  for (const Value::Member& text : saved.at("texts").object())
    state.texts[text.key] = read_file(folder + "/" + text.value.text());
  return state;
}

}  // namespace graft::core
