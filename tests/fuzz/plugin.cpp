// Any bytes as a plugin file.
#include <cstdint>

#include "examine.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::examine({reinterpret_cast<const char*>(data), size});
  return 0;
}
