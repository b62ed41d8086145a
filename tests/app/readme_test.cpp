// What the README shows is what happens.
#include <regex>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"

namespace {

// The lines of the README's block that starts with `graft=`, with runs/ in a folder of the test's own.
std::vector<std::string> shown_commands(const std::string& runs) {
  std::istringstream lines(graft::read_file(GRAFT_SOURCE_DIR "/README.md"));
  std::vector<std::string> commands;
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("graft="))
      inside = true;
    else if (line == "```")
      inside = false;
    else if (inside)
      commands.push_back(std::regex_replace(line, std::regex("\\bruns/"), runs + "/"));
  }
  return commands;
}

}  // namespace

TEST_CASE("readme: every command of its list works as it stands", "[app][readme][slow]") {
  const Workplace here;
  const auto commands = shown_commands(here.path);
  REQUIRE(commands.size() >= 8);
  for (const std::string& command : commands) {
    const Outcome outcome = shell("cd " GRAFT_SOURCE_DIR " && graft=" GRAFT_BINARY " && " + command);
    INFO(command << "\n" << outcome.output);
    CHECK(outcome.exit == 0);
  }
}

TEST_CASE("readme: the two commands stand in its first 15 lines and are there", "[app][readme]") {
  std::istringstream lines(graft::read_file(GRAFT_SOURCE_DIR "/README.md"));
  std::string head, line;
  for (int i = 0; i < 15 && std::getline(lines, line); ++i) head += line + "\n";
  for (const char* script : {"examples/01_fine_tune/run.sh", "tests/run.sh"}) {
    CHECK(head.find(std::string("sh ") + script) != std::string::npos);
    CHECK(std::filesystem::exists(std::string(GRAFT_SOURCE_DIR "/") + script));
  }
}
