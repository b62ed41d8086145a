// What a process has that a plugin must leave as it is: threads, torch's global switches, the default generator, the locale.
#pragma once

#include <string>
#include <vector>

namespace graft::core::conformance {

int thread_count();                                // of this process
bool has_mapped(const std::string& part_of_name);  // a library whose path contains it

class GlobalState {
 public:
  GlobalState();  // as it is now

  // One line each for what differs now: "grad mode was on, is off". Empty: nothing.
  std::vector<std::string> changes() const;

 private:
  using Entry = std::pair<std::string, std::string>;  // what, its value
  static std::vector<Entry> entries();
  std::vector<Entry> before_;
};

}  // namespace graft::core::conformance
