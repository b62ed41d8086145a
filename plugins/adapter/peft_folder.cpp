#include "peft_folder.hpp"

#include <filesystem>
#include <set>
#include <sstream>

#include "graft/error.hpp"
#include "graft/weights.hpp"

namespace graft::plugins {
namespace {

namespace fs = std::filesystem;

// A value that means what its absence does.
bool is_off(const Value& value) {
  return value.is_null() || value == Value(false) || value == Value("none") || (value.is_object() && value.object().empty()) ||
         (value.is_list() && value.list().empty());
}

std::string in_folder(const std::string& folder, const char* file) { return (fs::path(folder) / file).string(); }

}  // namespace

PeftFolder::PeftFolder(const std::string& folder, std::string where, PeftFormat format)
    : where_(std::move(where)),
      format_(std::move(format)),
      config_(read_json(in_folder(folder, "adapter_config.json"))),
      tensors_(in_folder(folder, "adapter_model.safetensors")) {
  require_same("peft_type", format_.type);
  for (const char* key : {"bias", "rank_pattern", "alpha_pattern", "fan_in_fan_out", "lora_bias", "layer_replication"})
    if (const Value* value = config_.find(key); value && !is_off(*value))
      throw Error(where_, value->place.text() + ": " + key + " must not be set, got " + to_json(*value));
  const Value* start = config_.find("init_lora_weights");
  if (start && start->is_text() && start->text() != "gaussian" && start->text() != "eva" && start->text() != "orthogonal")
    throw Error(where_, start->place.text() + ": init_lora_weights " + to_json(*start) + " changed the base weights");
}

void PeftFolder::require_same(const std::string& key, const Value& ours) const {
  const Value* theirs = config_.find(key);
  if ((theirs && *theirs == ours) || (!theirs && ours == Value(false))) return;
  throw Error(where_, (theirs ? theirs->place.text() + ": " + key + " is " + to_json(*theirs) : key + " is missing") +
                          ", but here it is " + to_json(ours));
}

void PeftFolder::require(const Value::Object& settings) const {
  for (const Value::Member& setting : settings) require_same(setting.key, setting.value);
}

// The one name that ends in theirs but for its "base_model.model."; "" when there is none.
std::string PeftFolder::name_of(const std::string& theirs) const {
  const std::string layer = "base_model.model.", model = "base_model.";
  const std::string end = theirs.substr(theirs.starts_with(layer) ? layer.size() : model.size());
  for (const std::string& name : tensors_.names())
    if (name == end || name.ends_with("." + end)) return name;
  return "";
}

Tensor PeftFolder::tensor(const std::string& name, at::IntArrayRef shape) const {
  if (!tensors_.has(name)) throw Error(where_, "from: the folder has no tensor " + name);
  const Tensor value = tensors_.tensor(name);
  if (value.sizes() == shape) return value;
  std::ostringstream text;
  text << "from: " << name << " must have the shape " << shape << ", has " << value.sizes();
  throw Error(where_, text.str());
}

void PeftFolder::copy_to(Model& model, const std::string& adapter) const {
  at::NoGradGuard no_grad;
  std::set<std::string> left;
  for (const std::string& name : tensors_.names()) left.insert(name);
  for (PeftTensor& item : peft_tensors(format_, model, adapter)) {
    const std::string theirs = name_of(item.theirs);
    if (theirs.empty()) throw Error(where_, "from: the folder has no tensor for " + item.ours);
    const Tensor value = tensors_.tensor(theirs);
    if (value.sizes() != at::IntArrayRef(item.shape))
      throw Error(where_, "from: " + theirs + " has another shape than " + item.ours);
    write_parameter(item.tensor, value.reshape(item.tensor.sizes()));
    left.erase(theirs);
  }
  for (const std::string& name : left) {
    if (name.find(format_.mark) != std::string::npos)
      throw Error(where_, "from: " + name + " belongs to no layer that `layers` names");
    log(where_, "from: left out " + name);
  }
}

}  // namespace graft::plugins
