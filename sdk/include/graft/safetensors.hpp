// Safetensors: named tensors in one file, read by mapping it, written so that a crash leaves the old file or the new one.
//
//   layout   u64le H; H bytes of JSON {"name": {"dtype", "shape", "data_offsets": [begin, end]}, "__metadata__": {text: text}}; data
//   refused  a header over 100 MB or past the end; bytes not covered or covered twice; a size that is not shape x type;
//            metadata that is not text; a duplicate name; trailing bytes
//   errors   Error("safetensors", "file: tensor name: rule, value")
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graft/export.hpp"
#include "graft/tensor.hpp"

namespace graft {

class GRAFT_API Safetensors {
 public:
  explicit Safetensors(const std::string& path);  // maps the file and checks it whole
  ~Safetensors();
  Safetensors(Safetensors&&) noexcept;

  std::vector<std::string> names() const;  // sorted
  bool has(std::string_view name) const;
  const std::map<std::string, std::string>& metadata() const;

  // A tensor on the CPU that shares the mapping and keeps it alive: read-only, copy it before you change it. One whose bytes
  // are not aligned is a copy. throws Error when the name is absent (with the nearest name).
  Tensor tensor(std::string_view name) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

// Writes beside, syncs, renames. Tensors are written contiguous, from any device; data starts on a multiple of 64 bytes.
GRAFT_API void write_safetensors(const std::string& path, const NamedTensors& tensors,
                                 const std::map<std::string, std::string>& metadata = {});

}  // namespace graft
