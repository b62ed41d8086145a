#include "conduct.hpp"

#include <ATen/Functions.h>
#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/GradMode.h>
#include <unistd.h>

#include <cfenv>
#include <clocale>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "graft/plugin.hpp"
#include "lengths.hpp"

namespace {

using namespace graft;
using namespace std::chrono_literals;

// Extractors that leave something behind, one way each.
template <void (*leave)()>
struct Leaves final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    leave();
    Lengths::transform(batch);
  }
};

void grad_mode() { c10::GradMode::set_enabled(false); }
void thread_number() { at::set_num_threads(2); }
void dtype() { c10::set_default_dtype(caffe2::TypeMeta::Make<double>()); }
void generator() { at::rand({1}); }
void locale() { std::setlocale(LC_ALL, "C.UTF-8"); }
void rounding() { std::fesetround(FE_UPWARD); }
void folder() { static_cast<void>(::chdir("/") == 0); }
void output() { std::puts("transforming"); }
void thread() {
  std::thread([] { std::this_thread::sleep_for(1h); }).detach();
}

float shared_scale = 1;
thread_local float scale_of_thread = 0;

// Learns something that belongs to all objects of the class.
struct SharesStatic final : Lengths {
  using Lengths::Lengths;
  void fit(const Source& training) override {
    const Batch rows = training.rows(std::vector<std::int64_t>{0});
    shared_scale = lengths(rows)[0][0].item<float>() + rows.tensor("number")[0].item<float>();
  }
  void transform(Batch& batch) const override { batch.set(to, lengths(batch).mul(shared_scale)); }
};

// The first object's learning serves all.
struct KeepsFirst final : Lengths {
  using Lengths::Lengths;
  void fit(const Source& training) override {
    static const float first = training.rows(std::vector<std::int64_t>{0}).tensor("number")[0].item<float>();
    scale = first;
  }
  void transform(Batch& batch) const override { batch.set(to, lengths(batch).mul(scale)); }
  State state() const override { return {{{"scale", at::full({1}, scale)}}, {}}; }
  void restore(const State& state) override { scale = state.tensors.at("scale").item<float>(); }
  float scale = 0;
};

struct ThrowsForeign final : Lengths {
  using Lengths::Lengths;
  void transform(Batch& batch) const override {
    if (!batch.has(from)) throw std::out_of_range("map::at");
    Lengths::transform(batch);
  }
};

struct ThreadBound final : Lengths {
  explicit ThreadBound(const Config& config) : Lengths(config) { scale_of_thread = 2; }
  void transform(Batch& batch) const override { batch.set(to, lengths(batch).mul(scale_of_thread)); }
};

}  // namespace

void add_conduct(Registrar& registrar) {
  registrar.add<Lengths>("acme/sound");
  registrar.add<Leaves<grad_mode>>("acme/changes-grad-mode");
  registrar.add<Leaves<thread_number>>("acme/changes-thread-number");
  registrar.add<Leaves<dtype>>("acme/changes-default-dtype");
  registrar.add<Leaves<generator>>("acme/draws-from-torch");
  registrar.add<Leaves<locale>>("acme/changes-locale");
  registrar.add<Leaves<rounding>>("acme/changes-rounding");
  registrar.add<Leaves<folder>>("acme/changes-folder");
  registrar.add<Leaves<output>>("acme/prints");
  registrar.add<Leaves<thread>>("acme/leaks-thread");
  registrar.add<SharesStatic>("acme/shares-static");
  registrar.add<KeepsFirst>("acme/keeps-first");
  registrar.add<ThrowsForeign>("acme/throws-foreign");
  registrar.add<ThreadBound>("acme/thread-bound");
}

GRAFT_PLUGIN(registrar) {
  for (const auto add : {add_making, add_conduct, add_extractors, add_sources, add_augmenters}) add(registrar);
}
