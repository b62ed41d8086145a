// graft plugin new: what it writes, and what it refuses. That the result builds and trains is in tests/install.
#include <set>
#include <sstream>

#include "catch.hpp"
#include "command.hpp"
#include "graft/value.hpp"

namespace fs = std::filesystem;

namespace {

std::set<std::string> files_in(const std::string& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) names.insert(fs::relative(entry.path(), folder).string());
  return names;
}

Outcome plugin_new(const std::string& kind, const std::string& id, const std::string& folder) {
  return graft_command("plugin new --kind " + kind + " --id " + id + " " + folder);
}

// Lines of the first block of the README that a shell runs.
std::vector<std::string> shown_commands(const std::string& readme) {
  std::istringstream lines(graft::read_file(readme));
  std::vector<std::string> commands;
  bool is_inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "```") is_inside = false;
    if (is_inside) commands.push_back(line.substr(0, line.find("   ")));
    if (line == "```sh") is_inside = true;
  }
  return commands;
}

const std::vector<std::string> kKinds = {"source", "extractor", "augmenter", "model", "adapter",
                                         "head",   "metric",    "balancer",  "task"};

}  // namespace

TEST_CASE("plugin new: every kind is a whole project under the names asked for", "[app][plugin_new]") {
  const Workplace here;
  for (const std::string& kind : kKinds) {
    INFO(kind);
    const std::string folder = here.file(kind);
    const Outcome outcome = plugin_new(kind, "zeta-two-steps", folder);
    INFO(outcome.output);
    REQUIRE(outcome.exit == 0);
    CHECK(outcome.output.find("wrote  " + folder + ": a plugin with the " + kind + " zeta/two_steps\n") == 0);
    std::set<std::string> wanted = {"CMakeLists.txt", "plugin.json", "two_steps.cpp", "two_steps_test.cpp",      "example.json",
                                    "README.md",      "LICENSE",     ".gitignore",    ".github/workflows/ci.yml"};
    wanted.insert(kind == "source" ? "rows.txt" : "rows.csv");
    CHECK(files_in(folder) == wanted);
    const graft::Value manifest = graft::read_json(folder + "/plugin.json");
    CHECK(manifest.at("id").text() == "zeta-two-steps");
    CHECK(manifest.at("provides").list().at(0).at("kind").text() == kind);
    CHECK(manifest.at("provides").list().at(0).at("name").text() == "zeta/two_steps");
    for (const std::string& name : wanted) {
      INFO(name);
      const std::string text = graft::read_file(folder + "/" + name);
      for (const char* left : {"acme", "ACME", "widget", "Widget", "WIDGET"}) CHECK(text.find(left) == std::string::npos);
    }
  }
}

TEST_CASE("plugin new: ids with dots, and names in code", "[app][plugin_new]") {
  const Workplace here;
  REQUIRE(plugin_new("metric", "org.acme.near-by", here.file("new")).exit == 0);
  const std::string code = graft::read_file(here.file("new/near_by.cpp"));
  CHECK(code.find("namespace org_acme_near_by {") != std::string::npos);
  CHECK(code.find("class NearBy final : public graft::Metric {") != std::string::npos);
  CHECK(code.find("registrar.add<org_acme_near_by::NearBy>(\"acme/near_by\")") != std::string::npos);
  CHECK(graft::read_file(here.file("new/near_by_test.cpp")).find("ORG_ACME_NEAR_BY_PLUGIN") != std::string::npos);
}

TEST_CASE("plugin new: CMake's part is short, and CI runs what the README says", "[app][plugin_new]") {
  const Workplace here;
  REQUIRE(plugin_new("task", "acme-calm", here.file("new")).exit == 0);
  const std::string cmake = graft::read_file(here.file("new/CMakeLists.txt"));
  CHECK(std::count(cmake.begin(), cmake.end(), '\n') <= 8);
  const std::string ci = graft::read_file(here.file("new/.github/workflows/ci.yml"));
  const std::vector<std::string> commands = shown_commands(here.file("new/README.md"));
  REQUIRE(commands.size() == 5);
  for (std::size_t i = 0; i < 4; ++i) {
    INFO(commands[i]);
    CHECK(ci.find(commands[i]) != std::string::npos);
  }
}

TEST_CASE("plugin new: what it cannot write it refuses, and writes nothing", "[app][plugin_new]") {
  const Workplace here;
  const auto refusal = [&](const std::string& kind, const std::string& id) {
    const Outcome outcome = plugin_new(kind, id, here.file("new"));
    CHECK(outcome.exit == 2);
    CHECK_FALSE(fs::exists(here.file("new")));
    return outcome.output;
  };
  const std::string kinds = "source, extractor, augmenter, model, adapter, head, metric, balancer or task";
  CHECK(refusal("modl", "acme-scale") == "[graft plugin new] --kind must be " + kinds + ", got modl: did you mean model?\n");
  CHECK(refusal("searcher", "acme-scale") == "[graft plugin new] --kind must be " + kinds + ", got searcher\n");
  CHECK(refusal("model", "Acme-scale") ==
        "[graft plugin new] --id must be lower-case letters, digits, '-', '_' and '.', as acme-scale, got Acme-scale\n");
  CHECK(refusal("model", "scale") ==
        "[graft plugin new] --id must be <vendor>-<name>, each beginning with a letter, as acme-scale, got scale\n");
  CHECK(refusal("model", "acme-2d") ==
        "[graft plugin new] --id must be <vendor>-<name>, each beginning with a letter, as acme-scale, got acme-2d\n");
  CHECK(refusal("model", "graft-scale") ==
        "[graft plugin new] the vendor graft is graft's own: take yours, as acme-scale, got graft-scale\n");
}

TEST_CASE("plugin new: a folder that holds something is left alone", "[app][plugin_new]") {
  const Workplace here;
  here.write("mine.txt", "mine");
  CHECK(plugin_new("model", "acme-scale", here.path).output ==
        "[graft plugin new] " + here.path + " must be empty or not there, holds mine.txt: name another\n");
  CHECK(plugin_new("model", "acme-scale", here.file("mine.txt")).output ==
        "[graft plugin new] " + here.file("mine.txt") + " must be a folder, is a file: name another\n");
  CHECK(files_in(here.path) == std::set<std::string>{"mine.txt"});
}
