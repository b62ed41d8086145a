// A folder of its own for one harness, in memory where the system has such a place, gone at the end.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fuzz {

class Scratch {
 public:
  Scratch() {
    const bool has_memory = ::access("/dev/shm", W_OK) == 0;
    std::string name =
        has_memory ? "/dev/shm/graft_fuzz_XXXXXX" : (std::filesystem::temp_directory_path() / "graft_fuzz_XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no folder for the inputs");
    path_ = name;
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  const std::string& path() const { return path_; }
  std::string put(const std::string& name, std::string_view bytes) const {
    const std::string file = path_ + "/" + name;
    std::ofstream(file, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return file;
  }

 private:
  std::string path_;
};

// What must hold of every input: the driver then says which broke it.
inline void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what.c_str());
  std::abort();
}

}  // namespace fuzz
