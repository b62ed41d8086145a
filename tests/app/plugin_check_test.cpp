// graft plugin check as a person uses it: which tests run, what is printed and written, and that each failure can be run again.
#include <algorithm>
#include <regex>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

using graft::Value;

namespace {

const std::string kConduct = GRAFT_HOSTILE_DIR "/conduct.so", kLoading = GRAFT_HOSTILE_DIR "/loading.so";

Outcome plugin_check(const std::string& arguments) { return graft_command("plugin check " + arguments); }

const std::string kAgain = "      again     graft plugin check";

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// Verdicts and ids of a printed report: "PASS  extractor/acme/sound/shape-contract".
std::vector<std::string> results_in(const std::string& text) {
  std::vector<std::string> results;
  for (const std::string& line : lines_of(text))
    if (std::regex_search(line, std::regex("^(PASS|FAIL|CRASH|SKIP|WARN) "))) results.push_back(line.substr(0, line.find(':')));
  return results;
}

int times(const std::string& text, const std::string& part) {
  int count = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++count;
  return count;
}

// What fails in conduct.so by one test of each of these components, and passes in the sound one.
const std::string kSome =
    kConduct + " -t '^extractor/acme/((segfaults|sound)/(construct-defaults|destroy)|gives-nan/(construct-defaults|finite))'";
const std::string kSound = kConduct + " -t '^extractor/acme/sound/'";

}  // namespace

TEST_CASE("plugin check: -t chooses tests by their ids, -x leaves out, and both may be repeated", "[app][plugin_check]") {
  CHECK(results_in(plugin_check(kSome).output) ==
        std::vector<std::string>{
            "CRASH extractor/acme/segfaults/construct-defaults", "SKIP  extractor/acme/segfaults/destroy-without-use",
            "PASS  extractor/acme/sound/construct-defaults", "PASS  extractor/acme/sound/destroy-without-use",
            "PASS  extractor/acme/gives-nan/construct-defaults", "FAIL  extractor/acme/gives-nan/finite-output"});
  CHECK(
      results_in(plugin_check(kSome + " -x segfaults -x construct").output) ==
      std::vector<std::string>{"PASS  extractor/acme/sound/destroy-without-use", "FAIL  extractor/acme/gives-nan/finite-output"});
  CHECK(results_in(plugin_check(kConduct + " -t sound/shape -t sound/finite").output) ==
        std::vector<std::string>{"PASS  extractor/acme/sound/shape-contract", "PASS  extractor/acme/sound/finite-output"});
}

TEST_CASE("plugin check: -t also runs what the chosen tests stand on, and tells of it where it fails", "[app][plugin_check]") {
  const Outcome sound = plugin_check(kConduct + " -t sound/finite");
  CHECK(results_in(sound.output) == std::vector<std::string>{"PASS  extractor/acme/sound/finite-output"});
  CHECK(std::regex_search(sound.output, std::regex("1 test: 1 PASS, 0 FAIL in [0-9.]+ s, after [3-9] that they stand on\n")));

  const Outcome crashes = plugin_check(kConduct + " -t acme/segfaults/shape-contract");
  CHECK(crashes.exit == 1);
  CHECK(results_in(crashes.output) == std::vector<std::string>{"CRASH extractor/acme/segfaults/construct-defaults",
                                                               "SKIP  extractor/acme/segfaults/shape-contract"});
  CHECK(results_in(plugin_check(kConduct + " -t sound/finite -x construct -x load-now").output) == results_in(sound.output));
}

TEST_CASE("plugin check: a file that is refused says why, whatever tests were chosen", "[app][plugin_check]") {
  const Workplace here;
  const std::string cut = here.write("cut.so", graft::read_file(kConduct).substr(0, 1000));
  const Outcome refused = plugin_check(cut + " -t save-load");
  INFO(refused.output);
  CHECK(refused.exit == 1);
  CHECK(results_in(refused.output) == std::vector<std::string>{"FAIL  static/cut.so/manifest-schema"});
  CHECK(refused.output.find("      got       G101 the section headers") != std::string::npos);
}

TEST_CASE("plugin check: symbols of a library that graft does not load are left to load-now, which is said",
          "[app][plugin_check]") {
  const Outcome checked = plugin_check(GRAFT_PLUGIN_DIR "/graft_source.so -t no-undefined");
  INFO(checked.output);
  CHECK(std::regex_search(checked.output, std::regex("SKIP  static/graft-source/no-undefined: it cannot be told without loading "
                                                     "lib[a-z0-9]+\\.so\\.[0-9]+, which it links and graft does not; load-now "
                                                     "finds what is missing\n")));
}

