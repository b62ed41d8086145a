// ConfigErrors: everything that is wrong with a config, in the order of its files.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "graft/parameters.hpp"

namespace graft::core {

using Problems = std::vector<Problem>;

class ConfigErrors : public std::runtime_error {
 public:
  explicit ConfigErrors(Problems problems);
  const Problems& problems() const { return problems_; }  // what() has one line each

 private:
  Problems problems_;
};

// In the order of `files`, then line and column, what has no line ("--set") last; a problem said twice is said once.
Problems in_file_order(Problems problems, const std::vector<std::string>& files);

std::string did_you_mean(std::string_view word, const std::vector<std::string>& choices);          // ", did you mean x?" or ""
std::string did_you_mean_or_list(std::string_view word, const std::vector<std::string>& choices);  // or "; there are a and b"
std::vector<std::string> keys_of(const Value& object);
std::string listed(const std::vector<std::string>& words, const std::string& last);  // "a, b or c"

}  // namespace graft::core
