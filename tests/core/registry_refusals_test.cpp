#include <sys/stat.h>

#include "core/registry/abi.hpp"
#include "core/registry/links.hpp"
#include "graft/abi.hpp"
#include "hostile_plugin.hpp"

using namespace graft;
using namespace graft::core;
using namespace hostile;

namespace {

// The whole message, with the file's path shortened to <path>.
std::string message(const std::string& bytes) {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", bytes);
  const PluginFile file = inspect(path);
  if (!file.refused) return "fits";
  std::string text = file.refused->what();
  for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path)) text.replace(at, path.size(), "<path>");
  return text;
}

std::string head(const std::string& plugin = "acme-lower 0.1.0") {
  return "graft: cannot load plugin " + plugin + "\n  <path>\n  ";
}

const std::string kCure =
    "\n  Rebuild it against this SDK:  cmake -S <src> -B build -Dgraft_DIR=<prefix>/lib/cmake/graft && cmake --build build"
    "\n  Variant wanted: g0-torch2.11-cxx11-x86_64-linux";

}  // namespace

TEST_CASE("a sound plugin fits", "[core][registry]") { CHECK(message(sound()) == "fits"); }

TEST_CASE("G102: a shared object without graft's sections is not a plugin", "[core][registry][hostile]") {
  const std::string zero(1, '\0');
  CHECK(message(changed(sound(), "graft_manifest" + zero, "graft_manifesu" + zero)) ==
        head("acme_lower.so") + "G102 no section graft_manifest: not a graft plugin");
  CHECK(message(changed(sound(), "graft_abi" + zero, "graft_abj" + zero)) ==
        head("acme_lower.so") + "G102 no section graft_abi: not a graft plugin");
  CHECK(message(changed(sound(), "{\"sdk_abi\"", "[\"sdk_abi\"")) ==
        head() + "G102 section graft_abi is not a record: graft_abi:1:11: expected ',' or ']'");
}

TEST_CASE("G103: a manifest that does not parse is refused with its line and column", "[core][registry][hostile]") {
  CHECK(message(changed(sound(), "\"provides\": [", "\"provides\": ]"))
            .starts_with(head("acme_lower.so") + "G103 the manifest is wrong\n      manifest:7:15: "));
}

TEST_CASE("G103: a manifest that breaks its rules is refused with all of them", "[core][registry][hostile]") {
  const std::string faults = head("acme_lower.so") + "G103 the manifest is wrong";
  std::string bytes = changed(sound(), "\"manifest\": 1", "\"manifest\": 2");
  bytes = changed(bytes, "\"summary\"", "\"sumnary\"");
  CHECK(message(bytes) == faults +
                              "\n      manifest:2:15: manifest must be 1, got 2"
                              "\n      manifest:8:5: provides[0].summary is required"
                              "\n      manifest:12:7: provides[0].sumnary is not a parameter, did you mean summary?");
  CHECK(message(changed(sound(), "\"acme/lower\",", "\"acme.lower\",")) ==
        faults + "\n      manifest:10:15: name must be <vendor>/<name>, got acme.lower");
  CHECK(message(changed(sound(), "graft.extractor/1", "graft.extractor/2")) ==
        faults + "\n      manifest:11:20: interface must be graft.extractor/1, got graft.extractor/2");
  CHECK(message(changed(sound(), "\"column\":", "\"output\":")) ==
        faults + "\n      manifest:16:11: [acme/lower] output is reserved for the host, so it cannot be a parameter");
  CHECK(message(changed(sound(), "\"0.1.0\",\n", "\"0.1_0\",\n")) ==
        faults + "\n      manifest:4:14: version must be <major>.<minor>.<patch>, got 0.1_0");
  CHECK(message(changed(sound(), "\"type\": \"string\", \"description\": \"the text column\"",
                        "\"type\": \"strimg\", \"description\": \"the text column\"")) ==
        faults +
            "\n      manifest:16:30: [acme/lower] params column: type must be null, boolean, integer, number, string, array or "
            "object, got strimg, did you mean string?");
}

TEST_CASE("G104: a plugin or folder that the world may write is refused", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  ::chmod(path.c_str(), 0666);
  CHECK(std::string(inspect(path).refused->what()) == "graft: cannot load plugin acme-lower 0.1.0\n  " + path + "\n  G104 " +
                                                          path + " is writable by the world\n  Close it:  chmod o-w " + path);
  ::chmod(path.c_str(), 0664);
  CHECK(inspect(path).notes == std::vector<std::string>{path + " is writable by its group"});
  ::chmod(folder.path().c_str(), 0775);
  CHECK(inspect(path).notes == std::vector<std::string>{folder.path() + " is writable by its group"});  // and so all in it
  ::chmod(path.c_str(), 0666);
  CHECK(inspect(path).refused->text() == path + " is writable by the world\n  Close it:  chmod o-w " + path);
  ::chmod(folder.path().c_str(), 0777);
  CHECK(inspect(path).refused->text() == folder.path() + " is writable by the world\n  Close it:  chmod o-w " + folder.path());
}

TEST_CASE("G104: a plugin of another user is refused", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  if (::chown(path.c_str(), 4321, 4321) != 0) return;  // only root can give files away
  CHECK(inspect(path).refused->text() == path + " is owned by user 4321, not by you or root");
}

