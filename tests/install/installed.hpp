// graft as `cmake --install` leaves it, moved once to another folder; and what a project outside of graft's tree does with it.
#pragma once

#include <sys/resource.h>

#include <sstream>
#include <vector>

#include "app/command.hpp"
#include "catch.hpp"

// Runs the rest of its arguments where graft's source and build trees are empty folders, LibTorch in .deps aside, and there is no
// network: in namespaces of their own, where this user may have such.
inline constexpr const char* kApart = R"(tree=$1 build=$2 deps=$3
shift 3
mkdir -p "$deps"
test ! -d "$tree/.deps" || mount --bind "$tree/.deps" "$deps"
mount -t tmpfs none "$build"
mount -t tmpfs none "$tree"
mkdir "$tree/.deps"
mount --bind "$deps" "$tree/.deps"
exec "$@"
)";

class Installed {
  Workplace here_;

 public:
  const std::string prefix = here_.file("moved here");

  static const Installed& graft() {  // once a program
    static const Installed installed;
    return installed;
  }

  // Runs lines as a person does in a folder: with GRAFT set, no network, and nothing of this user's.
  Outcome run(const std::string& folder, const std::string& lines) const {
    const std::string script = here_.write("lines.sh", lines);
    return shell("cd '" + folder + "' && " + apart_ + " env -i PATH=\"$PATH\" HOME='" + here_.path +
                 "' GRAFT_CACHE=off http_proxy=http://127.0.0.1:9 " +
                 "https_proxy=http://127.0.0.1:9 CMAKE_GENERATOR=Ninja GRAFT='" + prefix + "' sh -eux '" + script + "'");
  }

  bool is_apart() const { return !apart_.empty(); }

 private:
  Installed() {
    const std::string first = here_.file("first");
    const Outcome outcome = shell("cmake --install " GRAFT_BUILD_DIR " --prefix " + first);
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    std::filesystem::rename(first, prefix);
    const std::string unshare = ::geteuid() == 0 ? "unshare -mn" : "unshare -Urmn";
    const std::string apart = unshare + " sh -e '" + here_.write("apart.sh", kApart) +
                              "' " GRAFT_SOURCE_DIR " " GRAFT_BUILD_DIR " '" + here_.file("deps") + "'";
    if (shell(apart + " true").exit == 0) apart_ = apart;
  }
  std::string apart_;
};

// What a reader of a document does, as one script: its sh blocks are typed, and a block below the line "`name`:" is written to that file.
inline std::string typed_from(const std::string& document) {
  std::istringstream lines(graft::read_file(document));
  std::string script, before, fence;
  for (std::string line; std::getline(lines, line); before = line.empty() ? before : line) {
    const bool is_fence = line.starts_with("```"), is_file = before.starts_with("`") && before.ends_with("`:");
    if (is_fence && fence.empty()) {
      fence = line == "```sh" ? "sh" : is_file ? "file" : "shown";
      if (fence == "file") script += "cat > '" + before.substr(1, before.size() - 3) + "' <<'END OF FILE'\n";
    } else if (is_fence) {
      if (fence == "file") script += "END OF FILE\n";
      fence.clear();
    } else if (fence == "sh" || fence == "file") {
      script += line + "\n";
    }
  }
  return script;
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
