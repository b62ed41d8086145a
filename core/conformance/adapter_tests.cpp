// What holds of an adapter, on a small graft/bert: what it changes, what trains afterwards, and that its state is the model's.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <filesystem>

#include "core/conformance/compare.hpp"
#include "core/conformance/host_parts.hpp"
#include "core/conformance/modules.hpp"
#include "core/conformance/test.hpp"

namespace graft::core::conformance {
namespace {

constexpr double kClose = 1e-5;

// A base model, and what an adapter made of it.
struct Adapted {
  Subject& subject;
  std::shared_ptr<Model> model;
  std::shared_ptr<Adapter> adapter;

  Adapted(Subject& subject, const Value& parameters, std::uint64_t seed, std::int64_t width = 8)
      : subject(subject),
        model(small_model(subject, subject.seed, width)),
        adapter(std::static_pointer_cast<Adapter>(subject.make(subject.config(parameters)))) {
    subject.call("attach", [&] { adapter->attach(*model, Rng(seed).fork("attach")); });
  }
  explicit Adapted(Subject& subject, std::uint64_t seed = 0) : Adapted(subject, subject.parameters(), seed) {}

  Batch evaluated() const { return evaluated(*model, subject); }
  static Batch evaluated(Model& model, Subject& subject) {
    const at::NoGradGuard no_grad;
    model.eval();
    return subject.call("forward", [&] { return model.forward(subject.table.rows, Call()); });
  }
  std::vector<std::string> trainable() const {
    std::vector<std::string> names;
    for (const auto& item : model->named_parameters())
      if (item.value().requires_grad()) names.push_back(item.key());
    return names;
  }
  void backward() const {
    model->train();
    Call::Options options;
    options.training = true, options.key = 1;
    const Batch out = subject.call("forward", [&] { return model->forward(subject.table.rows, Call(options)); });
    const Tensor sum = scalar_of(out);
    expect(sum.defined() && sum.requires_grad(), "what the adapted model gives to depend on what trains", "no gradient");
    subject.call("backward", [&] { sum.backward(); });
  }
};

void start_equals_base(Subject& subject) {
  const auto base = small_model(subject, subject.seed);
  const std::string what = difference(Adapted::evaluated(*base, subject), Adapted(subject).evaluated(), kClose);
  expect(what.empty(), "the base model's output before any training", what);
}

void frozen_set(Subject& subject) {
  const Adapted adapted(subject), again(subject, 1);
  const std::vector<std::string> names = adapted.trainable();
  expect(!names.empty(), "some parameter to train", "all are frozen");
  expect(names == again.trainable(), "the same parameters to train whatever was drawn", text_of(again.trainable()));
  const NamedTensors before = kept(*adapted.model);
  adapted.backward();
  for (const auto& item : adapted.model->named_parameters()) {
    const bool trains = std::find(names.begin(), names.end(), item.key()) != names.end();
    expect(trains == item.value().requires_grad() && (trains || !item.value().grad().defined()),
           item.key() + (trains ? " to train" : " to stay frozen, without a gradient") + " after a pass", "not so");
  }
  const std::string what = difference(before, kept(*adapted.model));
  expect(what.empty(), "tensors that a pass leaves as they are", what);
}

void grad_flows(Subject& subject) {
  const Adapted adapted(subject);
  adapted.backward();
  const std::vector<std::string> missing = without_gradient(*adapted.model);
  expect(missing.empty(), "a finite gradient for every parameter that trains", text_of(missing));
}

std::vector<std::string> names_of(const NamedTensors& tensors) {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors) names.push_back(name);
  return names;
}

void merged_equals_unmerged(Subject& subject) {
  const Adapted adapted(subject);
  if (!subject.call("can_merge", [&] { return adapted.adapter->can_merge(); })) skip("it cannot be merged");
  disturb(*adapted.model, subject.seed);
  const Batch before = copy_of(adapted.evaluated());
  subject.call("merge", [&] { adapted.adapter->merge(*adapted.model); });
  const std::string what = difference(before, adapted.evaluated(), 10 * kClose);
  expect(what.empty(), "the same output after merge() of a trained adapter", what);
  const std::vector<std::string> base = names_of(kept(*small_model(subject, subject.seed)));
  const std::vector<std::string> left = names_of(kept(*adapted.model));
  expect(base == left, "the base model's tensors and no others after merge()", text_of(left));
}

bool has_from(const Subject& subject) {
  const Value* properties = subject.schema().find("properties");
  const Value* from = properties ? properties->find("from") : nullptr;
  const Value* format = from ? from->find("format") : nullptr;
  return format && format->text() == "path";
}

// Where the trained adapter wrote itself; empty: it writes nothing.
std::string saved(const Adapted& adapted) {
  const std::string folder = adapted.subject.scratch() + "/adapter";
  const NamedTensors before = kept(*adapted.model);
  adapted.subject.call("save", [&] { adapted.adapter->save(*adapted.model, folder); });
  const std::string what = difference(before, kept(*adapted.model));
  expect(what.empty(), "save() to leave the model as it is", what);
  return std::filesystem::exists(folder) ? folder : "";
}

Value started_from(Subject& subject, const std::string& folder) {
  Value parameters = subject.parameters();
  parameters.set("from", folder);
  return parameters;
}

void save_load(Subject& subject) {
  const Adapted adapted(subject), other(subject, 1);
  disturb(*adapted.model, subject.seed);
  const Batch out = adapted.evaluated();
  copy_through_file(*adapted.model, *other.model, subject.scratch() + "/adapted.safetensors");
  const std::string what = difference(out, other.evaluated());
  expect(what.empty(), "the same bits from an adapted model that takes over all registered tensors", what);
  const std::string folder = saved(adapted);
  if (folder.empty()) return;
  expect(!std::filesystem::is_empty(folder), "files in the folder that save() makes", "none");
  if (!has_from(subject)) return;
  const Adapted third(subject, started_from(subject, folder), 2);
  const std::string started = difference(out, third.evaluated(), kClose);
  expect(started.empty(), "the same output from the base model and `from` what save() wrote", started);
}

// A model without any layer that could be patched.
struct Bare final : Model {
  Bare() { own = register_parameter("own", at::ones({3})); }
  Schema build(const Schema&, Rng) override { return {}; }
  Batch forward(const Batch& batch, const Call&) override { return batch; }
  Tensor own;
};

template <class F>
void expect_refused(const std::string& what, F&& attach) {
  const std::string expected = "a graft::Error from attach() to " + what;
  try {
    attach();
  } catch (const PluginError& error) {
    return expect(error.cxx_type == "graft::Error", expected, error.cxx_type + ": " + error.message);
  }
  fail(expected, "it attaches");
}

void state_foreign(Subject& subject) {
  expect_refused("a model without layers", [&] {
    Bare bare;
    const auto adapter = subject.make<Adapter>();
    subject.call("attach", [&] { adapter->attach(bare, Rng(0)); });
  });
  if (!has_from(subject)) return;
  const std::string folder = saved(Adapted(subject));
  if (!folder.empty())
    expect_refused("a model of another width than the adapter in `from`",
                   [&] { const Adapted wider(subject, started_from(subject, folder), 0, /*width=*/12); });
}

}  // namespace

const std::vector<Test>& adapter_tests() {
  static const std::vector<Test> tests = {{"start-equals-base", "", start_equals_base},
                                          {"merged-equals-unmerged", "", merged_equals_unmerged},
                                          {"frozen-set", "", frozen_set},
                                          {"grad-flows", "frozen-set", grad_flows},
                                          {"save-load-roundtrip", "", save_load},
                                          {"state-foreign-rejected", "", state_foreign}};
  return tests;
}

}  // namespace graft::core::conformance
