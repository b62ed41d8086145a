#include "core/conformance/host_parts.hpp"

#include <ATen/Functions.h>
#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/conformance/compare.hpp"

namespace graft::core::conformance {
namespace {

const std::vector<std::string> kThree = {"O", "B-X", "I-X"}, kTwo = {"no", "yes"};

Tensor uniform(Rng rng, std::vector<std::int64_t> shape) { return rng.uniform_like(at::empty(shape, at::kFloat)); }

// [N] int64 in [0, classes); every class occurs where N allows.
Tensor drawn_classes(std::int64_t count, std::int64_t classes, Rng rng) {
  std::vector<std::int64_t> ids;
  for (std::int64_t i = 0; i < count; ++i) ids.push_back(i < classes ? i : rng.below(classes));
  return at::tensor(at::ArrayRef<std::int64_t>(ids));
}

Tensor sharp(const Tensor& ids, std::int64_t classes) { return at::one_hot(ids, classes).to(at::kFloat); }

Predicted of_classes(const std::vector<std::string>& names, std::int64_t count, Rng rng, bool is_right) {
  const std::int64_t classes = static_cast<std::int64_t>(names.size());
  const Tensor truth = drawn_classes(count, classes, rng.fork("truth"));
  const Tensor p = is_right ? sharp(truth, classes) : at::softmax(uniform(rng.fork("p"), {count, classes}).mul(3), 1);
  Predicted given{"class", {{}, Batch(numbers_to(count))}, {"target", FieldKind::kClass, {}, names}, Batch(numbers_to(count))};
  given.predictions.schema = {{"label", FieldKind::kClass, {}, names}, {"probability", FieldKind::kSoftClass, {classes}, names}};
  given.predictions.rows.set("label", p.argmax(1));
  given.predictions.rows.set("probability", p);
  given.truth.set("target", truth);
  return given;
}

Predicted of_numbers(std::int64_t count, Rng rng, bool is_right) {
  const Tensor truth = uniform(rng.fork("truth"), {count}).to(at::kDouble).mul(4).sub(1);
  Predicted given{"number", {{}, Batch(numbers_to(count))}, {"target", FieldKind::kNumber, {}, {}}, Batch(numbers_to(count))};
  given.predictions.schema = {{"value", FieldKind::kNumber, {}, {}}};
  given.predictions.rows.set("value", is_right ? truth.clone() : uniform(rng.fork("p"), {count}).to(at::kDouble).mul(4).sub(1));
  given.truth.set("target", truth);
  return given;
}

Predicted of_sets(std::int64_t count, Rng rng, bool is_right) {
  const std::int64_t classes = static_cast<std::int64_t>(kThree.size());
  const Tensor truth = uniform(rng.fork("truth"), {count, classes}).gt(0.5).to(at::kFloat);
  const Tensor p = is_right ? truth.clone() : uniform(rng.fork("p"), {count, classes});
  Predicted given{
      "label set", {{}, Batch(numbers_to(count))}, {"target", FieldKind::kLabelSet, {classes}, kThree}, Batch(numbers_to(count))};
  given.predictions.schema = {{"label", FieldKind::kLabelSet, {classes}, kThree},
                              {"probability", FieldKind::kLabelSet, {classes}, kThree}};
  given.predictions.rows.set("label", p.gt(0.5).to(at::kFloat));
  given.predictions.rows.set("probability", p);
  given.truth.set("target", truth);
  return given;
}

Predicted of_tags(std::int64_t count, Rng rng, bool is_right) {
  const std::int64_t classes = static_cast<std::int64_t>(kThree.size());
  std::vector<std::int64_t> lengths;
  std::int64_t total = 0;
  for (std::int64_t row = 0; row < count; ++row) total += lengths.emplace_back(1 + row % 4);
  const Tensor truth = drawn_classes(total, classes, rng.fork("truth"));
  const Tensor p = is_right ? sharp(truth, classes) : at::softmax(uniform(rng.fork("p"), {total, classes}).mul(3), 1);
  Predicted given{"tags", {{}, Batch(numbers_to(count))}, {"target", FieldKind::kTags, {-1}, kThree}, Batch(numbers_to(count))};
  given.predictions.schema = {{"label", FieldKind::kTags, {-1}, kThree},
                              {"probability", FieldKind::kVector, {-1, classes}, kThree}};
  given.predictions.rows.set("label", ragged_of(p.argmax(1), lengths));
  given.predictions.rows.set("probability", ragged_of(p, lengths));
  given.truth.set("target", ragged_of(truth, lengths));
  return given;
}

}  // namespace

std::vector<Predicted> all_predictions(std::int64_t count, std::uint64_t seed, bool are_right) {
  const Rng rng = Rng(seed).fork("predictions");
  return {of_classes(kThree, count, rng.fork("three"), are_right), of_classes(kTwo, count, rng.fork("two"), are_right),
          of_numbers(count, rng.fork("numbers"), are_right), of_sets(count, rng.fork("sets"), are_right),
          of_tags(count, rng.fork("tags"), are_right)};
}

std::vector<Predicted> accepted_predictions(Subject& subject, std::uint64_t seed, std::int64_t count, bool are_right) {
  std::vector<Predicted> accepted;
  for (Predicted& given : all_predictions(count, seed, are_right)) {
    const auto metric = subject.make<Metric>();
    try {
      subject.call("build", [&] { metric->build(given.predictions.schema, given.target); });
      accepted.push_back(std::move(given));
    } catch (const PluginError& error) {
      if (error.cxx_type != "graft::Error") throw;
    }
  }
  return accepted;
}

Batch without_labels(const Predicted& given) {
  Batch truth = copy_of(given.truth);
  Column column = truth.column("target");
  if (auto* tensor = std::get_if<Tensor>(&column))
    column = tensor->is_floating_point() ? at::full_like(*tensor, std::nan("")) : at::full_like(*tensor, kMissingClass);
  if (auto* ragged = std::get_if<Ragged>(&column))
    column = Ragged{at::full_like(ragged->values, kMissingClass), ragged->offsets, ragged->longest};
  truth.set("target", std::move(column));
  return truth;
}

double DrawnLosses::epoch_mean(std::int64_t task, std::int64_t epochs_ago) const {
  return epochs_ago > at.epoch ? std::nan("") : 1.0 + 0.25 * static_cast<double>(task) + 0.5 * static_cast<double>(epochs_ago);
}

Tensor drawn_jacobian(std::int64_t tasks, std::int64_t parameters, std::uint64_t seed) {
  Rng rng = Rng(seed).fork("jacobian");
  std::vector<double> values;
  for (std::int64_t i = 0; i < tasks * parameters; ++i) values.push_back(rng.normal());
  return at::tensor(at::ArrayRef<double>(values)).view({tasks, parameters});
}

DrawnLosses losses_of(const Balancer& balancer, const Tensor& jacobian, const std::vector<double>& means) {
  DrawnLosses losses;
  const std::int64_t tasks = jacobian.size(0);
  losses.present = numbers_to(tasks);
  std::vector<double> values = means;
  for (std::int64_t k = static_cast<std::int64_t>(values.size()); k < tasks; ++k)
    values.push_back(0.5 + 0.3 * static_cast<double>(k));
  losses.loss = at::tensor(at::ArrayRef<double>(values));
  losses.gram = jacobian.matmul(jacobian.t());
  losses.jacob = jacobian.to(at::kFloat);
  if (balancer.wants() == Balancer::Wants::kLosses) losses.loss.set_requires_grad(true);
  return losses;
}

Tensor direction_of(Subject& subject, Balancer& balancer, const Tensor& jacobian, const std::vector<double>& means) {
  const DrawnLosses losses = losses_of(balancer, jacobian, means);
  const Tensor given = subject.call("combine", [&] { return balancer.combine(losses); });
  if (balancer.wants() == Balancer::Wants::kJacobian) return given.detach().to(at::kDouble);
  if (balancer.wants() == Balancer::Wants::kGramian) return jacobian.t().mv(given.detach().to(at::kDouble));
  return jacobian.t().mv(torch::autograd::grad({given}, {losses.loss})[0].detach());
}

std::shared_ptr<Model> small_model(Subject& subject, std::uint64_t seed, std::int64_t width) {
  const Component* bert = subject.loader.catalog().find(Kind::kModel, "graft/bert");
  if (!bert) skip("adapters are tried on graft/bert, which nobody here provides");
  Value parameters = parse_json(R"({"input": "tokens", "vocab_size": 40, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": 12, "max_position_embeddings": 64, "hidden_dropout": 0, "attention_dropout": 0})",
                                "bert");
  parameters.set("hidden_size", width);
  check_parameters(parameters, bert->entry.at("params"), "graft/bert");
  const auto model = subject.loader.create<Model>("graft/bert", Config("bert", parameters));
  model->build(subject.table.schema, Rng(seed).fork("init"));
  return model;
}

Batch used_adapter(Subject& subject, Adapter& adapter, std::uint64_t rows_seed) {
  const auto model = small_model(subject, subject.seed);
  subject.call("attach", [&] { adapter.attach(*model, Rng(subject.seed)); });
  return copy_of(subject.call("forward", [&] { return model->forward(make_rows(kRows, rows_seed).rows, Call()); }));
}

}  // namespace graft::core::conformance
