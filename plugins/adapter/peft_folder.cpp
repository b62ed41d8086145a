#include "peft_folder.hpp"

#include <filesystem>
#include <map>
#include <set>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

namespace fs = std::filesystem;

const std::map<std::string, std::string> kParts = {
    {"A", "lora_A.weight"}, {"B", "lora_B.weight"}, {"magnitude", "lora_magnitude_vector"}};

bool is_of_adapter(const std::string& name) { return name.find(".lora_") != std::string::npos; }

// A value that means what its absence does.
bool is_off(const Value& value) {
  return value.is_null() || value == Value(false) || value == Value("none") || (value.is_object() && value.object().empty()) ||
         (value.is_list() && value.list().empty());
}

std::string in_folder(const std::string& folder, const char* file) { return (fs::path(folder) / file).string(); }

}  // namespace

PeftFolder::PeftFolder(const std::string& folder, std::string where)
    : where_(std::move(where)),
      config_(read_json(in_folder(folder, "adapter_config.json"))),
      tensors_(in_folder(folder, "adapter_model.safetensors")) {
  require_same("peft_type", "LORA");
  for (const char* key : {"bias", "rank_pattern", "alpha_pattern", "fan_in_fan_out", "lora_bias", "layer_replication"})
    if (const Value* value = config_.find(key); value && !is_off(*value))
      throw Error(where_, value->place.text() + ": " + key + " must not be set, got " + to_json(*value));
  const Value* start = config_.find("init_lora_weights");
  if (start && start->is_text() && start->text() != "gaussian" && start->text() != "eva" && start->text() != "orthogonal")
    throw Error(where_, start->place.text() + ": init_lora_weights " + to_json(*start) + " changed the base weights");
}

void PeftFolder::require_same(const char* key, const Value& ours) const {
  const Value* theirs = config_.find(key);
  if ((theirs && *theirs == ours) || (!theirs && ours == Value(false))) return;
  throw Error(where_,
              (theirs ? theirs->place.text() + ": " + key + " is " + to_json(*theirs) : std::string(key) + " is missing") +
                  ", but here it is " + to_json(ours));
}

void PeftFolder::require(const LowRank& ours, bool is_dora) const {
  require_same("use_dora", is_dora);
  require_same("r", ours.rank);
  require_same("lora_alpha", ours.alpha);
  require_same("use_rslora", ours.is_stabilised);
}

// The one name that ends in the layer and the part; "" when there is none.
std::string PeftFolder::name_of(const std::string& layer, const std::string& part) const {
  const std::string end = layer + "." + part;
  for (const std::string& name : tensors_.names())
    if (name == end || name.ends_with("." + end)) return name;
  return "";
}

void PeftFolder::copy_to(Model& model, const std::string& adapter) const {
  at::NoGradGuard no_grad;
  std::set<std::string> left;
  for (const std::string& name : tensors_.names()) left.insert(name);
  for (auto [name, tensor] : named_tensors(model)) {
    const std::size_t dot = name.rfind('.');
    const std::string layer = name.substr(0, dot == std::string::npos ? 0 : dot), set = "." + adapter;
    if (!layer.ends_with(set) || !kParts.contains(name.substr(dot + 1))) continue;
    const std::string theirs = name_of(layer.substr(0, layer.size() - set.size()), kParts.at(name.substr(dot + 1)));
    if (theirs.empty()) throw Error(where_, "from: the folder has no tensor for " + name);
    const Tensor value = tensors_.tensor(theirs);
    if (value.sizes() != tensor.sizes()) throw Error(where_, "from: " + theirs + " has another shape than " + name);
    write_parameter(tensor, value);
    left.erase(theirs);
  }
  for (const std::string& name : left) {
    if (is_of_adapter(name)) throw Error(where_, "from: " + name + " belongs to no layer that `layers` names");
    log(where_, "from: left out " + name);
  }
}

}  // namespace graft::plugins
