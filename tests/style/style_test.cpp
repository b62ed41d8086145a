// What holds of the tree as a whole, told by reading it.
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "catch.hpp"

namespace fs = std::filesystem;

namespace {

const fs::path kRoot = GRAFT_SOURCE_DIR;

std::string read(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::vector<fs::path> files(const std::string& folder, const std::set<std::string>& endings) {
  std::vector<fs::path> all;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / folder))
    if (entry.is_regular_file() && endings.contains(entry.path().extension().string())) all.push_back(entry.path());
  return all;
}

std::string short_path(const fs::path& file) { return fs::relative(file, kRoot).string(); }

// "file: line" of each line of a folder's sources that matches.
std::vector<std::string> lines_with(const std::string& folder, const std::string& pattern) {
  const std::regex wanted(pattern);
  std::vector<std::string> found;
  for (const fs::path& file : files(folder, {".cpp", ".hpp"})) {
    std::istringstream lines(read(file));
    for (std::string line; std::getline(lines, line);)
      if (std::regex_search(line, wanted)) found.push_back(short_path(file) + ": " + line);
  }
  return found;
}

}  // namespace

TEST_CASE("style: the SDK includes neither core nor plugins", "[style]") {
  CHECK(lines_with("sdk", R"(#include\s+["<](core|plugins|apps)/)") == std::vector<std::string>{});
}

TEST_CASE("style: a plugin includes neither core nor a plugin of another kind", "[style]") {
  CHECK(lines_with("plugins", R"(#include\s+["<](core|plugins|apps)/)") == std::vector<std::string>{});
  CHECK(lines_with("plugins", R"(#include\s+"\.\./\.\./)") == std::vector<std::string>{});
}

TEST_CASE("style: core includes neither plugins nor the app", "[style]") {
  CHECK(lines_with("core", R"(#include\s+["<](plugins|apps)/)") == std::vector<std::string>{});
}

TEST_CASE("style: the summary of a component is a sentence", "[style]") {
  const std::regex summary(R"re("summary": "([^"]*)")re");
  for (const char* folder : {"plugins", "sdk/template", "examples/plugin"})
    for (const fs::path& file : files(folder, {".json"})) {
      const std::string text = read(file);
      for (std::sregex_iterator at(text.begin(), text.end(), summary), end; at != end; ++at) {
        INFO(short_path(file) << ": " << (*at)[1]);
        CHECK((*at)[1].str().ends_with("."));
      }
    }
}

TEST_CASE("style: every public header opens with what it is for", "[style]") {
  for (const fs::path& header : files("sdk/include", {".hpp"})) {
    INFO(short_path(header));
    const std::string text = read(header);
    CHECK(text.starts_with("// "));
    CHECK(text.find("#pragma once") != std::string::npos);
    CHECK(text.find("#pragma once") < 2500);
  }
}

TEST_CASE("style: every public header is in exactly one list of the stability page: stable, draft or internal", "[style]") {
  const std::string page = read(kRoot / "sdk/STABILITY.md");
  const std::size_t drafts = page.find("## Draft"), internals = page.find("## Internal");
  REQUIRE((drafts != std::string::npos && internals != std::string::npos));
  std::multiset<std::string> listed;
  const std::regex entry("`([a-z_0-9/]+\\.hpp)`");
  for (std::sregex_iterator at(page.begin(), page.end(), entry), end; at != end; ++at) {
    listed.insert((*at)[1]);
    INFO((*at)[1].str());
    const auto place = static_cast<std::size_t>(at->position());
    CHECK((*at)[1].str().starts_with("draft/") == (drafts < place && place < internals));
    if (place > internals)
      for (const char* folder : {"plugins", "examples", "sdk/template"})
        CHECK(lines_with(folder, "#include [<\"]graft/" + (*at)[1].str()) == std::vector<std::string>{});
  }
  std::multiset<std::string> headers;
  for (const fs::path& header : files("sdk/include", {".hpp"}))
    headers.insert(fs::relative(header, kRoot / "sdk/include/graft").string());
  CHECK(listed == headers);
}

TEST_CASE("style: every core header opens with what it is for", "[style]") {
  for (const fs::path& header : files("core", {".hpp"})) {
    INFO(short_path(header));
    CHECK(read(header).starts_with("// "));
  }
}

TEST_CASE("style: every plugin has its manifest entry, its README and a test", "[style]") {
  std::string tests;
  for (const fs::path& file : files("tests/plugins", {".cpp"})) tests += file.filename().string() + "\n";
  for (const auto& kind : fs::directory_iterator(kRoot / "plugins")) {
    if (!kind.is_directory()) continue;
    const std::string list = read(kind.path() / "CMakeLists.txt");
    for (const auto& folder : fs::directory_iterator(kind.path())) {
      const std::string name = folder.path().filename().string();
      if (!folder.is_directory() || !fs::exists(folder.path() / (name + ".hpp"))) continue;  // shared code of a kind
      INFO(short_path(folder.path()));
      CHECK(fs::exists(folder.path() / "plugin.json"));
      CHECK(fs::exists(folder.path() / "README.md"));
      CHECK(tests.find(name + "_test.cpp") != std::string::npos);
      CHECK(std::regex_search(list, std::regex("\\b" + name + "\\b")));
    }
  }
}

TEST_CASE("style: no source file is longer than 400 lines", "[style]") {
  for (const char* folder : {"sdk", "core", "plugins", "apps"})
    for (const fs::path& file : files(folder, {".cpp", ".hpp"})) {
      const std::string text = read(file);
      if (text.find("generated by") != std::string::npos) continue;
      INFO(short_path(file));
      CHECK(std::count(text.begin(), text.end(), '\n') <= 400);
    }
}

TEST_CASE("style: the root holds what it should and nothing else", "[style]") {
  const std::set<std::string> allowed = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md",
                                         "core",           "plugins",           "sdk",     "apps",
                                         "tests",          "examples",          "build",   "runs"};
  for (const auto& entry : fs::directory_iterator(kRoot)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(".")) CHECK(allowed.contains(name));
  }
}
