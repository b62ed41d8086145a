// Paths in a config count from the folder of the file that names them.
#pragma once

#include <string>

#include "graft/value.hpp"

namespace graft::core {

// Relative to the file of `origin`; to the working folder where that is no file ("--set"). Absolute paths stay.
std::string beside(const Place& origin, const std::string& path);

// The absolute path of an input. "hf:name" stands for that model's folder in the local Hugging Face cache (HF_HUB_CACHE,
// HF_HOME, ~/.cache/huggingface); the network is never asked.
// throws Error("", "/abs/movie.tsw does not exist, did you mean movie.tsv?")
std::string input_path(const Place& origin, const std::string& path);

}  // namespace graft::core