TEST_CASE("G104: a file that the user names is trusted, with a note", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  ::chmod(path.c_str(), 0666);
  const PluginFile file = inspect(path, true);
  CHECK_FALSE(file.refused);
  CHECK(file.notes == std::vector<std::string>{path + " is writable by the world"});
}

TEST_CASE("G120: the fields in which a binary interface differs stand in a table, then the cure", "[core][registry][hostile]") {
  const std::string table =
      head() + "G120 binary interface differs from this graft (0.1.0)\n      field        plugin        host\n      ";
  const std::string torch = changed(sound(), "\"torch\":\"2.11.0\"", "\"torch\":\"2.10.0\"");
  CHECK(message(torch) == table + "torch        2.10.0        2.11.0     must agree in major.minor" + kCure);
  CHECK(message(changed(torch, "cxx11=1", "cxx11=0")) == table +
                                                             "torch        2.10.0        2.11.0     must agree in major.minor"
                                                             "\n      stdlib_abi   cxx11=0       cxx11=1    must be equal" +
                                                             kCure);
  CHECK(message(changed(sound(), "\"sdk_abi\":\"0\"", "\"sdk_abi\":\"7\"")) ==
        table + "sdk_abi      7             0          must be equal" + kCure);
  CHECK(message(changed(sound(), "\"sdk\":\"0.1.0\"", "\"sdk\":\"0.2.0\"")) ==
        table + "sdk          0.2.0         0.1.0      must not be newer than the host's" + kCure);
  CHECK(message(changed(sound(), "\"asan\":\"0\"", "\"asam\":\"0\"")) ==
        table + "asan         -             0          must be equal" + kCure);
}

TEST_CASE("G120: a type of another size is named", "[core][registry][hostile]") {
  const std::string size = std::to_string(sizeof(Batch));
  std::string other = size;
  other.back() = other.back() == '9' ? '8' : '9';
  const std::string text = message(changed(sound(), " Batch=" + size + "/8", " Batch=" + other + "/8"));
  CHECK(text == head() +
                    "G120 binary interface differs from this graft (0.1.0)\n      field         plugin        host"
                    "\n      layout Batch  " +
                    other + "/8          " + size + "/8       must be equal" + kCure);
}

TEST_CASE("G120: before 1.0 the public headers must be the same", "[core][registry][hostile]") {
  const std::string mine = GRAFT_SDK_HEADERS, other = "0000000000000000";
  CHECK(message(changed(sound(), "\"sdk_headers\":\"" + mine, "\"sdk_headers\":\"" + other)) ==
        head() +
            "G120 binary interface differs from this graft (0.1.0)\n      field        plugin            host"
            "\n      sdk_headers  " +
            other + "  " + mine + "  must be equal before 1.0 (both call themselves SDK 0.1.0)" + kCure);
}

TEST_CASE("abi: another patch of LibTorch, another compiler and NDEBUG fit", "[core][registry]") {
  Value other = host_abi();
  other.set("torch", "2.11.9");
  other.set("compiler", "clang 14");
  other.set("ndebug", "7");
  CHECK(compare_abi(other, host_abi()).empty());
  CHECK(abi_notes(other, host_abi()) == std::vector<std::string>{"built against LibTorch 2.11.9, runs with " TORCH_VERSION});
}

TEST_CASE("G121: a plugin that needs a newer system library is refused", "[core][registry][hostile]") {
  const std::string text = message(changed(sound(), "GLIBCXX_3.4.21", "GLIBCXX_3.4.99"));
  CHECK(text.starts_with(head() + "G121 needs GLIBCXX_3.4.99, host has 3.4."));
  CHECK(text.find('\n', head().size()) == std::string::npos);
}

TEST_CASE("G121: of each family the highest missing version is named", "[core][registry][hostile]") {
  const std::vector<std::string> lines = missing_versions({{"libc.so.6", "GLIBC_9.1"},
                                                           {"libm.so.6", "GLIBC_9.12"},
                                                           {"libgraft.so.0", "GRAFT_1.4"},
                                                           {"libc.so.6", "GLIBC_2.2.5"},
                                                           {"libgcc_s.so.1", "GCC_99.0"}});
  REQUIRE(lines.size() == 2);
  CHECK(lines[0].starts_with("needs GLIBC_9.12, host has 2."));
  CHECK(lines[1] == "needs GRAFT_1.4, host has none");
}

TEST_CASE("G122: a plugin that brings its own libtorch is refused", "[core][registry][hostile]") {
  CHECK(message(changed(sound(), "libtorch_cpu.so", "libtorch_my2.so")) ==
        head() + "G122 links its own libtorch: libtorch_my2.so\n       does not link the host's libtorch_cpu.so");
  CHECK(unshared_libraries({"libgraft.so.0", "libtorch_cpu.so", "libc10.so", "/opt/torch/lib/libc10.so"}) ==
        std::vector<std::string>{"links its own libtorch: /opt/torch/lib/libc10.so"});
  CHECK(unshared_libraries({"libtorch_cpu.so", "libc10.so", "libm.so.6"}) ==
        std::vector<std::string>{"does not link the host's libgraft.so.0"});
}
