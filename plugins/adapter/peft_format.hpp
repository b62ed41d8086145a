// PeftFormat: how the Python package peft names the tensors of one kind of adapter, and what it writes of them.
//
//   ours     <layer>.<adapter>.<part>                        encoder.layer.0.attention.self.query.lora.A
//   theirs   base_model.model.<layer>.<their part>           base_model.model.encoder.layer.0.attention.self.query.lora_A.weight
//            base_model.<their part> of what all layers share   base_model.vera_A
//   source   peft 0.21, save_pretrained
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "graft/model.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"

namespace graft::plugins {

struct PeftFormat {
  std::string type;                           // peft_type
  std::string mark;                           // stands in the names of all tensors of such adapters and of no other
  std::map<std::string, std::string> parts;   // of one layer, ours to theirs
  std::map<std::string, std::string> shared;  // of all layers
  std::function<std::vector<std::int64_t>(const std::string& layer, const Tensor& ours)> shape;  // empty: ours
};

PeftFormat lora_format();  // DoRA too

struct PeftTensor {
  std::string ours, theirs;         // whole names
  Tensor tensor;                    // ours
  std::vector<std::int64_t> shape;  // theirs, of as many elements
};

// The tensors of the adapter (patch set) that the format knows, in the model's order.
std::vector<PeftTensor> peft_tensors(const PeftFormat& format, const Model& model, const std::string& adapter);

// The same by their names in their shapes, for write_peft.
NamedTensors peft_state(const PeftFormat& format, const Model& model, const std::string& adapter);

// adapter_config.json with `settings` (those of the type; the common ones are added) and adapter_model.safetensors.
void write_peft(const std::string& folder, const std::string& type, Value::Object settings, const NamedTensors& state);

Value peft_number(double number);  // an integer where it is one, as peft types lora_alpha

}  // namespace graft::plugins
