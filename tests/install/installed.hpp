// graft as `cmake --install` leaves it, moved once to another folder; and what a project outside of graft's tree does with it.
#pragma once

#include <sys/resource.h>

#include <sstream>
#include <vector>

#include "app/command.hpp"
#include "catch.hpp"

class Installed {
 public:
  const std::string prefix = here_.file("moved here");

  static const Installed& graft() {  // once a program
    static const Installed installed;
    return installed;
  }

  // Runs lines as a person does in a folder: with GRAFT set, no network, and nothing of this user's.
  Outcome run(const std::string& folder, const std::string& lines) const {
    const std::string script = here_.write("lines.sh", lines);
    return shell("cd '" + folder + "' && env -i PATH=\"$PATH\" HOME='" + here_.path +
                 "' GRAFT_CACHE=off http_proxy=http://127.0.0.1:9 " +
                 "https_proxy=http://127.0.0.1:9 CMAKE_GENERATOR=Ninja GRAFT='" + prefix + "' sh -eux '" + script + "'");
  }

 private:
  Installed() {
    const std::string first = here_.file("first");
    const Outcome outcome = shell("cmake --install " GRAFT_BUILD_DIR " --prefix " + first);
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    std::filesystem::rename(first, prefix);
  }
  Workplace here_;
};

// The lines of a document's blocks of one language, block by block; `after` is what must stand on the line before the block.
inline std::vector<std::string> blocks_of(const std::string& document, const std::string& language,
                                          const std::string& after = "") {
  std::istringstream lines(graft::read_file(document));
  std::vector<std::string> blocks;
  bool is_inside = false;
  std::string before;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```") is_inside = false;
    if (is_inside) blocks.back() += line + "\n";
    if (line == "```" + language && before.find(after) != std::string::npos) is_inside = true, blocks.emplace_back();
    if (!line.empty()) before = line;
  }
  return blocks;
}

// Seconds of processor time that children took so far: what a loaded machine does not change.
inline double child_seconds() {
  rusage used;
  ::getrusage(RUSAGE_CHILDREN, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}
