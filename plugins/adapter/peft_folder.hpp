// PeftFolder: an adapter as the Python package peft writes it, adapter_config.json and adapter_model.safetensors, of the LoRA family.
//
//   require   the folder's adapter_config.json asks for what ours computes: Error(where) with the key, its value and ours
//   copy_to   peft's tensors into those of the patch set `name`, by layer: <...>.<layer>.lora_A.weight into <layer>.<name>.A,
//             lora_B.weight into .B, lora_magnitude_vector into .magnitude; whatever stands before the layer's name, as
//             "base_model.model.", is passed over. Error(where) when a tensor of either side is left over or has another shape.
//             Tensors of no adapter (modules_to_save) are left out and logged
//   differs   a folder whose initialisation changed the base weights (PiSSA, OLoRA, CorDA, LoftQ) is refused: it holds only the
//             difference to those
//   source    peft 0.21, save_pretrained
#pragma once

#include <string>

#include "graft/model.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"
#include "low_rank.hpp"

namespace graft::plugins {

class PeftFolder {
 public:
  PeftFolder(const std::string& folder, std::string where);  // throws Error when a file is missing or unreadable

  void require(const LowRank& ours, bool is_dora) const;
  void copy_to(Model& model, const std::string& name) const;

 private:
  void require_same(const char* key, const Value& ours) const;
  std::string name_of(const std::string& layer, const std::string& part) const;

  std::string where_;
  Value config_;
  Safetensors tensors_;
};

}  // namespace graft::plugins
