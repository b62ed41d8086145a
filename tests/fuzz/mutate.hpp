// Mutations of a file: the same for the same seed and number, on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace fuzz {

class Mutator {
 public:
  explicit Mutator(std::string original);  // of an ELF file headers and small sections are preferred to code
  std::string mutant(std::uint64_t seed, std::uint64_t number) const;

 private:
  std::string original_;
  std::vector<std::pair<std::size_t, std::size_t>> ranges_;  // [begin, end) that are read before any code runs
};

}  // namespace fuzz
