// Which plugin files may run: nobody's by default, those that the user trusts, those named for one call.
#include <sys/stat.h>

#include "catch.hpp"
#include "graft/value.hpp"
#include "user.hpp"

using graft::read_json;
using graft::sha256_of_file;

namespace {

bool has(const Outcome& outcome, const std::string& text) { return outcome.output.find(text) != std::string::npos; }

std::string untrusted(const User& user) {
  return "graft: cannot load plugin acme-crash 0.1.0\n  " + user.plugin +
         "\n  G112 not trusted: nobody whom you trust vouches for this file\n       sha256 " + sha256_of_file(user.plugin) +
         "\n  If you know where it comes from:  graft plugin trust " + user.plugin + "\n  For one call alone:  --plugin " +
         user.plugin + "\n";
}

}  // namespace

TEST_CASE("trust: a plugin that was found runs once its user trusts it, until its bytes change", "[app][trust]") {
  User user;
  user.install();
  const std::string train = "train " + user.config() + " --overwrite --out " + user.run;
  const Outcome refused = user.graft(train);
  CHECK(refused.exit == 2);
  CHECK(has(refused, untrusted(user)));
  CHECK(user.times_mapped() == 0);

  const Outcome trusted = user.graft("plugin trust " + user.plugin);
  CHECK(trusted.output == "trusted  acme-crash 0.1.0\n  " + user.plugin + "\n  sha256 " + sha256_of_file(user.plugin) + "\n");
  CHECK(user.graft(train).exit == 0);
  CHECK(user.graft("plugin trust --list").output == sha256_of_file(user.plugin) + "  acme-crash 0.1.0\n  " + user.plugin + "\n");

  std::ofstream(user.plugin, std::ios::app) << "another build";
  CHECK(has(user.graft(train), untrusted(user)));
  CHECK(user.graft("plugin trust " + user.plugin).exit == 0);
  CHECK(user.graft("plugin trust --remove " + user.plugin).exit == 0);
  CHECK(has(user.graft(train), untrusted(user)));
}

TEST_CASE("trust: a file named by --plugin is trusted for that call alone", "[app][trust]") {
  User user;
  const std::string train = "train " + user.config() + " --overwrite --out " + user.run;
  CHECK(user.graft("--plugin " + user.plugin + " " + train).exit == 0);
  CHECK(has(user.graft("--plugin-path " + user.here.path + " " + train), untrusted(user)));
}

TEST_CASE("trust: under the policy open all that is found may run", "[app][trust]") {
  User user;
  user.install();
  std::filesystem::create_directories(user.here.file("config/graft"));
  const std::string policy = user.here.write("config/graft/graft.json", R"({"plugins": {"policy": "open"}})");
  const std::string train = "train " + user.config() + " --overwrite --out " + user.run;
  CHECK(user.graft(train).exit == 0);

  ::chmod(policy.c_str(), 0666);
  const Outcome open = user.graft(train);
  CHECK(open.exit == 2);
  CHECK(has(open,
            "[plugin] " + policy + " is writable by the world, so it cannot say whom to trust; close it: chmod o-w " + policy));

  ::chmod(policy.c_str(), 0644);
  user.here.write("config/graft/graft.json", R"({"plugins": {"policy": "opened"}})");
  CHECK(has(user.graft(train), "policy must be \"open\" or \"pinned\", got \"opened\", did you mean \"open\"?"));
}

TEST_CASE("trust: a file or folder that the world may write is refused, trusted or not", "[app][trust]") {
  User user;
  user.install();
  const std::string train = "train " + user.config() + " --overwrite --out " + user.run;
  REQUIRE(user.graft("plugin trust " + user.plugin).exit == 0);
  ::chmod(user.plugin.c_str(), 0777);
  CHECK(has(user.graft(train), "  G104 " + user.plugin + " is writable by the world\n  Close it:  chmod o-w " + user.plugin));
  ::chmod(user.plugin.c_str(), 0755);

  // a link into such a folder is no better than a file in it
  const std::string shared = user.here.file("shared");
  std::filesystem::create_directories(shared);
  ::chmod(shared.c_str(), 0777);
  std::filesystem::rename(user.plugin, shared + "/acme_crash.so");
  std::filesystem::create_symlink(shared + "/acme_crash.so", user.plugin);
  CHECK(has(user.graft(train), "  G104 " + shared + " is writable by the world"));
}

TEST_CASE("trust: where graft is started says nothing of trust", "[app][trust]") {
  User user;
  const std::string found =
      shell("cd " + user.here.path + " && GRAFT_PLUGIN_DEBUG=1 GRAFT_PLUGIN_PATH=. " GRAFT_BINARY " list model").output;
  CHECK(found.find("acme/crash") == std::string::npos);
  CHECK(found.find("plugins: . (GRAFT_PLUGIN_PATH): not an absolute path, so it does not count\n") != std::string::npos);
  CHECK(has(shell("GRAFT_PLUGIN_PATH=" + user.here.path + " " GRAFT_BINARY " list model"), "acme/crash"));
}

TEST_CASE("trust: the lock of a run names every plugin that it opened, with version, hash and binary interface", "[app][trust]") {
  User user;
  REQUIRE(user.graft("--plugin " + user.plugin + " train " + user.config() + " --out " + user.run).exit == 0);
  const graft::Value lock = read_json(user.run + "/lock.json"), &plugins = lock.at("plugins");
  const graft::Value& guest = plugins.at("acme-crash");
  CHECK(guest.at("version").text() == "0.1.0");
  CHECK(guest.at("sha256").text() == sha256_of_file(user.plugin));
  CHECK(guest.at("path").text() == user.plugin);
  for (const char* id : {"acme-crash", "graft-source", "graft-extractor", "graft-head", "graft-task"}) {
    INFO(id);
    CHECK(plugins.at(id).at("abi").at("torch").text() == "2.11.0");
    CHECK(plugins.at(id).at("sha256").text() == sha256_of_file(plugins.at(id).at("path").text()));
  }
}

TEST_CASE("trust: plugins in a folder that its group may write are warned of once", "[app][trust]") {
  User user;
  std::filesystem::create_directories(user.here.file("many"));
  ::chmod(user.here.file("many").c_str(), 0775);
  for (const char* name : {"hostile.so", "crash.so"}) {
    std::filesystem::copy_file(std::string(GRAFT_HOSTILE_DIR "/") + name, user.here.file("many/") + name);
    ::chmod((user.here.file("many/") + name).c_str(), 0664);
    CHECK(user.graft("plugin trust " + user.here.file("many/") + name).exit == 0);
  }
  const std::string config = user.config();
  std::string text = graft::read_file(config);
  text.replace(text.find("\"label\":"), 8, "\"lower\": {\"use\": \"acme/lower\", \"column\": \"review\"}, \"label\":");
  user.here.write("points.json", text);
  const Outcome trained = user.graft("--plugin-path " + user.here.file("many") + " train " + config + " --out " + user.run);
  INFO(trained.output);
  CHECK(trained.exit == 0);
  const std::string warning = user.here.file("many") + " is writable by its group\n";
  const std::size_t first = trained.output.find(warning);
  CHECK(first != std::string::npos);
  CHECK(trained.output.find(warning, first + 1) == std::string::npos);
  CHECK(!has(trained, ".so is writable by its group"));
}
