#include "core/train/frozen_features.hpp"

#include <algorithm>

#include "core/evaluate/forward.hpp"

namespace graft::core {
namespace {

// Bytes that one row of the columns that the heads read takes; 0 when one of them has no fixed width, or heads have adapters of
// their own.
std::int64_t row_bytes(const Network& network) {
  if (head_views(network).size() > 1) return 0;
  std::int64_t bytes = 0;
  for (const std::string& name : network.outputs()) {
    const auto field =
        std::find_if(network.features.begin(), network.features.end(), [&](const Field& f) { return f.name == name; });
    if (field == network.features.end() || field->kind != FieldKind::kVector) return 0;
    std::int64_t width = sizeof(float);
    for (const std::int64_t size : field->shape) width *= size;
    if (width <= 0) return 0;
    bytes += width;
  }
  return bytes;
}

}  // namespace

FrozenFeatures::FrozenFeatures(Network& network, const std::vector<StreamRows>& rows, const Pipeline& pipeline,
                               std::int64_t batch_size, const FeatureCache& cache) {
  device_ = network.compute.device;
  const std::int64_t each = row_bytes(network);
  if (each == 0) return;
  std::vector<Batch> parts;
  for (std::size_t s = 0; s < rows.size(); ++s) {
    for (const auto& [split, clean] : rows[s].clean) {
      if (split == "test" || (split == "train" && pipeline.augments(s)) || bytes_ + each * clean.size() > kMost) continue;
      bytes_ += each * clean.size();
      const std::string key = FeatureCache::key(network, clean, batch_size);
      if (std::optional<Batch> kept = cache.read(key, clean)) {
        rows_from_cache_ += clean.size();
        parts.push_back(*std::move(kept));
        continue;
      }
      std::vector<Batch> pieces;
      for_each_piece(network, clean, {}, batch_size,
                     [&](const Batch& piece) { pieces.push_back(forward(network, piece).to(at::kCPU)); });
      parts.push_back(Batch::concatenate(pieces).only(network.outputs()));
      cache.write(key, parts.back());
    }
  }
  if (parts.empty()) return;
  features_ = Batch::concatenate(parts);
  for (std::int64_t i = 0; i < features_.size(); ++i) positions_[features_.row_ids()[i]] = i;
}

std::optional<Batch> FrozenFeatures::find(const Batch& batch) const {
  std::vector<std::int64_t> positions;
  for (const std::int64_t id : batch.row_ids()) {
    const auto at = positions_.find(id);
    if (at == positions_.end()) return std::nullopt;
    positions.push_back(at->second);
  }
  return features_.select(positions).to(device_);
}

bool is_frozen(const Network& network, const Parameters& parameters) {
  const bool has_parameters = !network.model->parameters().empty();
  return has_parameters && std::none_of(parameters.begin(), parameters.end(), [](const Parameter& parameter) {
           return parameter.trains && !parameter.name.starts_with("heads.");
         });
}

}  // namespace graft::core
