#include <cstdlib>

#include "graft/error.hpp"
#include "graft/testing.hpp"
#include "hostile_plugin.hpp"

using namespace graft;
using namespace graft::core;
using namespace hostile;

namespace {

// What the host says of a plugin whose registration behaves as `mode` says, without the first two lines.
std::string registration(const std::string& mode) {
  const Folder folder;
  folder.add("acme_lower.so", sound());
  Host host(folder.path());
  ::setenv("GRAFT_HOSTILE", mode.c_str(), 1);
  const std::string text = message_of([&] { host.create(); });
  ::unsetenv("GRAFT_HOSTILE");
  CHECK(host.loader.plugins().empty());
  CHECK(message_of([&] { host.create(); }) == text);  // remembered, not tried again
  const std::string head = "graft: cannot load plugin acme-lower 0.1.0\n  " + folder.path() + "/acme_lower.so\n  ";
  REQUIRE(text.starts_with(head));
  return text.substr(head.size());
}

}  // namespace

TEST_CASE("loader: a component is made, works, and says who made it", "[core][registry]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  Host host(folder.path());
  CHECK(host.loader.plugins().empty());  // nothing is opened before somebody asks
  const std::shared_ptr<Extractor> lower = host.create();
  Batch batch = testing::batch({{"text", Strings{"Ab", "C"}}});
  lower->transform(batch);
  CHECK(batch.strings("lowered") == Strings{"ab", "c"});
  CHECK(plugin_of(lower)->component == "acme/lower");
  CHECK(plugin_of(lower)->path == path);
  CHECK(plugin_of(std::make_shared<int>(1)) == nullptr);

  const std::vector<OpenedPlugin> opened = host.loader.plugins();
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == "acme-lower");
  CHECK(opened[0].version == "0.1.0");
  CHECK(opened[0].sha256 == sha256(sound()));
  host.create();
  CHECK(host.loader.plugins()[0].components == std::vector<std::string>{"acme/lower"});
  CHECK(parse_json(opened[0].abi, "abi").at("torch").text() == "2.11.0");
}

TEST_CASE("loader: a component outlives its loader", "[core][registry]") {
  std::shared_ptr<Extractor> lower;
  {
    const Folder folder;
    folder.add("acme_lower.so", sound());
    lower = Host(folder.path()).create();
  }
  CHECK(lower->outputs({}).at(0).name == "lowered");
}

TEST_CASE("loader: a component that nobody provides is an error", "[core][registry]") {
  const Folder folder;
  Host host(folder.path());
  CHECK(message_of([&] { host.create(parameters(), "acme/none"); }) == "[plugin] no plugin provides the extractor acme/none");
}

TEST_CASE("G131: two plugins with one torch namespace are not opened together", "[core][registry][hostile]") {
  const Folder folder;
  const std::string one = folder.add("a.so", sound()),
                    two = folder.add("b.so", changed(sound(), "\"acme-lower\"", "\"acme-lowes\""));
  Host host(folder.path());
  host.create(parameters(), "acme/lower@acme-lower");
  CHECK(message_of([&] { host.create(parameters(), "acme/lower@acme-lowes"); }) ==
        "graft: cannot load plugin acme-lowes 0.1.0\n  " + two +
            "\n  G131 torch namespace acme is already used by acme-lower 0.1.0, " + one);
  CHECK(host.loader.plugins().size() == 1);
}

TEST_CASE("G140: a missing symbol is named, and the host goes on", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", changed(sound(), "_ZN5graft5Batch3set", "_ZN5graft5Batch3zet"));
  Host host(folder.path());
  const std::string text = message_of([&] { host.create(); });
  const std::string head =
      "graft: cannot load plugin acme-lower 0.1.0\n  " + path + "\n  G140 " + path + ": undefined symbol: _ZN5graft5Batch3zetE";
  CHECK(text.substr(0, head.size()) == head);
  CHECK(text.substr(text.rfind('\n')).starts_with("\n       which is graft::Batch::zet(std::__cxx11::basic_string<char"));
}

TEST_CASE("G141: a file swapped between check and load is not opened", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  Host host(folder.path());
  folder.add("acme_lower.so", changed(sound(), "misbehaves on request", "was swapped meanwhile"));
  CHECK(message_of([&] { host.create(); }) == "graft: cannot load plugin acme-lower 0.1.0\n  " + path +
                                                  "\n  G141 the file was changed after it was checked: run graft again");
}

TEST_CASE("G141: a file whose mapping holds another manifest than its section is refused", "[core][registry][hostile]") {
  const Folder folder;
  std::string bytes = sound();
  const std::size_t end = bytes.size();
  bytes += changed(read_file(GRAFT_SOURCE_DIR "/tests/hostile/plugin.json"), "on request", "in secret ");
  bytes = with_section(bytes, "graft_manifest", [&](Elf64_Shdr& s) { s.sh_offset = end, s.sh_size = bytes.size() - end; });
  const std::string path = folder.add("acme_lower.so", bytes);
  Host host(folder.path());
  CHECK(message_of([&] { host.create(); }) == "graft: cannot load plugin acme-lower 0.1.0\n  " + path +
                                                  "\n  G141 the mapped manifest differs from the file's: run graft again");
}

TEST_CASE("G150: a registration that throws is refused, and the host goes on", "[core][registry][hostile]") {
  CHECK(registration("exception") == "G150 registration threw std::runtime_error: the cat sat on the keyboard");
  CHECK(registration("int") == "G150 registration threw int");
  CHECK(registration("torch") == "G150 registration threw c10::Error: sizes 3 and 4 do not match");
}

TEST_CASE("G151: a registration that differs from the manifest is refused", "[core][registry][hostile]") {
  CHECK(registration("less") == "G151 declares but does not register extractor acme/lower");
  CHECK(registration("more") == "G151 registers but does not declare extractor acme/upper");
  CHECK(registration("twice") == "G151 registers twice extractor acme/lower");
}

TEST_CASE("loader: what a constructor or transform() throws says whose it is, and the host goes on",
          "[core][registry][hostile]") {
  const Folder folder;
  const std::string whose = " (plugin acme-lower 0.1.0, " + folder.add("acme_lower.so", sound()) + ")";
  Host host(folder.path());
  const auto constructor = [&](const std::string& how) { return message_of([&] { host.create(parameters(how)); }); };
  const auto transform = [&](const std::string& how) {
    const std::shared_ptr<Extractor> lower = host.create(parameters("nothing", how));
    Batch batch = testing::batch({{"text", Strings{"Ab"}}});
    return message_of([&] { guarded(*plugin_of(lower), "transform", [&] { lower->transform(batch); }); });
  };
  CHECK(constructor("exception") == "[acme/lower] constructor: the cat sat on the keyboard" + whose);
  CHECK(constructor("int") == "[acme/lower] constructor: threw int" + whose);
  CHECK(constructor("torch") == "[acme/lower] constructor: sizes 3 and 4 do not match" + whose);
  CHECK(transform("exception") == "[acme/lower] transform: the cat sat on the keyboard" + whose);
  CHECK(transform("int") == "[acme/lower] transform: threw int" + whose);
  CHECK(transform("torch") == "[acme/lower] transform: sizes 3 and 4 do not match" + whose);
  CHECK(transform("error") == "[acme/lower] rows.csv:3: 2 fields, needs 3");
  CHECK(transform("file") == "[acme/lower] [file] words.txt: No such file or directory");
  CHECK(transform("nothing") == "(nothing was thrown)");
}
