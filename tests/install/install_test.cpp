// What an installed graft is, and what find_package says when something is wrong.
#include "installed.hpp"

namespace fs = std::filesystem;

namespace {

// CMake's words on a project of these lines.
Outcome configured(const std::string& lines, const std::string& arguments = "") {
  const Workplace here;
  here.write("CMakeLists.txt", "cmake_minimum_required(VERSION 3.25)\nproject(outside LANGUAGES CXX ASM)\n" + lines);
  return Installed::graft().run(here.path, "cmake -S . -B build -DCMAKE_PREFIX_PATH=\"$GRAFT\" " + arguments + "\n");
}

// A message as CMake wraps it, in one line.
std::string unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string line;
  for (std::string word; words >> word;) line += (line.empty() ? "" : " ") + word;
  return line;
}

bool says(const Outcome& outcome, const std::string& message) {
  return unwrapped(outcome.output).find(message) != std::string::npos;
}

}  // namespace

TEST_CASE("install: all of it is there, wherever the prefix is moved to", "[install][slow]") {
  const std::string& prefix = Installed::graft().prefix;
  for (const char* path :
       {"bin/graft", "lib/libgraft.so", "include/graft/plugin.hpp", "include/graft/version.hpp", "include/graft/nn/linear.hpp",
        "include/graft/draft/searcher.hpp", "lib/cmake/graft/graftConfig.cmake", "lib/cmake/graft/graftConfigVersion.cmake",
        "share/graft/schema/config.json", "share/graft/schema/manifest-1.json", "share/man/man1/graft.1",
        "share/graft/template/model/plugin.json", "share/doc/graft/README.md", "share/doc/graft/LICENSE",
        "share/doc/graft/sdk.md"}) {
    INFO(path);
    CHECK(fs::is_regular_file(prefix + "/" + path));
  }
  const Outcome list = Installed::graft().run("/", "\"$GRAFT\"/bin/graft list model\n");
  INFO(list.output);
  CHECK(list.exit == 0);
  CHECK(list.output.find("bert") != std::string::npos);
}

TEST_CASE("install: what is tested here sees nothing of the trees that graft was built from", "[install][slow]") {
  if (!Installed::graft().is_apart()) {
    WARN("this user may not make namespaces: the trees stay in sight, and commands are searched for their paths instead");
    return;
  }
  const Outcome outcome = Installed::graft().run("/", "ls -A " GRAFT_SOURCE_DIR "; ls -A " GRAFT_BUILD_DIR " || true\n");
  INFO(outcome.output);
  CHECK(outcome.output.find("CMakeLists.txt") == std::string::npos);
  CHECK(outcome.output.find("CMakeCache.txt") == std::string::npos);
}

TEST_CASE("install: plugins lie in the folder of the binary interface that the host says is its own", "[install][slow]") {
  const Outcome abi = Installed::graft().run("/", "\"$GRAFT\"/bin/graft plugin abi | grep -o 'g[0-9]*-torch[^ ]*'\n");
  INFO(abi.output);
  std::istringstream lines(abi.output);
  std::string variant;
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("g")) variant = line;
  REQUIRE_FALSE(variant.empty());
  CHECK(fs::is_regular_file(Installed::graft().prefix + "/lib/graft/plugins/" + variant + "/graft_model.so"));
}

TEST_CASE("install: the program and its plugins find graft's library beside them, and never in the tree it was built from",
          "[install][slow]") {
  const std::string& prefix = Installed::graft().prefix;
  const Outcome outcome = Installed::graft().run(prefix, "ldd bin/graft lib/graft/plugins/*/graft_model.so\n");
  INFO(outcome.output);
  CHECK(outcome.exit == 0);
  CHECK(outcome.output.find("libgraft.so.0 => " + prefix + "/") != std::string::npos);
  CHECK(outcome.output.find("not found") == std::string::npos);
  CHECK(outcome.output.find(GRAFT_BUILD_DIR "/") == std::string::npos);
}

TEST_CASE("install: find_package knows its component, and names one that it does not know", "[install][slow]") {
  CHECK(configured("find_package(graft REQUIRED COMPONENTS sdk)\n").exit == 0);
  CHECK(configured("find_package(graft 0.1 REQUIRED)\n").exit == 0);
  const Outcome unknown = configured("find_package(graft REQUIRED COMPONENTS sdk kernels)\n");
  INFO(unknown.output);
  CHECK(unknown.exit != 0);
  CHECK(says(unknown, "graft has the component sdk, and none called kernels"));
  const Outcome newer = configured("find_package(graft 9.1 REQUIRED COMPONENTS sdk)\n");
  INFO(newer.output);
  CHECK(newer.exit != 0);
  CHECK(says(newer, "compatible with requested version \"9.1\""));
}

TEST_CASE("install: without LibTorch, or with another one, find_package says what to pass", "[install][slow]") {
  const Workplace here;
  const std::string find = "find_package(graft REQUIRED COMPONENTS sdk)\n";
  const Outcome none = configured(find, "-DTORCH_ROOT=" + here.path);
  INFO(none.output);
  CHECK(none.exit != 0);
  CHECK(says(none, "No LibTorch in TORCH_ROOT=" + here.path +
                       " (include/torch/headeronly/version.h is missing). Pass -DTORCH_ROOT=<the "
                       "folder with include/ and lib/> of a LibTorch 2.11."));

  fs::create_directories(here.file("include/torch/headeronly"));
  here.write("include/torch/headeronly/version.h",
             "#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 99\n#define TORCH_VERSION_PATCH 0\n");
  fs::create_directories(here.file("lib"));
  here.write("lib/libtorch_cpu.so", "");
  here.write("lib/libc10.so", "");
  const Outcome other = configured(find, "-DTORCH_ROOT=" + here.path);
  INFO(other.output);
  CHECK(other.exit != 0);
  CHECK(says(other, "must be 2.11, which this graft was built with, is 2.99.0."));
}

TEST_CASE("install: a manifest that is wrong stops the configuration, with its file", "[install][slow]") {
  const Workplace here;
  const auto refusal = [&](const std::string& manifest) {
    here.write("plugin.json", manifest);
    here.write("a.cpp", "");
    return configured("find_package(graft REQUIRED COMPONENTS sdk)\ngraft_add_plugin(a MANIFEST " + here.file("plugin.json") +
                      " SOURCES " + here.file("a.cpp") + ")\n");
  };
  CHECK(says(refusal("{"), here.file("plugin.json") + ": not a JSON object"));
  CHECK(says(refusal("{\"manifest\": 1}"), here.file("plugin.json") + ": the key \"id\" is missing"));
}
