#include "orientation.hpp"

#include <cstdint>

namespace graft::plugins {
namespace {

constexpr unsigned kOrientation = 0x0112, kShort = 3;
constexpr std::size_t kEntry = 12;  // bytes of a directory's entry: tag, type, count, value

// Numbers of a TIFF in its byte order; 0 past its end.
struct Tiff {
  std::string_view bytes;
  bool is_big_endian;

  std::uint64_t number(std::size_t at, std::size_t size) const {
    std::uint64_t value = 0;
    if (at > bytes.size() || size > bytes.size() - at) return 0;
    for (std::size_t i = 0; i < size; ++i)
      value = value << 8 | static_cast<unsigned char>(bytes[at + (is_big_endian ? i : size - 1 - i)]);
    return value;
  }
};

}  // namespace

int exif_orientation(std::string_view bytes) {
  if (!bytes.starts_with("II") && !bytes.starts_with("MM")) return 1;
  const Tiff tiff{bytes, bytes.starts_with("MM")};
  const std::size_t directory = tiff.number(4, 4), entries = tiff.number(directory, 2);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * kEntry;
    if (tiff.number(entry, 2) != kOrientation || tiff.number(entry + 2, 2) != kShort) continue;
    const auto value = static_cast<int>(tiff.number(entry + 8, 2));
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

Tensor upright(const Tensor& pixels, int orientation) {
  constexpr std::int64_t kRows = 0, kColumns = 1;
  switch (orientation) {
    case 2: return pixels.flip(kColumns);
    case 3: return pixels.flip({kRows, kColumns});
    case 4: return pixels.flip(kRows);
    case 5: return pixels.transpose(kRows, kColumns);
    case 6: return pixels.transpose(kRows, kColumns).flip(kColumns);
    case 7: return pixels.transpose(kRows, kColumns).flip({kRows, kColumns});
    case 8: return pixels.transpose(kRows, kColumns).flip(kRows);
    default: return pixels;
  }
}

}  // namespace graft::plugins
