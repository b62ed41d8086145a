#include <sys/stat.h>

#include <cstdlib>

#include "core/registry/diagnosis.hpp"
#include "core/registry/quarantine.hpp"
#include "core/registry/trust.hpp"
#include "hostile_plugin.hpp"

using namespace graft;
using namespace graft::core;
using namespace hostile;

namespace {

using Verdict = DiagnosisStep::Verdict;

class Variable {  // of the environment, as long as this lives
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { before_.empty() ? ::unsetenv(name_) : ::setenv(name_, before_.c_str(), 1); }
  Variable(const Variable&) = delete;

 private:
  const char* name_;
  std::string before_;
};

// A user with a folder of plugins, who trusts all that is put there.
struct DoctorCase {
  Folder home, plugins;
  Variable data{"XDG_DATA_HOME", home.path()}, config{"XDG_CONFIG_HOME", home.path()}, cache{"GRAFT_CACHE", "off"};

  std::string add(const std::string& bytes, const std::string& name = "acme_lower.so") const {
    const std::string path = plugins.add(name, bytes);
    TrustStore::of_user().add({sha256_of_file(path), name, path});
    return path;
  }

  // Every code before the one that fails is fine, every later one was not reached.
  DiagnosisStep failure(const std::string& path) const {
    const PluginCatalog all(only(plugins.path()));
    PluginFile file = inspect(path);
    DiagnosisStep failed{"none", "", Verdict::kFine, "", ""};
    for (const DiagnosisStep& step : diagnose(file, all, GRAFT_BINARY)) {
      INFO(step.code);
      if (step.verdict == Verdict::kFailed) failed = step;
      if (step.verdict == Verdict::kFine) CHECK(failed.code == "none");
      if (step.verdict == Verdict::kNotReached) CHECK(failed.code != "none");
    }
    return failed;
  }
};

std::string renamed(const std::string& from, const std::string& to) { return changed(sound(), from, to); }

}  // namespace

TEST_CASE("doctor: a sound plugin passes every step", "[core][registry][doctor]") {
  const DoctorCase user;
  const PluginCatalog none(only(""));
  for (const DiagnosisStep& step : diagnose(inspect(user.add(sound())), none, GRAFT_BINARY)) {
    INFO(step.code);
    CHECK(step.verdict == Verdict::kFine);
    CHECK(step.text == (step.code == "G151" ? "extractor acme/lower: made and destroyed\n" : ""));
    CHECK(step.cure.empty());
  }
}

TEST_CASE("doctor: each fault is found at its own step, with what is wrong and a cure", "[core][registry][doctor][hostile]") {
  const std::string zero(1, '\0'), plugin_json = read_file(GRAFT_SOURCE_DIR "/tests/hostile/plugin.json");
  std::string other_mapping = sound() + changed(plugin_json, "on request", "in secret ");
  other_mapping = with_section(other_mapping, "graft_manifest",
                               [&](Elf64_Shdr& s) { s.sh_offset = sound().size(), s.sh_size = plugin_json.size(); });
  struct Fault {
    const char *code, *text;
    std::string bytes;
    const char* mode = "";  // of registration
  };
  const std::vector<Fault> faults = {
      {"G101", "not an ELF file", "a text file, longer than the header of an ELF file, but without one; 64 bytes and more"},
      {"G102", "no section graft_manifest", renamed("graft_manifest" + zero, "graft_manifesu" + zero)},
      {"G103", "version must be <major>.<minor>.<patch>", renamed("\"0.1.0\",\n", "\"0.1_0\",\n")},
      {"G120", "must agree in major.minor", renamed("\"torch\":\"2.11.0\"", "\"torch\":\"2.10.0\"")},
      {"G121", "needs GLIBCXX_3.4.99, host has 3.4.", renamed("GLIBCXX_3.4.21", "GLIBCXX_3.4.99")},
      {"G122", "links its own libtorch: libtorch_my2.so", renamed("libtorch_cpu.so", "libtorch_my2.so")},
      {"G140", "which is graft::Batch::zet(", renamed("_ZN5graft5Batch3set", "_ZN5graft5Batch3zet")},
      {"G141", "the mapped manifest differs from the file's", other_mapping},
      {"G150", "registration threw std::runtime_error: the cat sat on the keyboard", sound(), "exception"},
      {"G151", "registers but does not declare extractor acme/upper", sound(), "more"},
  };
  for (const Fault& fault : faults) {
    INFO(fault.code);
    const DoctorCase user;
    const Variable mode("GRAFT_HOSTILE", fault.mode);
    const std::string path = user.add(fault.bytes);
    const DiagnosisStep failed = user.failure(path);
    CHECK(failed.code == fault.code);
    INFO(failed.text);
    CHECK(failed.text.find(fault.text) != std::string::npos);
    CHECK_FALSE(failed.cure.empty());
    CHECK(failed.cure == cure_of(fault.code, inspect(path)));
  }
}

TEST_CASE("doctor: what lies in the place of a file, its past or its neighbours is found too",
          "[core][registry][doctor][hostile]") {
  const DoctorCase user;
  const std::string path = user.plugins.add("acme_lower.so", sound());
  CHECK(user.failure(path).code == "G112");
  CHECK(user.failure(path).cure == "graft plugin trust " + path);
  user.add(sound());

  ::chmod(path.c_str(), 0666);
  CHECK(user.failure(path).code == "G104");
  ::chmod(path.c_str(), 0644);

  Quarantine::of_user().add({sha256_of_file(path), "acme-lower 0.1.0", path, "acme/lower", "forward", "SIGSEGV", 1});
  CHECK(user.failure(path).code == "G105");
  CHECK(user.failure(path).cure == "graft plugin unquarantine " + path);
  Quarantine::of_user().remove(sha256_of_file(path));

  const std::string twin = user.add(renamed("\"acme-lower\"", "\"acme-lowes\""), "twin.so");
  CHECK(user.failure(path).code == "G130");
  CHECK(user.failure(path).text == "acme/lower is also provided by acme-lowes 0.1.0, " + twin);
  user.add(changed(renamed("\"acme-lower\"", "\"acme-lowes\""), "acme/lower", "acme/lowes"), "twin.so");
  CHECK(user.failure(path).code == "G131");
  CHECK(user.failure(path).text == "torch namespace acme is also used by acme-lowes 0.1.0, " + twin);
}

TEST_CASE("doctor: a static initialiser that throws is G142", "[core][registry][doctor][hostile]") {
  const DoctorCase user;
  const Variable dies("GRAFT_CRASH", "static throw");
  const std::string path = user.add(read_file(GRAFT_HOSTILE_DIR "/crash.so"), "acme_crash.so");
  const DiagnosisStep failed = user.failure(path);
  CHECK(failed.code == "G142");
  CHECK(failed.text.starts_with("a static initialiser threw std::runtime_error: the cat sat on the keyboard\n"));
}

TEST_CASE("G141: a file that is swapped while the gate is asked is not opened", "[core][registry][hostile]") {
  const Folder folder;
  const std::string path = folder.add("acme_lower.so", sound());
  SearchPath search;
  search.has_environment = false;
  search.files = {path};
  search.gate = [&](const PluginFile&, const std::string&) { folder.add("acme_lower.so", sound() + "one byte more"); };
  const PluginCatalog catalog(search);
  Loader loader(catalog);
  CHECK(message_of([&] { loader.create<Extractor>("acme/lower", parameters()); }) ==
        "graft: cannot load plugin acme-lower 0.1.0\n  " + path +
            "\n  G141 the file was changed after it was checked: run graft again");
}
