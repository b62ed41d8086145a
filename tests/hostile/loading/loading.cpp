// Misbehaves while it is loaded, as the variable GRAFT_HOSTILE says: in a static initialiser, in registration or at exit.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <torch/library.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "graft/extractor.hpp"
#include "graft/plugin.hpp"

namespace {

using namespace std::chrono_literals;

bool asked_for(const char* fault) {
  const char* mode = std::getenv("GRAFT_HOSTILE");
  return mode && std::string(mode) == fault;
}

void open_namespace() {
  static torch::Library library(torch::Library::DEF, "acme_undeclared", std::nullopt, __FILE__, __LINE__);
  library.def("nothing() -> int");
}

const std::map<std::string, std::function<void()>>& initialisers() {
  static const std::map<std::string, std::function<void()>> faults = {
      {"init-throws", [] { throw std::runtime_error("the cat sat on the keyboard"); }},
      {"init-segfaults", [] { std::raise(SIGSEGV); }},
      {"init-exits", [] { std::_Exit(0); }},
      {"init-hangs", [] { std::this_thread::sleep_for(1h); }},
      {"init-slow", [] { std::this_thread::sleep_for(400ms); }},
      {"init-prints", [] { std::puts("acme loading, welcome"); }},
      {"init-thread", [] { std::thread([] { std::this_thread::sleep_for(1h); }).detach(); }},
      {"init-namespace", open_namespace},
      {"init-grad-mode", [] { c10::GradMode::set_enabled(false); }},
      {"init-threads", [] { at::set_num_threads(3); }},
      {"init-dtype", [] { c10::set_default_dtype(caffe2::TypeMeta::Make<double>()); }},
      {"init-deterministic", [] { at::globalContext().setDeterministicAlgorithms(true, false); }},
      {"init-seed", [] { at::manual_seed(7); }},
      {"init-locale", [] { std::setlocale(LC_ALL, "C.UTF-8"); }},
      {"init-rounding", [] { std::fesetround(FE_UPWARD); }},
      {"init-folder", [] { static_cast<void>(::chdir("/") == 0); }},
  };
  return faults;
}

struct Loaded {
  Loaded() {
    for (const auto& [fault, run] : initialisers())
      if (asked_for(fault.c_str())) run();
  }
  ~Loaded() {
    if (asked_for("exit-aborts")) std::abort();
    if (asked_for("exit-status")) std::_Exit(3);
  }
};
const Loaded loaded;

struct Nothing final : graft::Extractor {
  explicit Nothing(const graft::Config&) {}
  graft::Schema outputs(const graft::Schema& inputs) const override { return inputs; }
  void transform(graft::Batch&) const override {}
};

}  // namespace

GRAFT_PLUGIN(registrar) {
  static int calls = 0;
  if (asked_for("register-throws")) throw std::runtime_error("no licence server");
  if (asked_for("register-int")) throw 42;
  if (asked_for("register-segfaults")) std::raise(SIGSEGV);
  if (asked_for("register-once") && ++calls > 1) return;
  if (asked_for("register-less")) return;
  registrar.add<Nothing>("acme/nothing");
  if (asked_for("register-more")) registrar.add<Nothing>("acme/more");
  if (asked_for("register-twice")) registrar.add<Nothing>("acme/nothing");
}
