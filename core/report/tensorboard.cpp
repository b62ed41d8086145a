#include "core/report/tensorboard.hpp"

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>

#include "graft/error.hpp"

namespace graft::core {
namespace {

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) ? 0x82f63b78U : 0U);
    table[byte] = crc;
  }
  return table;
}
constexpr auto kCrcTable = crc_table();

template <class Integer>
std::string little_endian(Integer value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof value; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string masked_crc(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return little_endian(((crc >> 15) | (crc << 17)) + 0xa282ead8U);
}

std::string varint(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) bytes += static_cast<char>(0x80 | (value & 0x7f));
  return bytes + static_cast<char>(value);
}

enum WireType { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

std::string key(int field, WireType type) { return varint(static_cast<std::uint64_t>(field) << 3 | type); }
std::string double_field(int field, double value) {
  return key(field, kFixed64) + little_endian(std::bit_cast<std::uint64_t>(value));
}
std::string float_field(int field, float value) {
  return key(field, kFixed32) + little_endian(std::bit_cast<std::uint32_t>(value));
}
std::string integer_field(int field, std::int64_t value) {
  return key(field, kVarint) + varint(static_cast<std::uint64_t>(value));
}
std::string bytes_field(int field, std::string_view bytes) {
  return key(field, kBytes) + varint(bytes.size()) + std::string(bytes);
}

}  // namespace

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (unsigned char byte : bytes) crc = (crc >> 8) ^ kCrcTable[(crc ^ byte) & 0xff];
  return crc ^ 0xffffffffU;
}

EventWriter::EventWriter(std::string path, double wall_time)
    : path_(std::move(path)), file_(path_, std::ios::binary | std::ios::trunc) {
  if (!file_) throw Error("tensorboard", path_ + ": " + std::strerror(errno));
  record(double_field(1, wall_time) + bytes_field(3, "brain.Event:2"));
  flush();
}

void EventWriter::scalar(std::string_view tag, std::int64_t step, double value, double wall_time) {
  const std::string entry = bytes_field(1, tag) + float_field(2, static_cast<float>(value));
  record(double_field(1, wall_time) + integer_field(2, step) + bytes_field(5, bytes_field(1, entry)));
}

void EventWriter::flush() {
  if (!file_.flush()) throw Error("tensorboard", path_ + ": cannot write: " + std::strerror(errno));
}

void EventWriter::record(const std::string& event) {
  const std::string length = little_endian(static_cast<std::uint64_t>(event.size()));
  file_ << length << masked_crc(length) << event << masked_crc(event);
}

}  // namespace graft::core
