// What a process has that a plugin must leave as it is: threads, torch's global switches, the default generator, the locale.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graft::core::conformance {

void use_one_torch_thread();
void set_up_torch();                               // what it sets up when it is first used, as the threads of backward
int thread_count();                                // of this process
std::uint64_t data_bytes();                        // of memory that it may write to
std::int64_t bytes_printed();                      // to standard output; 0 where that is no file
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
