#include "core/registry/diagnosis.hpp"

#include <algorithm>
#include <array>

#include "core/registry/probe.hpp"
#include "graft/files.hpp"

namespace graft::core {
namespace {

using Verdict = DiagnosisStep::Verdict;

struct Rule {
  const char *code, *what, *cure;  // <file> in a cure stands for the path
};

// In the host's order.
constexpr std::array kRules = {
    Rule{"G101", "a sound ELF64 shared object", "build it, or copy it, again: it is cut short, or no shared object"},
    Rule{"G102", "a graft plugin", "build it by graft_add_plugin(), with GRAFT_PLUGIN in one of its sources"},
    Rule{"G103", "a manifest that keeps its rules", "correct plugin.json and build again"},
    Rule{"G104", "written by you or root alone", "chmod o-w, or copy it to a folder of your own"},
    Rule{"G120", "this graft's binary interface", "build it again against this SDK"},
    Rule{"G121", "no newer system libraries than these", "build it on a system no newer than this one"},
    Rule{"G122", "the host's libtorch and libgraft", "link graft::sdk and no libtorch beside it"},
    Rule{"G105", "not in quarantine", "graft plugin unquarantine <file>"},
    Rule{"G112", "trusted", "graft plugin trust <file>"},
    Rule{"G130", "components of its own", "pin one in the config, as \"use\": \"name@plugin-id\""},
    Rule{"G131", "torch namespaces of its own", "use one of the two in a run, or rename the namespace in TORCH_LIBRARY"},
    Rule{"G140", "mapped, with all its symbols", "link the library that defines the symbol; -Wl,-z,defs names it when building"},
    Rule{"G141", "the file that was checked", "run graft again; if this stays, somebody swaps the file"},
    Rule{"G142", "quiet static initialisers", "move the work into GRAFT_PLUGIN or a constructor, where it may throw"},
    Rule{"G150", "a registration that ends", "see what it threw; GRAFT_PLUGIN should only register"},
    Rule{"G151", "registered as declared", "name the same components in plugin.json and in GRAFT_PLUGIN"},
};

class Diagnosis {
 public:
  Diagnosis(const PluginFile& file, const PluginCatalog& all, const std::string& program)
      : file_(file), all_(all), program_(program) {
    for (const Rule& rule : kRules) steps.push_back({rule.code, rule.what, Verdict::kNotReached, "", ""});
  }

  void run() {
    if (file_.refused) return fail(file_.refused->code(), file_.refused->text());
    pass_to("G105");
    sha256_ = sha256_of_file(file_.path);
    if (!file_.is_own && !gate_lets_through()) return;
    pass_to("G130");
    if (!meets_others()) return;
    pass_to("G140");
    probe();
  }

  std::vector<DiagnosisStep> steps;

 private:
  void pass_to(const std::string& code) {
    for (DiagnosisStep& step : steps) {
      if (step.code == code) return;
      step.verdict = Verdict::kFine;
    }
  }

  void fail(const std::string& code, const std::string& text) {
    pass_to(code);
    for (DiagnosisStep& step : steps)
      if (step.code == code) step.verdict = Verdict::kFailed, step.text = text, step.cure = cure_of(code, file_);
  }

  bool gate_lets_through() {
    try {
      Quarantine::of_user().require_free(file_, sha256_);
      if (!policy_of_user().is_open && !file_.is_named) TrustStore::of_user().require(file_, sha256_);
      return true;
    } catch (const PluginRefused& refused) {
      fail(refused.code(), refused.text().substr(0, refused.text().find("\n  ")));
      return false;
    }
  }

  bool meets_others() {
    for (const PluginFile* other : all_.files()) {
      if (other->id == file_.id) continue;
      for (const Component& component : file_.components)
        for (const Component& theirs : other->components)
          if (component.kind == theirs.kind && component.name == theirs.name)
            return fail("G130", component.name + " is also provided by " + other->label() + ", " + other->path), false;
      for (const std::string& name : file_.namespaces)
        if (std::find(other->namespaces.begin(), other->namespaces.end(), name) != other->namespaces.end())
          return fail("G131", "torch namespace " + name + " is also used by " + other->label() + ", " + other->path), false;
    }
    return true;
  }

  void probe() {
    const ProbeOutcome outcome = run_probe(program_, file_.path, policy_of_user().probe_seconds);
    const std::string code = code_in(outcome.output);
    if (outcome.exit == 0 && outcome.is_fine) {
      pass_to("");
      steps.back().text = outcome.output.substr(0, outcome.output.find(kProbeEnd));
    } else if (!code.empty()) {
      fail(code, outcome.output.substr(outcome.output.find(code) + code.size() + 1));
    } else {
      pass_to("G105");
      for (DiagnosisStep& step : steps) step.verdict = step.code < "G140" ? Verdict::kFine : Verdict::kNotReached;
      fail("G105", outcome.is_late ? "it gave no answer in time\n" + outcome.output : outcome.output);
    }
  }

  // "\n  G140 ..." as a refusal, or the crash handler, prints it.
  static std::string code_in(const std::string& output) {
    const std::size_t at = output.find("\n  G1");
    return at == std::string::npos ? "" : output.substr(at + 3, 4);
  }

  const PluginFile& file_;
  const PluginCatalog& all_;
  const std::string& program_;
  std::string sha256_;
};

}  // namespace

std::string cure_of(const std::string& code, const PluginFile& file) {
  for (const Rule& rule : kRules) {
    if (rule.code != code) continue;
    std::string cure = rule.cure;
    if (const std::size_t at = cure.find("<file>"); at != std::string::npos) cure.replace(at, 6, file.path);
    return cure;
  }
  return "";
}

std::vector<DiagnosisStep> diagnose(const PluginFile& file, const PluginCatalog& all, const std::string& program) {
  Diagnosis diagnosis(file, all, program);
  diagnosis.run();
  return std::move(diagnosis.steps);
}

}  // namespace graft::core
