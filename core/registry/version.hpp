// The numbers of a version, to compare: "3.4.30" -> {3, 4, 30}.
#pragma once

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

namespace graft::core {

inline std::vector<long> version_numbers(const std::string& version) {
  std::vector<long> numbers;
  std::istringstream in(version);
  for (std::string part; std::getline(in, part, '.');) numbers.push_back(std::atol(part.c_str()));
  return numbers;
}

}  // namespace graft::core
