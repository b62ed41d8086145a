// doctor and plugin doctor, abi, list: what is told of machine and plugins without running what nobody trusts.
#include "catch.hpp"
#include "graft/value.hpp"
#include "user.hpp"

using graft::parse_json;
using graft::read_file;
using graft::Value;

namespace {

bool has(const Outcome& outcome, const std::string& text) { return outcome.output.find(text) != std::string::npos; }

std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  for (std::size_t at = bytes.find(from); at != std::string::npos; at = bytes.find(from, at + to.size()))
    bytes.replace(at, from.size(), to);
  return bytes;
}

}  // namespace

TEST_CASE("plugin doctor: says every step, runs no code of a plugin that nobody trusts, and names the cure", "[app][doctor]") {
  User user;
  const Outcome untrusted = user.graft("plugin doctor " + user.plugin);
  CHECK(untrusted.exit == 2);
  CHECK(untrusted.output.starts_with("acme-crash 0.1.0\n  " + user.plugin + "\n  ok      G101  a sound ELF64 shared object\n"));
  CHECK(has(untrusted,
            "  failed  G112  trusted\n                not trusted: nobody whom you trust vouches for this file\n"
            "          cure  graft plugin trust " +
                user.plugin + "\n  -       G130  "));
  CHECK(user.times_mapped() == 0);

  REQUIRE(user.graft("plugin trust " + user.plugin).exit == 0);
  const Outcome sound = user.graft("plugin doctor " + user.plugin);
  CHECK(sound.exit == 0);
  CHECK(has(sound, "  ok      G151  registered as declared\n                model acme/crash: made and destroyed\n"));
  CHECK(user.times_mapped() == 1);

  const Outcome crashes = user.graft("plugin doctor --json " + user.plugin, "constructor segv");
  CHECK(crashes.exit == 2);
  const Value report = parse_json(crashes.output, "doctor");
  for (const Value& step : report.list().front().at("steps").list())
    if (step.at("code").text() == "G105") {
      CHECK(step.at("verdict").text() == "failed");
      CHECK(has({0, step.at("text").text()}, "crashed inside plugin acme-crash 0.1.0, component acme/crash, during constructor"));
      CHECK(step.at("cure").text() == "graft plugin unquarantine " + user.plugin);
    }
}

TEST_CASE("plugin doctor: graft's own plugins are sound and need no trust", "[app][doctor]") {
  const User user;
  const Outcome own = user.graft("plugin doctor " GRAFT_PLUGIN_DIR "/graft_metric.so");
  INFO(own.output);
  CHECK(own.exit == 0);
  const Outcome all = user.graft("plugin doctor --json");
  CHECK(all.exit == 0);
  CHECK(parse_json(all.output, "doctor").list().size() >= 9);
}

TEST_CASE("plugin abi: the host's record and the name of its variant", "[app][doctor]") {
  const User user;
  CHECK(user.graft("plugin abi").output.starts_with("variant       g0-torch2.11-cxx11-x86_64-linux\nsdk_abi       0\n"));
  const Value record = parse_json(user.graft("plugin abi --json").output, "abi");
  CHECK(record.at("torch").text() == "2.11.0");
  CHECK(record.at("variant").text() == "g0-torch2.11-cxx11-x86_64-linux");
}

TEST_CASE("doctor: says what the machine can do", "[app][doctor]") {
  const User user;
  const Outcome text = user.graft("doctor");
  INFO(text.output);
  CHECK(text.exit == 0);
  for (const char* name :
       {"graft ", "libtorch ", "cpu ", "threads ", "memory ", "device ", "bf16 ", "auto ", "runs ", "cache ", "plugins "})
    CHECK(has({0, "\n" + text.output}, std::string("\n") + name));
  const Value found = parse_json(user.graft("doctor --json").output, "doctor");
  CHECK(found.at("libtorch").text().starts_with("2.11.0"));
  CHECK(found.at("runs").text().find(" GB free in /") != std::string::npos);
  CHECK(found.at("plugins").text().find(" components") != std::string::npos);
}

TEST_CASE("list: two hundred plugins take less than half a second, and none of their code runs", "[app][doctor]") {
  const User user;
  const std::string bytes = read_file(user.plugin);
  std::filesystem::create_directories(user.here.file("many"));
  for (int i = 0; i < 200; ++i) {
    const std::string number = std::to_string(10000 + i);
    user.here.write("many/p" + number + ".so",
                    replaced(replaced(bytes, "acme-crash", "acme-" + number), "acme/crash", "acme/" + number));
  }
  double fastest = 1e9;
  for (int i = 0; i < 3; ++i) {
    const Outcome listed = user.graft("--plugin-path " + user.here.file("many") + " list model");
    fastest = std::min(fastest, listed.seconds);
    CHECK(has(listed, "acme/10000"));
    CHECK(has(listed, "acme/10199"));
  }
  CHECK(fastest < 0.5);
  CHECK(has(user.graft("--plugin-path " + user.here.file("many") + " show acme/10100"), "acme/10100"));
  CHECK(user.times_mapped() == 0);
}

TEST_CASE("train --check: what a plugin gives back is held to what it declares", "[app][crash]") {
  User user;
  const std::string train = "--plugin " + user.plugin + " train --check " + user.config() + " --overwrite --out " + user.run;
  const std::string whose = " (plugin acme-crash 0.1.0, " + user.plugin + ")\n";
  const auto said = [&](const char* how) {
    const Outcome outcome = user.graft(train, std::string("features ") + how);
    INFO(outcome.output);
    CHECK(outcome.exit == 1);
    return outcome.output.substr(outcome.output.rfind("[acme/crash]"));
  };
  CHECK(said("nan") == "[acme/crash] forward gave features: 32 of 32 values are not finite" + whose);
  CHECK(said("dtype") == "[acme/crash] forward gave features: int64 [16, 2] where the kind vector is float" + whose);
  CHECK(said("narrow") == "[acme/crash] forward gave features: float [16, 1] where the schema says [16, 2]" + whose);
  CHECK(user.graft(train).exit == 0);
}