TEST_CASE("plugin check: a choice that chooses nothing is refused, and what was meant is said", "[app][plugin_check]") {
  for (const auto& [arguments, message] : std::vector<std::pair<std::string, std::string>>{
           {kConduct + " -t no-such-test", "[graft] no test was chosen: see -t and -x\n"},
           {kConduct + " -t '['", "[check] -t and -x take a regular expression, got [: "},
           {"berd", "[graft] there is no file and no component berd, did you mean bert?\n"},
           {kConduct + " bert", "[graft] plugin check takes files or names, not both\n"},
           {"bert --watch", "[graft] --watch takes plugin files, got bert\n"}}) {
    INFO(arguments);
    const Outcome refused = plugin_check(arguments);
    INFO(refused.output);
    CHECK(refused.exit == 2);
    CHECK(refused.output.find(message) != std::string::npos);
  }
}

TEST_CASE("plugin check: every failure says what was expected, what came and how to see it again, and that command does",
          "[app][plugin_check]") {
  const Workplace here;
  const std::string copy = here.file("it's a plugin.so");  // a name that a shell would take apart
  std::filesystem::copy_file(kConduct, copy);
  const Outcome checked = plugin_check(
      "\"" + copy + "\" --seed 7 --timeout 2 -t '^extractor/acme/(gives-nan/finite|(segfaults|hangs)/construct-defaults)'");
  CHECK(checked.exit == 1);
  const std::vector<std::string> lines = lines_of(checked.output);
  int failures = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with("FAIL ") && !lines[i].starts_with("CRASH ")) continue;
    ++failures;
    INFO(lines[i]);
    REQUIRE(i + 2 < lines.size());
    CHECK(lines[i + 1].starts_with("      expected  "));
    CHECK(lines[i + 2].starts_with("      got       "));
    const auto last = std::find_if(lines.begin() + static_cast<std::ptrdiff_t>(i), lines.end(),
                                   [](const std::string& line) { return line.starts_with(kAgain); });
    REQUIRE(last != lines.end());
    CHECK(last->find(" --seed 7 --timeout 2 -t '^extractor/acme/") != std::string::npos);
    const Outcome again = shell(GRAFT_BINARY " plugin check" + last->substr(kAgain.size()));
    INFO(again.output);
    CHECK(again.exit == 1);
    CHECK(results_in(again.output) == std::vector<std::string>{lines[i]});
  }
  CHECK(failures == 3);
}

TEST_CASE("plugin check: --only-failed prints what failed and the count of all", "[app][plugin_check]") {
  const Outcome checked = plugin_check(kSome + " --only-failed");
  CHECK(checked.exit == 1);
  CHECK(results_in(checked.output) == std::vector<std::string>{"CRASH extractor/acme/segfaults/construct-defaults",
                                                               "FAIL  extractor/acme/gives-nan/finite-output"});
  CHECK(lines_of(checked.output).back().find("6 tests: 3 PASS, 1 FAIL, 1 CRASH, 1 SKIP in ") == 0);
  const Outcome sound = plugin_check(kSound + " --only-failed");
  CHECK(sound.exit == 0);
  CHECK(lines_of(sound.output).size() == 1);
}

TEST_CASE("plugin check: --json is one document with every result", "[app][plugin_check]") {
  const Outcome checked = plugin_check(kSome + " --json");
  CHECK(checked.exit == 1);
  const Value report = graft::parse_json(checked.output, "report");
  for (const auto& [verdict, count] :
       std::vector<std::pair<const char*, int>>{{"PASS", 3}, {"FAIL", 1}, {"CRASH", 1}, {"SKIP", 1}, {"WARN", 0}})
    CHECK(report.at(verdict).integer() == count);
  const Value::List& results = report.at("results").list();
  REQUIRE(results.size() == 6);
  CHECK(results[0].at("id").text() == "extractor/acme/segfaults/construct-defaults");
  CHECK(results[0].at("result").text() == "CRASH");
  CHECK(results[0].at("expected").text() == "the test to come to its end");
  CHECK(results[0].at("got").text().find("killed by SIGSEGV during constructor") == 0);
  CHECK(results[1].at("got").text() == "stands on construct-defaults");
  CHECK(results[5].at("again").text() ==
        "graft plugin check " + kConduct + " --seed 1 -t '^extractor/acme/gives-nan/finite-output$'");
  for (const Value& result : results) CHECK(result.at("seconds").number() >= 0);
}

