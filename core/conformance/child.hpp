// Child: runs one test in a process of its own, by fork.
//
//   sound    LibTorch starts its threads when they are first used, and the parent runs no tensor code: it has one thread when it
//            forks, and a child starts as a process does that has just loaded LibTorch. A parent with more threads is refused
//   bounds   8 GiB more memory and one torch thread: the same on every machine, and each further thread is the plugin's
//   output   what the child prints is kept, and the last lines of its standard error are told with a CRASH
//   ends     the child leaves by _exit, or by exit where the test is about leaving; its process group is killed at the limit
#pragma once

#include <functional>

#include "core/conformance/outcome.hpp"

namespace graft::core::conformance {

struct ChildOptions {
  double limit_seconds = 20;
  bool by_exit = false;     // static destructors run, and the exit status counts
  bool in_process = false;  // no child: for debuggers
};

// What `test` throws becomes its outcome. throws Error("check") when this process has more than one thread.
Outcome run_test(const std::function<std::string()>& test, const ChildOptions& options);

}  // namespace graft::core::conformance
