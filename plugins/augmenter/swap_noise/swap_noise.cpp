#include "swap_noise.hpp"

#include <algorithm>

#include "graft/error.hpp"

namespace graft::plugins {
namespace {
constexpr const char* kWhere = "graft/swap_noise";
}

SwapNoise::SwapNoise(const Config& config)
    : columns_(config.columns("columns")), probability_(config.number("probability")), most_(config.integer("pool")) {}

Schema SwapNoise::outputs(const Schema& inputs) const {
  for (const std::string& column : columns_)
    require(inputs, column, {FieldKind::kNumber, FieldKind::kInteger, FieldKind::kClass, FieldKind::kVector}, kWhere);
  return inputs;
}

void SwapNoise::fit(const Source& training) {
  outputs(training.schema());
  const std::int64_t all = training.size(), count = std::min(all, most_);
  if (count == 0) throw Error(kWhere, "the training rows must not be empty");
  std::vector<std::int64_t> numbers;
  for (std::int64_t i = 0; i < count; ++i) numbers.push_back(i * all / count);
  const Batch rows = training.rows(numbers);
  pool_.clear();
  for (const std::string& column : columns_) pool_.push_back(rows.tensor(column).contiguous());
}

template <class Number>
Tensor SwapNoise::swapped(const Tensor& given, const Tensor& pool, std::vector<Rng>& draws) const {
  const std::int64_t features = given.dim() == 1 ? 1 : given.size(1), rows = pool.size(0);
  Tensor made = given.clone(at::MemoryFormat::Contiguous);
  auto* to = made.mutable_data_ptr<Number>();
  const auto* from = pool.const_data_ptr<Number>();
  for (Rng& row : draws)
    for (std::int64_t feature = 0; feature < features; ++feature, ++to) {
      const bool is_swapped = row.uniform() < probability_;
      const std::int64_t other = row.below(rows);
      if (is_swapped) *to = from[other * features + feature];
    }
  return made;
}

Tap SwapNoise::augment(Batch& batch, Rng rng) const {
  if (pool_.empty()) throw Error(kWhere, "augment needs rows to swap with: call fit or restore first");
  std::vector<Rng> draws;
  for (const std::int64_t id : batch.row_ids()) draws.push_back(rng.row(id));
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Tensor& given = batch.tensor(columns_[c]);
    const Tensor pool = pool_[c].to(given.scalar_type());
    if (given.scalar_type() == at::kLong)
      batch.set(columns_[c], swapped<std::int64_t>(given, pool, draws));
    else if (given.scalar_type() == at::kDouble)
      batch.set(columns_[c], swapped<double>(given, pool, draws));
    else
      batch.set(columns_[c], swapped<float>(given, pool, draws));
  }
  return {};
}

State SwapNoise::state() const {
  State state;
  for (std::size_t c = 0; c < pool_.size(); ++c) state.tensors[columns_[c]] = pool_[c];
  return state;
}

void SwapNoise::restore(const State& state) {
  pool_.clear();
  for (const std::string& column : columns_) {
    const auto found = state.tensors.find(column);
    if (found == state.tensors.end()) throw Error(kWhere, "the state must have the tensor " + column + ", has none");
    pool_.push_back(found->second.to(at::kCPU).contiguous());
  }
}

}  // namespace graft::plugins
