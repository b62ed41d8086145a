#include "mutate.hpp"

#include <elf.h>

#include <algorithm>
#include <cstring>

namespace fuzz {
namespace {

class Draws {  // SplitMix64
 public:
  explicit Draws(std::uint64_t state) : state_(state) {}
  std::uint64_t below(std::uint64_t limit) {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return limit ? (z ^ (z >> 31)) % limit : 0;
  }

 private:
  std::uint64_t state_;
};

constexpr std::size_t kSmall = 16 << 10;
constexpr const char* kTokens[] = {"{",        "}",        "[",          "]",       "\"",         ",",
                                   ":",        "null",     "1e999",      "-1",      "1.0.0",      "\\u0000",
                                   "\\ud800",  "\xff\xfe", "provides",   "params",  "default",    "items",
                                   "required", "enum",     "minimum",    "presets", "interface",  "graft.head/1",
                                   "kind",     "type",     "\"object\"", "/*",      "acme/lower", "check"};

std::uint64_t odd_number(Draws& draws, std::size_t size) {
  const std::uint64_t odd[] = {0,          1,        size,       size - 1,   size + 1,           0xffff,
                               0xffffffff, 1u << 31, 1ull << 32, 1ull << 40, 0x7fffffffffffffff, 0xffffffffffffffff};
  return odd[draws.below(std::size(odd))];
}

void overwrite(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t width) {
  if (at < bytes.size()) std::memcpy(bytes.data() + at, &value, std::min(width, bytes.size() - at));
}

void mutate(std::string& bytes, std::size_t at, Draws& draws) {
  const std::size_t length = 1 + draws.below(64);
  switch (draws.below(9)) {
    case 0: bytes[at] ^= static_cast<char>(1 << draws.below(8)); break;
    case 1: bytes[at] = static_cast<char>(draws.below(256)); break;
    case 2: overwrite(bytes, at, odd_number(draws, bytes.size()), 8); break;
    case 3: overwrite(bytes, at, odd_number(draws, bytes.size()), 4); break;
    case 4: overwrite(bytes, at, odd_number(draws, bytes.size()), 2); break;
    case 5: bytes.insert(at, bytes.substr(draws.below(bytes.size()), length)); break;
    case 6: bytes.erase(at, length); break;
    case 7: bytes.insert(at, kTokens[draws.below(std::size(kTokens))]); break;
    default:
      if (draws.below(8) == 0)
        bytes.resize(at);  // cut short
      else if (draws.below(8) == 0)
        bytes.insert(at, 1 + draws.below(100000), draws.below(2) ? '[' : '{');  // deep
      else
        bytes.replace(at, length, bytes.substr(draws.below(bytes.size()), length));
  }
}

bool is_elf(const std::string& bytes) { return bytes.size() > sizeof(Elf64_Ehdr) && bytes.starts_with(ELFMAG); }

}  // namespace

Mutator::Mutator(std::string original) : original_(std::move(original)) {
  if (!is_elf(original_)) return;
  Elf64_Ehdr header;
  std::memcpy(&header, original_.data(), sizeof header);
  ranges_ = {{0, sizeof header}, {header.e_shoff, header.e_shoff + header.e_shnum * sizeof(Elf64_Shdr)}};
  for (std::size_t i = 0; i < header.e_shnum; ++i) {
    Elf64_Shdr section;
    std::memcpy(&section, original_.data() + header.e_shoff + i * sizeof section, sizeof section);
    if (section.sh_type != SHT_NOBITS && section.sh_size > 0 && section.sh_size < kSmall)
      ranges_.emplace_back(section.sh_offset, section.sh_offset + section.sh_size);
  }
}

std::string Mutator::mutant(std::uint64_t seed, std::uint64_t number) const {
  Draws draws(seed * 0x100000001b3 + number);
  std::string bytes = original_;
  for (std::uint64_t left = 1 + draws.below(6); left > 0 && !bytes.empty(); --left) {
    std::size_t at = draws.below(bytes.size());
    if (!ranges_.empty() && draws.below(8) != 0) {
      const auto& [begin, end] = ranges_[draws.below(ranges_.size())];
      at = std::min(begin + draws.below(end - begin), bytes.size() - 1);
    }
    mutate(bytes, at, draws);
  }
  return bytes;
}

}  // namespace fuzz
