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
Schema asked_of(const Network& network, const Batch& given, const std::vector<std::string>& read) {
  Schema schema;
  for (const Field& field : network.features)
    if (given.has(field.name) || std::find(read.begin(), read.end(), field.name) != read.end()) schema.push_back(field);
  return schema;
}

std::vector<std::string> outputs_of(const HeadView& view) {
  std::vector<std::string> all;
  for (const NamedHead* head : view.heads)
    for (const std::string& name : head->head->reads())
      if (std::find(all.begin(), all.end(), name) == all.end()) all.push_back(name);
  return all;
}

Batch pass(Network& network, const Batch& rows, Call::Options options, const std::vector<std::string>& outputs) {
  options.outputs = outputs;
  options.precision = network.compute.precision;
  const Call call(std::move(options));
  Batch features = guarded(*network.model_plugin, "forward", [&] { return network.model->forward(rows, call); });
  if (network.compute.precision != at::kFloat) widen(features);
  if (OutputChecks::are_on())
    check_output(*network.model_plugin, "forward", features, asked_of(network, features, outputs), network.compute.device);
  return features;
}

bool is_wanted(const HeadView& view, const HeadList& heads) {
  return heads.empty() || std::any_of(view.heads.begin(), view.heads.end(), [&](const NamedHead* head) {
           return std::find(heads.begin(), heads.end(), head) != heads.end();
         });
}

void add_columns(Batch& all, const Batch& features, const std::string& suffix) {
  for (const std::string& name : features.names()) all.set(name + suffix, features.column(name));
}

}  // namespace

Batch forward(Network& network, const Batch& rows, Call::Options options, const HeadList& heads) {
  const std::vector<HeadView> views = head_views(network);
  const bool has_adapters = !options.adapters.empty();
  if (views.size() == 1) {
    if (!has_adapters) options.adapters = views.front().adapters;
    return pass(network, rows, std::move(options), outputs_of(views.front()));
  }
  const Batch given = has_adapters ? pass(network, rows, options, network.outputs()) : Batch();
  Batch all(std::vector<std::int64_t>(rows.row_ids().begin(), rows.row_ids().end()));
  for (const HeadView& view : views) {
    if (!is_wanted(view, heads)) continue;
    if (!has_adapters) options.adapters = view.adapters;
    add_columns(all, has_adapters ? given : pass(network, rows, options, outputs_of(view)), view.suffix);
  }
  return all;
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
