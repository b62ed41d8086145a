// A sound model that takes its process down where and how the variable GRAFT_CRASH says, as "call.100 segv". Places: static,
// registration, constructor, call.<n>, backward, destructor, thread. It adds a line to the file that GRAFT_CRASH_LOADED names
// each time it is mapped.
#include <signal.h>
#include <torch/csrc/autograd/custom_function.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>
#include <thread>

#include "graft/model.hpp"
#include "graft/plugin.hpp"

namespace {

int overflow(volatile int depth) { return overflow(depth + 1) + depth; }

void die(const std::string& how) {
  volatile int zero = 0, hundred = 100;
  if (how == "segv") *reinterpret_cast<volatile int*>(8) = 1;
  if (how == "fpe") zero = hundred / zero;
  if (how == "ill") __builtin_trap();
  if (how == "bus") ::raise(SIGBUS);
  if (how == "abort") std::abort();
  if (how == "throw") throw std::runtime_error("the cat sat on the keyboard");
  if (how == "exit") ::_exit(0);
  if (how == "overflow") overflow(1);
  for (;;) ::pause();
}

bool is_asked(const std::string& place, std::string& how) {
  const char* asked = std::getenv("GRAFT_CRASH");
  if (!asked || !std::string(asked).starts_with(place + " ")) return false;
  how = std::string(asked).substr(place.size() + 1);
  return true;
}

void reach(const std::string& place) {
  if (std::string how; is_asked(place, how)) die(how);
}

[[maybe_unused]] const bool is_loaded = [] {
  if (const char* path = std::getenv("GRAFT_CRASH_LOADED")) std::ofstream(path, std::ios::app) << "mapped\n";
  reach("static");
  return true;
}();

struct Same final : torch::autograd::Function<Same> {
  static graft::Tensor forward(torch::autograd::AutogradContext*, const graft::Tensor& x) { return x.clone(); }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext*, torch::autograd::variable_list gradients) {
    reach("backward");
    return gradients;
  }
};

class Crash final : public graft::Model {
 public:
  explicit Crash(const graft::Config& config) : input_(config.columns("input").front()) { reach("constructor"); }
  ~Crash() override { reach("destructor"); }

  graft::Schema build(const graft::Schema& inputs, graft::Rng) override {
    const graft::Field& field = graft::require(inputs, input_, "acme/crash");
    factors_ = register_parameter("factors", torch::ones(field.shape));
    return {graft::Field{"features", graft::FieldKind::kVector, field.shape, {}}};
  }

  graft::Batch forward(const graft::Batch& batch, const graft::Call&) override {
    reach("call." + std::to_string(++calls_));
    if (std::string how; is_asked("thread", how)) std::thread([how] { die(how); }).join();
    graft::Batch features({batch.row_ids().begin(), batch.row_ids().end()});
    features.set("features", spoilt(Same::apply(batch.tensor(input_).to(at::kFloat) * factors_)));
    return features;
  }

 private:
  // What `train --check` finds: features that break the schema of build().
  static graft::Tensor spoilt(const graft::Tensor& features) {
    std::string how;
    if (!is_asked("features", how)) return features;
    if (how == "nan") return features / 0;
    if (how == "dtype") return features.to(at::kLong);
    return features.narrow(1, 0, 1);
  }

  std::string input_;
  graft::Tensor factors_;
  int calls_ = 0;
};

}  // namespace

GRAFT_PLUGIN(registrar) {
  reach("registration");
  registrar.add<Crash>("acme/crash");
}
