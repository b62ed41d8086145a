#include "core/conformance/built_model.hpp"

#include <ATen/Functions.h>
#include <ATen/core/grad_mode.h>

#include "core/conformance/modules.hpp"

namespace graft::core::conformance {

BuiltModel::BuiltModel(Subject& subject, std::uint64_t seed) : subject(subject), model(subject.make<Model>()) {
  gives = subject.call("build", [&] { return model->build(subject.table.schema, Rng(seed).fork("init")); });
}

Batch BuiltModel::forward(const Batch& rows, const Call& call) const {
  return subject.call("forward", [&] { return model->forward(rows, call); });
}

Batch BuiltModel::evaluated(const Batch& rows, const Call::Options& options) const {
  const at::NoGradGuard no_grad;
  model->eval();
  return forward(rows, Call(options));
}

Batch BuiltModel::trained(const Batch& rows, std::uint64_t key) const {
  model->train();
  Call::Options options;
  options.training = true, options.key = key;
  return forward(rows, Call(options));
}

bool BuiltModel::has_parameters() const { return !model->parameters().empty(); }

void BuiltModel::backward() const {
  const Tensor sum = scalar_of(trained(subject.table.rows, 1));
  expect(sum.defined() && sum.requires_grad(), "what forward() gives in training to depend on the parameters",
         "no float column with a gradient");
  subject.call("backward", [&] { sum.backward(); });
}

Batch other_rows(const Subject& subject) { return make_rows(kRows, subject.seed + 1, subject.settings.rows).rows; }

Batch in_type(const Batch& rows, at::ScalarType type) {
  Batch all = rows;
  for (const std::string& name : rows.names()) {
    Column column = rows.column(name);
    if (auto* tensor = std::get_if<Tensor>(&column); tensor && tensor->is_floating_point()) column = tensor->to(type);
    if (auto* ragged = std::get_if<Ragged>(&column); ragged && ragged->values.is_floating_point())
      ragged->values = ragged->values.to(type);
    if (auto* sparse = std::get_if<SparseRows>(&column)) sparse->values = sparse->values.to(type);
    all.set(name, std::move(column));
  }
  return all;
}

}  // namespace graft::core::conformance
