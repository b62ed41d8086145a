// What holds of a component of every kind: how it is made from parameters, and how it lives beside others.
#include <algorithm>

#include "core/conformance/child.hpp"
#include "core/conformance/compare.hpp"
#include "core/conformance/draw.hpp"
#include "core/conformance/process.hpp"
#include "core/conformance/test.hpp"
#include "core/conformance/threads.hpp"

namespace graft::core::conformance {
namespace {

constexpr int kDraws = 8;

const Value::Object& properties_of(Subject& subject) {
  static const Value::Object none;
  const Value* properties = subject.schema().find("properties");
  return properties ? properties->object() : none;
}

// Its destructor has a test of its own.
void construct_defaults(Subject& subject) { new std::shared_ptr<void>(subject.make()); }

void construct_each_preset(Subject& subject) {
  const Value* presets = subject.component.entry.find("presets");
  if (!presets || presets->object().empty()) skip("it has no presets");
  for (const Value::Member& preset : presets->object()) {
    Value parameters = subject.parameters();
    for (const Value::Member& one : preset.value.object()) parameters.set(one.key, one.value);
    doing("preset " + preset.key);
    subject.make(subject.config(subject.completed(parameters)));
  }
}

void out_of_range_rejected(Subject& subject) {
  int tried = 0;
  for (const Value::Member& property : properties_of(subject))
    for (const auto& [value, rule] : forbidden(property.value)) {
      Value parameters = subject.parameters();
      parameters.set(property.key, value);
      expect(!subject.problems(parameters).empty(),
             property.key + " " + to_json(value) + " to be refused before any plugin code runs",
             std::string("the schema's ") + rule + " lets it pass");
      ++tried;
    }
  if (tried == 0) skip("it has no parameters with a type or bounds");
}

// The component's answer to drawn parameters: an object, or an Error.
Value with_draws(Subject& subject, Rng rng) {
  Value parameters = subject.parameters();
  for (const Value::Member& property : properties_of(subject))
    if (!subject.settings.params.find(property.key) && rng.uniform() < 0.7)
      if (const auto value = drawn(property.value, rng)) parameters.set(property.key, *value);
  return parameters;
}

// Keys that a constructor reads with these parameters. A refusal reads some of them.
std::vector<std::string> reads_with(Subject& subject, const Value& parameters, bool use) {
  const Config config = subject.config(parameters);
  try {
    const std::shared_ptr<void> object = subject.make(config);
    if (use) used(subject, object, subject.seed);
  } catch (const PluginError&) {
  }
  return config.reads();
}

void param_unused(Subject& subject) {
  std::vector<std::string> unread = subject.config(subject.parameters()).keys();
  const auto strike = [&](const std::vector<std::string>& reads) {
    std::erase_if(unread, [&](const std::string& key) { return std::binary_search(reads.begin(), reads.end(), key); });
  };
  if (subject.is(Kind::kModel)) strike({"weights"});  // the host's, for load_weights()
  strike(reads_with(subject, subject.parameters(), false));
  for (int i = 0; i < kDraws && !unread.empty(); ++i)
    strike(reads_with(subject, with_draws(subject, Rng(subject.seed).fork("unused").fork(static_cast<std::uint64_t>(i))), false));
  if (!unread.empty()) strike(reads_with(subject, subject.parameters(), true));
  expect(unread.empty(), "every parameter of the manifest to be read", "never read: " + text_of(unread));
}

void param_fuzz(Subject& subject) {
  for (int i = 0; i < kDraws; ++i) {
    const Value parameters = with_draws(subject, Rng(subject.seed).fork("fuzz").fork(static_cast<std::uint64_t>(i)));
    expect(subject.problems(parameters).empty(), "drawn parameters that the schema accepts", to_json(parameters));
    doing("constructor with " + to_json(parameters));
    try {
      subject.make(subject.config(parameters));
    } catch (const PluginError& error) {
      expect(error.cxx_type == "graft::Error", "an object or a graft::Error from " + to_json(parameters),
             error.cxx_type + ": " + error.message);
      const bool is_misread = std::string(error.what()).starts_with("[" + subject.name() + "] [json] ");
      expect(!is_misread, "each parameter read by a type that the schema allows, of " + to_json(parameters), error.message);
    }
  }
}

void missing_required(Subject& subject) {
  const Value* required = subject.schema().find("required");
  if (!required || required->list().empty()) skip("it requires no parameter");
  for (const Value& key : required->list()) {
    Value parameters = subject.parameters();
    parameters.erase(key.text());
    expect(!subject.problems(parameters).empty(), "a refusal without " + key.text(), "the schema has a default for it");
  }
}

void destroy_without_use(Subject& subject) {
  std::shared_ptr<void> object = subject.make();
  doing("destructor");
  object.reset();
}

void global_state_unchanged(Subject& subject) {
  set_up_torch();
  const GlobalState state;
  used(subject, subject.make(), subject.seed);
  expect(state.changes().empty(), "torch's and the process's settings as before its use", text_of(state.changes(), "; "));
}

// What the first one makes in a process of its own, and between two others of other rows: one before it and one after it.
void two_instances_independent(Subject& subject) {
  const std::uint64_t own = subject.seed, others = subject.seed + 1;
  const ChildOptions child{.in_process = thread_count() != 1};
  const Outcome alone = run_test([&] { return digest(used(subject, subject.make(), own)); }, child);
  if (alone.verdict != Verdict::kPass) throw Stopped{alone};
  const std::shared_ptr<void> first = subject.make(), before = subject.make(), after = subject.make();
  prepared(subject, before, others);
  prepared(subject, first, own);
  prepared(subject, after, others);
  asked(subject, after, others);
  expect(digest(asked(subject, first, own)) == alone.found,
         "the same results beside two others, fitted to other rows, as in a process of its own", "other results");
}

// Given rows without a single column, it may do nothing, or say so by an exception that tells what is wrong.
void throw_is_attributed(Subject& subject) {
  const Kind kind = subject.component.kind;
  if (kind != Kind::kExtractor && kind != Kind::kAugmenter && kind != Kind::kModel && kind != Kind::kHead)
    skip("nothing in its interface must refuse what it is given");
  try {
    shown_no_columns(subject, subject.make());
  } catch (const PluginError& error) {
    expect(error.component == subject.name() && std::string(error.what()).find(subject.name()) != std::string::npos,
           "a message that names " + subject.name(), error.what());
    expect(error.cxx_type == "graft::Error", "a graft::Error that says what is missing, when a batch has no columns",
           error.cxx_type + ": " + error.message);
    return;
  }
  note("a batch without columns is taken without an error");
}

void thread_affinity(Subject& subject) {
  const Batch here = used(subject, subject.make(), subject.seed);
  const std::shared_ptr<void> object = subject.make();
  Batch there;
  on_threads(1, [&](int) { there = used(subject, object, subject.seed); });
  const std::string what = difference(here, there);
  expect(what.empty(), "the same results on another thread than the one that made it", what);
}

std::vector<Test> kind_tests(Kind kind) {
  switch (kind) {
    case Kind::kSource: return source_tests();
    case Kind::kExtractor: return extractor_tests();
    case Kind::kAugmenter: return augmenter_tests();
    case Kind::kModel: return model_tests();
    case Kind::kAdapter: return adapter_tests();
    case Kind::kHead: return head_tests();
    case Kind::kMetric: return metric_tests();
    case Kind::kBalancer: return balancer_tests();
    case Kind::kTask: return task_tests();
    default: return {};
  }
}

}  // namespace

const std::vector<Test>& construction_tests() {
  static const std::vector<Test> tests = {{"construct-defaults", "", construct_defaults},
                                          {"destroy-without-use", "construct-defaults", destroy_without_use},
                                          {"construct-each-preset", "destroy-without-use", construct_each_preset},
                                          {"param-out-of-range-rejected-by-host", "construct-defaults", out_of_range_rejected},
                                          {"missing-required", "construct-defaults", missing_required},
                                          {"param-unused", "destroy-without-use", param_unused},
                                          {"param-fuzz", "destroy-without-use", param_fuzz}};
  return tests;
}

const std::vector<Test>& conduct_tests() {
  static const std::vector<Test> tests = {{"two-instances-independent", "global-state-unchanged", two_instances_independent},
                                          {"throw-is-attributed", "global-state-unchanged", throw_is_attributed}};
  return tests;
}

// The first test of the kind is what all others stand on. What a component leaves behind would spoil them, so it is looked for next.
std::vector<Test> tests_of(Kind kind) {
  std::vector<Test> tests = construction_tests();
  const char* base = "destroy-without-use";
  const char* first = nullptr;
  const Test affinity = {"thread-affinity", "global-state-unchanged", thread_affinity};
  bool has_affinity = false;
  for (Test test : kind_tests(kind)) {
    if (test.needs.empty()) test.needs = first ? "global-state-unchanged" : base;
    if (std::string(test.name) == "worker-thread-safe") {  // several threads at once stand on another one
      test.needs += std::string(" ") + affinity.name;
      tests.push_back(affinity);
      has_affinity = true;
    }
    tests.push_back(test);
    if (first) continue;
    first = test.name;
    tests.push_back({"global-state-unchanged", first, global_state_unchanged});
  }
  if (!first) tests.push_back({"global-state-unchanged", base, global_state_unchanged});
  tests.insert(tests.end(), conduct_tests().begin(), conduct_tests().end());
  if (!has_affinity) tests.push_back(affinity);
  return tests;
}

}  // namespace graft::core::conformance
