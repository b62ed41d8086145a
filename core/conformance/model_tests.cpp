// What holds of a model's passes: what it gives, and that nothing but its parameters, its rows and the call decides it.
#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/conformance/built_model.hpp"
#include "core/conformance/compare.hpp"
#include "core/conformance/modules.hpp"
#include "core/conformance/test.hpp"
#include "core/train/adamw.hpp"
#include "core/train/phases.hpp"
#include "graft/cuda.hpp"
#include "graft/nn/linear.hpp"
#include "graft/weights.hpp"

namespace graft::core::conformance {
namespace {

constexpr double kClose = 1e-4;  // float results of the same numbers in another order

Batch first(const Subject& subject, std::int64_t count) { return first_rows(subject.table.rows, count); }

void expect_same(const Batch& a, const Batch& b, const std::string& expected, double tolerance = 0) {
  const std::string what = difference(a, b, tolerance);
  expect(what.empty(), expected, what);
}

void require_parameters(const BuiltModel& built) {
  if (!built.has_parameters()) skip("it has no parameters");
}

std::vector<Parameter> trainable(const Model& model) {
  std::vector<Parameter> all;
  for (const auto& item : model.named_parameters())
    if (item.value().requires_grad()) all.push_back({item.key(), item.value()});
  return all;
}

void forward_shape(Subject& subject) {
  const BuiltModel built(subject);
  expect(!built.gives.empty(), "build() to say what forward() gives", "an empty schema");
  const Batch out = built.evaluated(subject.table.rows);
  const std::string shape = misfit(out, built.gives);
  expect(shape.empty(), "what build() said of what forward() gives", shape);
  expect(std::equal(out.row_ids().begin(), out.row_ids().end(), subject.table.rows.row_ids().begin(),
                    subject.table.rows.row_ids().end()),
         "the batch's row ids", "others");
  for (const Field& field : built.gives)
    if (const auto* tensor = std::get_if<Tensor>(&out.column(field.name)))
      expect(tensor->scalar_type() != at::kDouble, field.name + " as float, as the call's precision says", shape_text(*tensor));
  const std::string numbers = not_finite(out, built.gives);
  expect(numbers.empty(), "finite numbers", numbers);
}

void forward_deterministic(Subject& subject) {
  const BuiltModel built(subject), again(subject);
  const std::string drawn = difference(kept(*built.model), kept(*again.model));
  expect(drawn.empty(), "the same initial values from the same Rng", drawn);
  const Batch out = built.evaluated(subject.table.rows), copy = copy_of(out);
  expect_same(copy, again.evaluated(subject.table.rows), "the same bits from two models built alike");
  built.evaluated(other_rows(subject));
  expect_same(copy, out, "a result that stays as it is when the model runs again");
  expect_same(copy, built.evaluated(subject.table.rows), "the same bits in a second pass");
  const Batch trained = copy_of(built.trained(subject.table.rows, 1));
  expect_same(trained, again.trained(subject.table.rows, 1),
              "the same bits in training under the same key: randomness from call.rng() alone");
}

void eval_vs_train(Subject& subject) {
  const BuiltModel built(subject);
  Call::Options one, two;
  one.key = 1, two.key = 2;
  expect_same(built.evaluated(subject.table.rows, one), built.evaluated(subject.table.rows, two),
              "no randomness in evaluation, whatever the call's key");
  const Batch out = built.trained(subject.table.rows, 1);
  const std::string shape = misfit(out, built.gives), numbers = not_finite(out, built.gives);
  expect(shape.empty() && numbers.empty(), "in training the same columns, finite", shape + numbers);
}

void grad_flows(Subject& subject) {
  const BuiltModel built(subject);
  if (trainable(*built.model).empty()) skip("it has no parameters that train");
  built.backward();
  const std::vector<std::string> missing = without_gradient(*built.model);
  expect(missing.empty(), "a finite gradient for every parameter that trains", text_of(missing));
}

// A pass in float64, its parameters and its rows.
Batch in_double(const BuiltModel& built) {
  built.model->to(at::kDouble);
  Call::Options options;
  options.precision = at::kDouble;
  built.model->eval();
  return built.forward(in_type(built.subject.table.rows, at::kDouble), Call(options));
}

bool is_double(const Batch& out) {
  const Tensor* tensor = std::get_if<Tensor>(&out.column(out.names().front()));
  return !tensor || tensor->scalar_type() == at::kDouble;
}

void gradcheck_small(Subject& subject) {
  const BuiltModel built(subject);
  if (trainable(*built.model).empty()) skip("it has no parameters that train");
  const Batch out = in_double(built);
  expect(is_double(out), "float64 results from float64 parameters and rows under a call of that precision",
         shape_text(std::get<Tensor>(out.column(out.names().front()))));
  subject.call("backward", [&] { scalar_of(out).backward(); });
  constexpr std::int64_t kMostTried = 120;  // in all, of a model with many tensors
  const auto tensors = static_cast<std::int64_t>(trainable(*built.model).size());
  Slopes slopes{{}, {}, [&] { return scalar_of(in_double(built)).item<double>(); }, 1e-5, 1e-4, 3};
  slopes.elements = std::clamp<std::int64_t>(kMostTried / tensors, 1, 3);
  for (const Parameter& parameter : trainable(*built.model)) {
    slopes.at.emplace_back(parameter.name, parameter.tensor);
    const Tensor& gradient = parameter.tensor.grad();
    slopes.gradients.push_back(gradient.defined() && gradient.is_sparse() ? gradient.to_dense() : gradient);
  }
  const std::string wrong = wrong_slope(slopes);
  expect(wrong.empty(), "gradients that are the slopes", wrong);
}

void save_load(Subject& subject) {
  const BuiltModel built(subject), other(subject, subject.seed + 1);
  require_parameters(built);
  const std::string path = subject.scratch() + "/model.safetensors";
  const Batch out = built.evaluated(subject.table.rows);
  copy_through_file(*built.model, *other.model, path);
  expect_same(out, other.evaluated(subject.table.rows),
              "the same bits from a model that takes over all registered parameters and buffers");
  const BuiltModel third(subject, subject.seed + 2);
  const at::NoGradGuard no_grad;
  subject.call("load_weights", [&] { third.model->load_weights(path); });
  expect_same(out, third.evaluated(subject.table.rows), "the same bits after load_weights() of what was saved");
}

void expect_refused(Subject& subject, const NamedTensors& tensors, const std::string& what) {
  const BuiltModel built(subject);
  const std::string path = subject.scratch() + "/foreign.safetensors";
  write_safetensors(path, tensors);
  const NamedTensors before = kept(*built.model);
  const std::string expected = "load_weights() to refuse " + what + " with a graft::Error";
  try {
    const at::NoGradGuard no_grad;
    subject.call("load_weights", [&] { built.model->load_weights(path); });
  } catch (const PluginError& error) {
    expect(error.cxx_type == "graft::Error", expected, error.cxx_type + ": " + error.message);
    const std::string changed = difference(before, kept(*built.model));
    expect(changed.empty(), "weights as they were after a refusal", changed);
    return;
  }
  fail(expected, "it is taken");
}

void state_foreign(Subject& subject) {
  const BuiltModel built(subject);
  require_parameters(built);
  const NamedTensors own = kept(*built.model);
  NamedTensors fewer(own.begin() + 1, own.end()), more = own, wider = own;
  more.emplace_back("graft_check.unknown", at::zeros({2}));
  wider.back().second = at::zeros({3 + own.back().second.numel()});
  expect_refused(subject, fewer, "a file without " + own.front().first);
  expect_refused(subject, more, "a file with a tensor that it does not have");
  expect_refused(subject, wider, "a file with another shape of " + own.back().first);
}

void clone_equal(Subject& subject) {
  const BuiltModel built(subject), clone(subject, subject.seed + 1);
  NamedTensors ours = named_tensors(*built.model), theirs = named_tensors(*clone.model);
  expect(ours.size() == theirs.size(), "as many tensors in a model built again", std::to_string(theirs.size()));
  for (std::size_t i = 0; i < ours.size(); ++i) {
    expect(ours[i].first == theirs[i].first && ours[i].second.sizes() == theirs[i].second.sizes(),
           ours[i].first + " in a model built again", theirs[i].first + ", " + shape_text(theirs[i].second));
    expect(!ours[i].second.is_alias_of(theirs[i].second), "tensors of its own in a model built again",
           ours[i].first + " is shared");
    write_parameter(theirs[i].second, ours[i].second.detach());
  }
  expect_same(built.evaluated(subject.table.rows), clone.evaluated(subject.table.rows),
              "the same bits from a model built again with the same tensors");
  expect_same(built.trained(subject.table.rows, 3), clone.trained(subject.table.rows, 3), "the same bits from both in training");
}

// Freezes every second parameter, then all.
void freeze_respected(Subject& subject) {
  const BuiltModel built(subject);
  const std::vector<Parameter> all = trainable(*built.model);
  if (all.empty()) skip("it has no parameters that train");
  for (std::size_t i = 0; i < all.size(); i += 2) all[i].tensor.set_requires_grad(false);
  const NamedTensors before = kept(*built.model);
  if (all.size() > 1) built.backward();
  for (std::size_t i = 0; i < all.size(); ++i)
    expect((i % 2 == 1) == all[i].tensor.requires_grad() && (i % 2 == 1) == all[i].tensor.grad().defined(),
           all[i].name + (i % 2 ? " to train while others are frozen" : " to stay frozen, without a gradient"),
           std::string(all[i].tensor.requires_grad() ? "trains" : "frozen") +
               (all[i].tensor.grad().defined() ? ", has a gradient" : ", has no gradient"));
  for (const Parameter& parameter : all) parameter.tensor.set_requires_grad(false);
  built.trained(subject.table.rows, 1);
  for (const Parameter& parameter : all)
    for (const auto& [name, value] : before)
      if (name == parameter.name) {
        const std::string what = difference(value, parameter.tensor);
        expect(what.empty(), name + " as it was: only the optimizer changes parameters", what);
      }
}

void to_dtype(Subject& subject) {
  const BuiltModel built(subject);
  const Batch out = in_type(built.evaluated(subject.table.rows), at::kDouble);
  Call::Options narrow;
  narrow.precision = at::kBFloat16;
  expect_same(out, in_type(built.evaluated(subject.table.rows, narrow), at::kDouble),
              "nearly the same numbers under a call of precision bfloat16", 0.1);
  for (const auto& [name, tensor] : named_tensors(*built.model))
    expect(!tensor.is_floating_point() || tensor.scalar_type() == at::kFloat, name + " to stay float", shape_text(tensor));
  const at::NoGradGuard no_grad;
  expect_same(out, in_type(in_double(built), at::kDouble), "the same numbers after to(float64)", kClose);
}

void to_device(Subject& subject) {
  if (const std::string why = open_cuda(); !why.empty()) skip("no CUDA device: " + why);
  const BuiltModel built(subject);
  const Batch here = copy_of(built.evaluated(subject.table.rows));
  const at::Device device("cuda:0");
  built.model->to(device);
  const Batch there = built.evaluated(subject.table.rows.to(device));
  for (const std::string& name : there.names())
    if (const auto* tensor = std::get_if<Tensor>(&there.column(name)))
      expect(tensor->device() == device, name + " on the device of the rows", "on " + tensor->device().str());
  expect_same(here, there.to(at::kCPU), "the same numbers on " + device.str(), 1e-3);
}

void batch_sizes(Subject& subject) {
  const BuiltModel built(subject);
  const Batch whole = built.evaluated(subject.table.rows);
  for (const std::int64_t rows : {1, 5, 7})
    expect_same(first_rows(whole, rows), built.evaluated(first(subject, rows)),
                "of the first " + std::to_string(rows) + " rows alone what they give among others", kClose);
}

void empty_batch(Subject& subject) {
  const BuiltModel built(subject);
  try {
    const Batch out = built.evaluated(first(subject, 0));
    const std::string shape = misfit(out, built.gives);
    expect(shape.empty(), "no rows of the same columns, or a graft::Error, from a batch without rows", shape);
  } catch (const PluginError& error) {
    expect(error.cxx_type == "graft::Error", "no rows, or a graft::Error that says why not, from a batch without rows",
           error.cxx_type + ": " + error.message);
  }
}

// [rows, D]: a column with one vector a row, else the vectors of the tokens. Undefined without either.
Tensor vectors_of(const Batch& out) {
  for (const std::string& name : out.names())
    if (const auto* tensor = std::get_if<Tensor>(&out.column(name)); tensor && tensor->dim() == 2) return *tensor;
  for (const std::string& name : out.names())
    if (const auto* ragged = std::get_if<Ragged>(&out.column(name)); ragged && ragged->values.dim() == 2) return ragged->values;
  return {};
}

// The mean square of w x - 1 or + 1 in turns, w fixed.
Tensor misfit_to_signs(const Tensor& x) {
  const Tensor w = at::arange(1, x.size(1) + 1, at::kFloat).mul(1.3).cos();
  const Tensor signs = at::arange(x.size(0), at::kFloat).remainder(2).mul(2).sub(1);
  return x.to(at::kFloat).mv(w).sub(signs).square().mean();
}

void overfit_one_batch(Subject& subject) {
  constexpr int kSteps = 60;
  const BuiltModel built(subject);
  Parameters parameters = trainable(*built.model);
  if (parameters.empty()) skip("it has no parameters that train");
  const Batch rows = first(subject, 4);
  AdamW adamw({0.02, 0, 0.9, 0.999, 1e-8, 1.0});
  double begin = 0, loss = 0;
  built.model->eval();
  for (int step = 0; step <= kSteps; ++step) {
    const Tensor x = vectors_of(built.forward(rows));
    if (!x.defined()) skip("it gives no vectors");
    const Tensor now = misfit_to_signs(x);
    loss = now.item<double>();
    if (step == 0) begin = loss;
    if (step == kSteps || loss < 1e-6) break;
    subject.call("backward", [&] { now.backward(); });
    adamw.step(parameters, 1.0, 1.0);
  }
  expect(loss < begin / 2 || loss < 1e-3, "a loss on 4 rows that 60 steps of Adam halve",
         std::to_string(loss) + " from " + std::to_string(begin));
}

// Tensors that a graph ends in.
void add_leaves(const std::shared_ptr<torch::autograd::Node>& node, std::set<torch::autograd::Node*>& seen,
                std::vector<Tensor>& leaves) {
  if (!node || !seen.insert(node.get()).second) return;
  if (const auto* end = dynamic_cast<torch::autograd::AccumulateGrad*>(node.get())) leaves.push_back(end->variable);
  for (const torch::autograd::Edge& edge : node->next_edges()) add_leaves(edge.function, seen, leaves);
}

struct Asked final : nn::Patch {
  Tensor before(const Tensor& x, const Call&) const override { return is_asked = true, x; }
  mutable bool is_asked = false;
};

void layers_by_name(Subject& subject) {
  const BuiltModel built(subject);
  require_parameters(built);
  std::set<const c10::TensorImpl*> registered;
  for (const auto& item : built.model->named_parameters()) registered.insert(item.value().unsafeGetTensorImpl());
  std::set<torch::autograd::Node*> seen;
  std::vector<Tensor> leaves;
  const Tensor sum = scalar_of(built.trained(subject.table.rows, 1));
  if (sum.defined()) add_leaves(sum.grad_fn(), seen, leaves);
  for (const Tensor& leaf : leaves)
    expect(registered.contains(leaf.unsafeGetTensorImpl()), "every tensor that trains to be registered",
           "forward() uses one of " + shape_text(leaf) + " that is not");
  std::vector<std::pair<std::string, std::shared_ptr<Asked>>> patches;
  for (const auto& module : built.model->named_modules())
    if (const auto layer = std::dynamic_pointer_cast<nn::Linear>(module.value())) {
      patches.emplace_back(module.key(), std::make_shared<Asked>());
      layer->attach("graft_check", patches.back().second);
    }
  built.evaluated(subject.table.rows);
  for (const auto& [name, patch] : patches)
    expect(patch->is_asked, "a patch on the layer " + name + " to take part in forward()", "it is not asked");
}

void stages_partition(Subject& subject) {
  const BuiltModel built(subject);
  require_parameters(built);
  const std::vector<std::string> stages = subject.call("stages", [&] { return built.model->stages(); });
  std::set<std::string> empty(stages.begin(), stages.end());
  for (const auto& item : built.model->named_parameters()) {
    std::vector<std::string> in;
    for (const std::string& stage : stages)
      if (stage.empty() || is_in_stage(item.key(), stage)) in.push_back("\"" + stage + "\""), empty.erase(stage);
    expect(in.size() == 1, item.key() + " in one of the stages " + text_of(stages), in.empty() ? "in none" : "in " + text_of(in));
  }
  expect(empty.empty(), "a parameter in every stage", "none in " + (empty.empty() ? "" : *empty.begin()));
}

void identity_tap(Subject& subject) {
  const BuiltModel built(subject);
  Call::Options tapped;
  tapped.tap = [](std::string_view, const Tensor& value) { return value; };
  const Batch out = built.evaluated(subject.table.rows);
  expect_same(out, built.evaluated(subject.table.rows, tapped), "the same bits with a tap that gives back what it is shown");
  for (const Field& field : built.gives) {
    tapped.outputs = {field.name};
    const Batch only = built.evaluated(subject.table.rows, tapped);
    expect(only.has(field.name), "the column that is asked for, " + field.name, "not there");
    const std::string what = difference(out.column(field.name), only.column(field.name), kClose);
    expect(what.empty(), "the same " + field.name + " when nothing else is asked for", what);
  }
}

}  // namespace

const std::vector<Test>& model_tests() {
  static const std::vector<Test> tests = {{"forward-shape-dtype-device", "", forward_shape},
                                          {"forward-deterministic", "", forward_deterministic},
                                          {"eval-vs-train", "forward-deterministic", eval_vs_train},
                                          {"grad-flows", "eval-vs-train", grad_flows},
                                          {"gradcheck-small", "grad-flows", gradcheck_small},
                                          {"save-load-roundtrip", "forward-deterministic", save_load},
                                          {"state-foreign-rejected", "save-load-roundtrip", state_foreign},
                                          {"clone-equal", "save-load-roundtrip", clone_equal},
                                          {"freeze-respected", "grad-flows", freeze_respected},
                                          {"to-dtype", "forward-deterministic", to_dtype},
                                          {"to-device", "forward-deterministic", to_device},
                                          {"batch-1-and-odd", "eval-vs-train", batch_sizes},
                                          {"empty-batch-defined", "batch-1-and-odd", empty_batch},
                                          {"overfit-one-batch", "gradcheck-small", overfit_one_batch},
                                          {"layers-by-name", "grad-flows", layers_by_name},
                                          {"stages-partition-parameters", "", stages_partition},
                                          {"identity-tap-changes-nothing", "forward-deterministic", identity_tap}};
  return tests;
}

}  // namespace graft::core::conformance
