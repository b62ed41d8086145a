#include "core/evaluate/forward.hpp"

#include <ATen/Functions.h>

#include <algorithm>
#include <numeric>

#include "core/conformance/outputs.hpp"
#include "core/registry/guarded.hpp"

namespace graft::core {

namespace {

void widen(Batch& batch) {
  for (const std::string& name : batch.names()) {
    if (const auto* tensor = std::get_if<Tensor>(&batch.column(name)); tensor && tensor->scalar_type() == at::kBFloat16)
      batch.set(name, tensor->to(at::kFloat));
    else if (const auto* rows = std::get_if<Ragged>(&batch.column(name)); rows && rows->values.scalar_type() == at::kBFloat16)
      batch.set(name, Ragged{rows->values.to(at::kFloat), rows->offsets, rows->longest});
  }
}

// A model may leave out what no head reads.
Schema asked_of(const Network& network, const Batch& given) {
  const std::vector<std::string> read = network.outputs();
  Schema schema;
  for (const Field& field : network.features)
    if (given.has(field.name) || std::find(read.begin(), read.end(), field.name) != read.end()) schema.push_back(field);
  return schema;
}

}  // namespace

Batch forward(Network& network, const Batch& rows, Call::Options options) {
  options.outputs = network.outputs();
  options.precision = network.compute.precision;
  const Call call(std::move(options));
  Batch features = guarded(*network.model_plugin, "forward", [&] { return network.model->forward(rows, call); });
  if (network.compute.precision != at::kFloat) widen(features);
  if (OutputChecks::are_on())
    check_output(*network.model_plugin, "forward", features, asked_of(network, features), network.compute.device);
  return features;
}

Batch forward(Network& network, const Batch& rows) { return forward(network, rows, {}); }

void for_each_piece(Network& network, const Batch& rows, std::vector<std::string> columns, std::int64_t batch_size,
                    const std::function<void(const Batch&)>& use) {
  at::NoGradGuard no_grad;
  network.train(false);
  columns.insert(columns.end(), network.inputs.begin(), network.inputs.end());
  const Batch needed = rows.only(columns);
  for (std::int64_t begin = 0; begin < rows.size(); begin += batch_size) {
    std::vector<std::int64_t> positions(std::min(batch_size, rows.size() - begin));
    std::iota(positions.begin(), positions.end(), begin);
    use(needed.select(positions).to(network.compute.device));
  }
}

}  // namespace graft::core
