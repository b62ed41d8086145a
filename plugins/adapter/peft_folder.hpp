// PeftFolder: an adapter as the Python package peft writes it, adapter_config.json and adapter_model.safetensors.
//
//   opens     throws Error(where) when a file is missing or unreadable, the folder is of another peft_type, or it says what graft
//             does not compute
//   require   the folder's adapter_config.json has these settings: Error(where) with the key, its value and ours
//   copy_to   peft's tensors into those of the patch set `adapter`, by layer, whatever stands before the layer's name, as
//             "base_model.model.". Error(where) when a tensor of either side is left over or has another shape. Tensors of no
//             adapter (modules_to_save) are left out and logged
//   differs   a folder whose initialisation changed the base weights (PiSSA, OLoRA, CorDA, LoftQ) is refused: it holds only the
//             difference to those
//   source    peft 0.21, save_pretrained
#pragma once

#include <string>

#include "graft/model.hpp"
#include "graft/safetensors.hpp"
#include "graft/value.hpp"
#include "peft_format.hpp"

namespace graft::plugins {

class PeftFolder {
 public:
  PeftFolder(const std::string& folder, std::string where, PeftFormat format);

  void require(const Value::Object& settings) const;
  void copy_to(Model& model, const std::string& adapter) const;

  // A tensor under this very name, in this shape: for those of no layer.
  Tensor tensor(const std::string& name, at::IntArrayRef shape) const;

 private:
  void require_same(const std::string& key, const Value& ours) const;
  std::string name_of(const std::string& theirs) const;

  std::string where_;
  PeftFormat format_;
  Value config_;
  Safetensors tensors_;
};

}  // namespace graft::plugins
