#include "core/pipeline/augment.hpp"

#include <ATen/Functions.h>

#include "core/registry/guarded.hpp"
#include "graft/error.hpp"

namespace graft::core {
namespace {

Tap augment_all(const PipelineStep& step, Batch& rows, const Rng& rng) {
  return guarded(*step.plugin, "augment", [&] { return step.augmenter->augment(rows, rng); });
}

void augment_their_rows(const PipelineStep& step, const Tensor& chosen, Batch& rows, const Rng& rng) {
  std::vector<std::int64_t> positions, others, order(static_cast<std::size_t>(rows.size()));
  const bool* is_chosen = chosen.const_data_ptr<bool>();
  for (std::int64_t row = 0; row < rows.size(); ++row) (is_chosen[row] ? positions : others).push_back(row);
  if (positions.empty()) return;
  Batch changed = rows.select(positions);
  augment_all(step, changed, rng);
  std::vector<Batch> parts = {std::move(changed), rows.select(others)};
  positions.insert(positions.end(), others.begin(), others.end());
  for (std::size_t i = 0; i < positions.size(); ++i) order[static_cast<std::size_t>(positions[i])] = static_cast<std::int64_t>(i);
  rows = Batch::concatenate(parts).select(order);
}

Tensor kept_form(const Tensor& changed, const Tensor& kept, const std::string& what) {
  const Tensor same = in_form_of(changed, kept);
  if (!same.defined())
    throw Error("pipeline", what + " comes back in another form, so no row can be left out: p must be 1 and one_of null");
  return same;
}

Tensor either(const Tensor& chosen, const Tensor& changed, const Tensor& kept) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(changed.dim()), 1);
  shape[0] = -1;
  return at::where(chosen.to(changed.device()).view(shape), changed, kept);
}

// Columns that are no tensors: rows of both laid end to end, then picked.
Column either(const Tensor& chosen, const Batch& changed, const Batch& kept, const std::string& name) {
  const std::vector<std::string> only = {name};
  const std::vector<Batch> both = {changed.only(only), kept.only(only)};
  const Tensor on_cpu = chosen.to(at::kCPU);
  const bool* is_chosen = on_cpu.const_data_ptr<bool>();
  std::vector<std::int64_t> positions;
  for (std::int64_t row = 0; row < kept.size(); ++row) positions.push_back(is_chosen[row] ? row : kept.size() + row);
  return Batch::concatenate(both).select(positions).column(name);
}

void put_back(const PipelineStep& step, const Tensor& chosen, Batch& changed, const Batch& kept) {
  for (const std::string& name : kept.names()) {
    const auto* now = std::get_if<Tensor>(&changed.column(name));
    const auto* before = std::get_if<Tensor>(&kept.column(name));
    if (!now || !before)
      changed.set(name, either(chosen, changed, kept, name));
    else if (!now->is_same(*before))
      changed.set(name, either(chosen, *now, kept_form(*now, *before, step.name + ": column " + name)));
  }
}

}  // namespace

Tensor in_form_of(const Tensor& changed, const Tensor& kept) {
  if (kept.scalar_type() == changed.scalar_type() && kept.sizes() == changed.sizes()) return kept;
  if (changed.is_floating_point() && kept.sizes() == changed.sizes()) {
    if (kept.is_floating_point()) return kept.to(changed.scalar_type());
    if (kept.scalar_type() == at::kByte) return kept.to(changed.scalar_type()).div(255);
  }
  if (kept.scalar_type() == at::kLong && kept.dim() == 1 && changed.is_floating_point() && changed.dim() == 2)
    return kept.unsqueeze(1).eq(at::arange(changed.size(1), kept.options())).to(changed.scalar_type());
  return {};
}

Tap augment_chosen(const PipelineStep& step, const Tensor& chosen, Batch& rows, const Rng& rng) {
  if (step.augmenter->scope() == Augmenter::Scope::kRow) {
    augment_their_rows(step, chosen, rows, rng);
    return {};
  }
  const Batch kept = rows;
  if (augment_all(step, rows, rng))
    throw Error("pipeline",
                step.name + ": " + step.use +
                    " changes hidden tensors of whole batches, so no row can be left out: p must be 1 and one_of null");
  put_back(step, chosen, rows, kept);
  return {};
}

}  // namespace graft::core
