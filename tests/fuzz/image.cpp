// Any bytes as a picture beside a sound one: it has pixels, or its row is left out, counted and named. Each input comes twice, as it is
// and, where it is a PNG, with the checks of its chunks set right, so that faults behind them are reached too.
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "graft/files.hpp"
#include "graft/testing.hpp"
#include "scratch.hpp"

namespace {

using namespace graft;

constexpr std::size_t kSignature = 8;

std::uint32_t big_endian(const std::string& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(bytes[at + i]);
  return value;
}

// Chunks are length, name, data, check.
std::string with_checks(std::string bytes) {
  for (std::size_t at = kSignature; at + 12 <= bytes.size();) {
    const std::size_t length = big_endian(bytes, at);
    if (length > bytes.size() - at - 12) break;
    const auto* begin = reinterpret_cast<const Bytef*>(bytes.data() + at + 4);
    const auto check = static_cast<std::uint32_t>(::crc32(0, begin, static_cast<uInt>(length + 4)));
    for (std::size_t i = 0; i < 4; ++i) bytes[at + 8 + length + i] = static_cast<char>(check >> (24 - 8 * i));
    at += length + 12;
  }
  return bytes;
}

void read_beside_sound(const std::string& bytes) {
  static const fuzz::Scratch folder;
  static const testing::Plugin plugin(GRAFT_PLUGIN_DIR "/graft_source.so");
  static const bool is_there = !folder.put("a.png", read_file(GRAFT_TEST_DATA "/pictures/rgb.png")).empty();
  fuzz::require(is_there, "the sound picture is there");
  folder.put("mutant.jpg", bytes);
  const testing::Warnings warnings;
  const std::string more = R"(", "size": [7, 9]})";
  const auto source = plugin.make<Source>("graft/image_folder", "{\"path\": \"" + folder.path() + more);
  std::vector<std::int64_t> rows = {0};
  if (source->size() == 2) rows.push_back(1);
  const Batch batch = source->rows(rows);
  fuzz::require(batch.tensor("image").size(0) == source->size(), "every row has pixels");
  const std::vector<std::string> lines = warnings.lines();
  fuzz::require(lines.size() == (source->size() == 2 ? 0 : 1), "a warning when a row is left out, and only then");
  for (const std::string& line : lines)
    fuzz::require(line.find(": left out 1 picture of 2 that cannot be read; the first: mutant.jpg: ") != std::string::npos,
                  "the row is counted and named: " + line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  read_beside_sound(bytes);
  if (bytes.starts_with("\x89PNG")) read_beside_sound(with_checks(bytes));
  return 0;
}
