// graft man: the manual page says of every verb what --help says.
#include <regex>
#include <set>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"

namespace {

// What the first group of `pattern` matches in the lines of `text`.
std::set<std::string> found(const std::string& text, const std::string& pattern) {
  std::set<std::string> all;
  std::istringstream lines(text);
  std::smatch match;
  for (std::string line; std::getline(lines, line);)
    if (std::regex_search(line, match, std::regex(pattern))) all.insert(match[1]);
  return all;
}

// Verbs as --help lists them below "Subcommands:".
std::set<std::string> verbs_of(const std::string& command) {
  const std::string help = graft_command(command + " --help").output;
  const std::size_t at = help.find("Subcommands:");
  return at == std::string::npos ? std::set<std::string>{} : found(help.substr(at, help.find("\n\n", at) - at), "^  ([a-z]+) ");
}

// The part of the page about one verb.
std::string section(const std::string& page, const std::string& command) {
  const std::size_t at = page.find(".SS \\fBgraft " + command + "\\fR\n");
  return at == std::string::npos ? "" : page.substr(at, page.find(".SS ", at + 1) - at);
}

void same_as_help(const std::string& page, const std::string& command) {
  INFO(command);
  const std::string help = graft_command(command + " --help").output, part = section(page, command);
  std::set<std::string> options = found(help, "^  (-[-a-z]+)");
  options.erase("-h");
  CHECK(found(std::regex_replace(part, std::regex(R"(\\-)"), "-"), "^.fB(-[-a-z]+)") == options);
}

}  // namespace

TEST_CASE("man: the page has every verb and every option of --help, and no others", "[app][man]") {
  const Outcome man = graft_command("man");
  REQUIRE(man.exit == 0);
  CHECK(man.output.starts_with(".TH GRAFT 1 \"\" \"graft 0.1.0\"\n.SH NAME\ngraft \\- "));
  std::set<std::string> commands = verbs_of("");
  REQUIRE(commands.size() > 10);
  for (const std::string& inner : verbs_of("plugin")) commands.insert("plugin " + inner);
  REQUIRE(commands.contains("plugin check"));
  CHECK(found(man.output, "^.SS .fBgraft ([a-z ]+)") == commands);
  for (const std::string& command : commands)
    if (command != "plugin") same_as_help(man.output, command);
}

TEST_CASE("man: the page is one that man can show without a complaint", "[app][man]") {
  if (shell("command -v groff").exit != 0) {
    WARN("there is no groff here");
    return;
  }
  CHECK(shell(GRAFT_BINARY " man | groff -man -ww -Tutf8 >/dev/null").output.empty());
}

TEST_CASE("man: graft alone shows its verbs, and says by its code that it was asked for nothing", "[app][man]") {
  const Outcome outcome = graft_command("");
  CHECK(outcome.exit == 2);
  CHECK(outcome.output == graft_command("--help").output);
}