TEST_CASE("plugin check: --junit writes a suite for each component, with what failed", "[app][plugin_check]") {
  const Workplace here;
  const Outcome checked = plugin_check(kSome + " --junit " + here.file("report.xml"));
  CHECK(checked.exit == 1);
  CHECK(results_in(checked.output).size() == 6);  // and prints as ever
  const std::string report = graft::read_file(here.file("report.xml"));
  INFO(report);
  CHECK(report.find(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites tests=\"6\" failures=\"1\" errors=\"1\" skipped=\"1\" ") ==
        0);
  CHECK(report.find("<testsuite name=\"extractor/acme/gives-nan\" tests=\"2\" failures=\"1\" errors=\"0\" skipped=\"0\" ") !=
        std::string::npos);
  for (const char* tag : {"testsuites", "testsuite", "failure", "error"}) {
    INFO(tag);
    CHECK(times(report, "</" + std::string(tag) + ">") == times(report, "<" + std::string(tag) + " "));
  }
  CHECK(times(report, "<testsuite ") == 3);
  CHECK(times(report, "<testcase ") == 6);
  CHECK(times(report, "<testcase ") == times(report, "</testcase>") + 3);  // three passed and have no more to say
  CHECK(times(report, "<skipped message=\"stands on construct-defaults\"/>") == 1);
  CHECK(report.find("<error message=\"killed by SIGSEGV during constructor") != std::string::npos);
  CHECK(report.find("again    graft plugin check ") != std::string::npos);
  CHECK(report.find("&apos;") == std::string::npos);
}

TEST_CASE("plugin check: --seed draws other rows and parameters, and the same ones again", "[app][plugin_check]") {
  const auto found = [](const std::string& seed) {
    return plugin_check(kConduct + " -t fails-over-three/param-fuzz --json --seed " + seed).output;
  };
  const auto drawn = [&](const std::string& seed) {
    return graft::parse_json(found(seed), "report").at("results").list().at(0).at("expected").text();
  };
  const std::string one = drawn("1");
  CHECK(one.find("an object or a graft::Error from {") == 0);
  CHECK(drawn("1") == one);
  bool is_other = false;
  for (const char* seed : {"2", "3", "4"}) is_other = is_other || drawn(seed) != one;
  CHECK(is_other);
}

TEST_CASE("plugin check: --static runs no code of the plugin", "[app][plugin_check]") {
  ::setenv("GRAFT_HOSTILE", "init-segfaults", 1);
  const Outcome checked = plugin_check(kLoading + " --static");
  ::unsetenv("GRAFT_HOSTILE");
  INFO(checked.output);
  CHECK(checked.exit == 0);
  CHECK(checked.output.find("static/acme-loading/manifest-schema") != std::string::npos);
  CHECK(checked.output.find("library/") == std::string::npos);
}

TEST_CASE("plugin check: --timeout is the time of one test", "[app][plugin_check]") {
  const Outcome checked = plugin_check(kConduct + " -t acme/hangs/construct-defaults --timeout 0.5");
  CHECK(checked.exit == 1);
  CHECK(checked.output.find("no end within 0.5 s during constructor\n") != std::string::npos);
  CHECK(checked.seconds < 10);
}

TEST_CASE("plugin check: --in-process has no process of its own for a test", "[app][plugin_check]") {
  CHECK(plugin_check(kConduct + " -t sound/construct --in-process").exit == 0);
  const Outcome died =
      shell("ulimit -c 0; " GRAFT_BINARY " plugin check " + kConduct + " -t acme/segfaults/construct --in-process");
  CHECK(died.exit == 128 + SIGSEGV);
}

TEST_CASE("plugin check: names of components are found as in a config", "[app][plugin_check]") {
  for (const char* name : {"mae", "graft/mae", "metric/mae"}) {
    INFO(name);
    const Outcome checked = plugin_check(std::string(name) + " -t ^metric/");
    CHECK(checked.exit == 0);
    CHECK(checked.output.find("PASS  metric/graft/mae/merge-equals-whole\n") != std::string::npos);
    CHECK(checked.output.find("metric/graft/rmse") == std::string::npos);
  }
}

TEST_CASE("plugin check: --watch checks again after each build", "[app][plugin_check]") {
  const Workplace here;
  const std::string plugin = here.file("acme.so"), said = here.file("said");
  const auto wait_for = [&](const std::string& text) {
    for (int i = 0; i < 1500; ++i) {
      if (std::filesystem::exists(said) && graft::read_file(said).find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  };
  std::filesystem::copy_file(kLoading, plugin);
  const pid_t watch = ::fork();
  if (watch == 0) {
    const std::string command = "exec " GRAFT_BINARY " plugin check " + plugin + " --watch -t name-reserved >" + said + " 2>&1";
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  CHECK(wait_for("static/acme-loading/name-reserved"));
  CHECK(wait_for("watching; a new build runs the check again, Ctrl-C ends\n"));
  std::filesystem::copy_file(kConduct, here.file("acme.so.new"));
  std::filesystem::rename(here.file("acme.so.new"), plugin);
  CHECK(wait_for("static/acme-conduct/name-reserved"));
  CHECK(::waitpid(watch, nullptr, WNOHANG) == 0);
  ::kill(watch, SIGINT);
  int status = 0;
  ::waitpid(watch, &status, 0);
  CHECK(times(graft::read_file(said), "acme-loading") == 1);
}
