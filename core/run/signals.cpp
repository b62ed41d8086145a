#include "core/run/signals.hpp"

#include <csignal>
#include <unistd.h>

namespace graft::core {
namespace {

volatile std::sig_atomic_t caught_signal = 0;

extern "C" void on_signal(int signal) {
  if (caught_signal) ::_exit(128 + signal);
  caught_signal = signal;
}

}  // namespace

StopSignal::StopSignal() {
  caught_signal = 0;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

StopSignal::~StopSignal() {
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

int StopSignal::caught() { return caught_signal; }

}  // namespace graft::core
