// A plugin that takes its process down in each place of its life: what is said, what is kept, and how it goes on.
#include <csignal>

#include "catch.hpp"
#include "user.hpp"

using graft::read_file;
using graft::sha256_of_file;

namespace {

struct Death {
  const char *how, *where, *signal;  // GRAFT_CRASH; as the message names the place; and what ended it
  int number;
  bool is_in_training;  // so a checkpoint is there
  const char* threw = "";
};

constexpr const char* kThrew = "  threw std::runtime_error: the cat sat on the keyboard\n";

const std::vector<Death> kDeaths = {
    {"static segv", ", during its static initialisers", "SIGSEGV", SIGSEGV, false},
    {"registration abort", ", during registration", "SIGABRT", SIGABRT, false},
    {"constructor segv", ", component acme/crash, during constructor", "SIGSEGV", SIGSEGV, false},
    {"call.1 fpe", ", component acme/crash, during forward", "SIGFPE", SIGFPE, true},
    {"call.100 segv", ", component acme/crash, during forward", "SIGSEGV", SIGSEGV, true},
    {"call.3 overflow", ", component acme/crash, during forward", "SIGSEGV", SIGSEGV, true},
    {"call.2 bus", ", component acme/crash, during forward", "SIGBUS", SIGBUS, true},
    {"backward ill", ", component acme/crash, during backward", "SIGILL", SIGILL, true},
    {"thread segv", ", component acme/crash, during work in a thread of its own", "SIGSEGV", SIGSEGV, true},
    {"thread throw", ", component acme/crash, during work in a thread of its own", "SIGABRT", SIGABRT, true, kThrew},
    {"destructor throw", ", component acme/crash, during destructor", "SIGABRT", SIGABRT, true, kThrew},
};

std::string advice(const User& user) {
  return "  It is in quarantine now; a repaired build is another file and loads. To try this one again:\n    graft plugin "
         "unquarantine " +
         user.plugin + "\n  Then go on with the run:  graft train --resume --out " + user.run + "\n";
}

std::string weights(const std::string& run) {
  return sha256_of_file(run + "/model/model.safetensors") + sha256_of_file(run + "/model/heads.safetensors");
}

bool has(const Outcome& outcome, const std::string& text) { return outcome.output.find(text) != std::string::npos; }

}  // namespace

TEST_CASE(
    "crash: wherever a plugin crashes in a run, it is named, refused the next time, and the run goes on to the same weights",
    "[app][crash][slow]") {
  User user;
  const std::string use = "--plugin " + user.plugin + " train ", config = user.config(), whole = user.here.file("whole");
  REQUIRE(user.graft(use + config + " --out " + whole).exit == 0);  // and the plugin is probed
  for (const Death& death : kDeaths) {
    INFO(death.how);
    user.run = user.here.file(std::string("run-") + std::string(death.how).substr(0, std::string(death.how).find(' ')));
    std::filesystem::remove_all(user.run);
    const Outcome died = user.graft(use + config + " --out " + user.run, death.how);
    INFO(died.output);
    CHECK(died.exit == 128 + death.number);
    CHECK(has(died, std::string("graft: crashed inside plugin acme-crash 0.1.0") + death.where + " (" + death.signal + ")\n  " +
                        user.plugin + "\n" + death.threw + advice(user)));
    CHECK(std::filesystem::exists(user.run + "/checkpoints/last") == death.is_in_training);
    if (std::string(death.how) == "call.1 fpe") CHECK(has_checkpoint(user.run, 0));

    const Outcome refused = user.graft(use + "--resume --out " + user.run);
    INFO(refused.output);
    CHECK(refused.exit == 2);
    CHECK(has(refused, "graft: cannot load plugin acme-crash 0.1.0\n  " + user.plugin + "\n  G105 in quarantine: "));
    CHECK(has(refused, std::string(" (") + death.signal + ")\n       sha256 " + sha256_of_file(user.plugin)));
    CHECK(has(refused, "To try this one again:  graft plugin unquarantine " + user.plugin + "\n"));

    CHECK(user.graft("plugin unquarantine " + user.plugin).exit == 0);
    const Outcome resumed = user.graft(use + "--resume --out " + user.run);
    INFO(resumed.output);
    CHECK(resumed.exit == 0);
    CHECK(weights(user.run) == weights(whole));
  }
}

TEST_CASE("crash: the first use of a plugin is in a process of its own, and a death there costs no run", "[app][crash]") {
  User user;
  std::filesystem::create_directories(user.here.file("config/graft"));
  user.here.write("config/graft/graft.json", R"({"plugins": {"probe_seconds": 1}})");
  const std::string train = "--plugin " + user.plugin + " train " + user.config() + " --out " + user.run;
  for (const auto& [how, said] : std::vector<std::pair<const char*, const char*>>{
           {"static throw", "crashed, during its static initialisers (SIGABRT)"},
           {"registration segv", "crashed, during registration (SIGSEGV)"},
           {"constructor fpe", "crashed inside acme/crash, during constructor (SIGFPE)"},
           {"constructor hang", "gave no answer inside acme/crash, during constructor (no answer)"},
           {"constructor exit", "crashed, during the probe (exit code 0)"},
           {"destructor segv", "crashed inside acme/crash, during destructor (SIGSEGV)"}}) {
    INFO(how);
    std::filesystem::remove_all(user.run);
    const Outcome refused = user.graft(train, how);
    INFO(refused.output);
    CHECK(refused.exit == 2);
    CHECK(refused.seconds < 10);
    CHECK(has(refused, "  G105 in quarantine: "));
    CHECK(has(refused, std::string(": ") + said + "\n       sha256 "));
    CHECK(user.graft(train).exit == 2);  // remembered
    CHECK(user.graft("plugin unquarantine --all").exit == 0);
  }
}

TEST_CASE("crash: a plugin that was found sound is not probed again, another build of it is", "[app][crash]") {
  User user;
  const std::string train = "--plugin " + user.plugin + " train " + user.config() + " --overwrite --out " + user.run;
  CHECK(user.graft(train).exit == 0);
  CHECK(user.times_mapped() == 2);
  CHECK(user.graft(train).exit == 0);
  CHECK(user.times_mapped() == 3);
  std::ofstream(user.plugin, std::ios::app) << "another build";
  CHECK(user.graft(train).exit == 0);
  CHECK(user.times_mapped() == 5);
}

TEST_CASE("crash: an exception of a static initialiser is G142", "[app][crash]") {
  User user;
  const std::string train = "--plugin " + user.plugin + " train " + user.config() + " --overwrite --out " + user.run;
  REQUIRE(user.graft(train).exit == 0);
  const Outcome died = user.graft(train, "static throw");
  INFO(died.output);
  CHECK(died.exit == 128 + SIGABRT);
  CHECK(has(died, "graft: cannot load plugin acme-crash 0.1.0\n  " + user.plugin +
                      "\n  G142 a static initialiser threw std::runtime_error: the cat sat on the keyboard\n" + advice(user)));
}

TEST_CASE("crash: --safe-mode uses graft's own plugins alone", "[app][crash]") {
  User user;
  user.install();
  CHECK(has(user.graft("list model"), "acme/crash"));
  CHECK_FALSE(has(user.graft("--safe-mode list model"), "acme/crash"));
  const Outcome both = user.graft("--safe-mode --plugin " + user.plugin + " list");
  CHECK(both.exit == 2);
  CHECK(both.output == "[graft] --safe-mode uses graft's own plugins alone, so it excludes --plugin and --plugin-path\n");
}
