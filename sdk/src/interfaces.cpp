// Key functions and defaults of the interfaces: one type identity for the host and all plugins.
#include "graft/adapter.hpp"
#include "graft/augmenter.hpp"
#include "graft/balancer.hpp"
#include "graft/draft/searcher.hpp"
#include "graft/error.hpp"
#include "graft/extractor.hpp"
#include "graft/metric.hpp"
#include "graft/registrar.hpp"
#include "graft/task.hpp"

namespace graft {
namespace {

void refuse_state(const char* kind, const State& state) {
  if (!state.empty()) throw Error(kind, "was given a state to restore, but keeps none");
}

}  // namespace

Source::~Source() = default;

Extractor::~Extractor() = default;
void Extractor::fit(const Source&) {}
State Extractor::state() const { return {}; }
void Extractor::restore(const State& state) { refuse_state("extractor", state); }

Augmenter::~Augmenter() = default;
Schema Augmenter::outputs(const Schema& inputs) const { return inputs; }
void Augmenter::fit(const Source&) {}
State Augmenter::state() const { return {}; }
void Augmenter::restore(const State& state) { refuse_state("augmenter", state); }

Metric::~Metric() = default;
bool Metric::higher_is_better() const { return true; }

Step::~Step() = default;
Session::~Session() = default;

Task::~Task() = default;
std::vector<std::string> Task::streams() const { return {"main"}; }
Turns Task::turns(std::string_view) const { return Turns::kOne; }
bool Task::splittable() const { return true; }
void Task::setup(Session&) {}
void Task::step(Step& step) {
  Batch batch = step.next("main");
  step.minimise([&] { return step.terms(step.forward(batch), batch); });
}
void Task::epoch_end(Session&) {}
State Task::state() const { return {}; }
void Task::restore(const State& state) { refuse_state("task", state); }

Adapter::~Adapter() = default;
void Adapter::save(const Model&, const std::string&) const {}
bool Adapter::can_merge() const { return false; }
void Adapter::merge(Model&) { throw Error("adapter", "cannot be merged into the base weights"); }

Losses::~Losses() = default;
Balancer::~Balancer() = default;
void Balancer::build(std::int64_t) {}
bool Balancer::scales_heads() const { return false; }
bool Balancer::reevaluates() const { return false; }
void Balancer::after_step(const Losses&) {}
State Balancer::state() const { return {}; }
void Balancer::restore(const State& state) { refuse_state("balancer", state); }

Searcher::~Searcher() = default;
Registrar::~Registrar() = default;

}  // namespace graft
