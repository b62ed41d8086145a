#include "core/run/augment_results.hpp"

#include <ATen/Functions.h>

namespace graft::core {
namespace {

std::vector<std::string> heads_of(const Network& network, std::size_t stream, const std::string& label) {
  std::vector<std::string> names;
  for (const NamedHead& head : network.heads)
    if (head.target.name == label && head.streams.contains(stream)) names.push_back(head.name);
  return names;
}

RowsChanged rows_changed(const Tensor& counts, std::int64_t column) {
  return {counts[0][column].item<std::int64_t>(), counts[1][column].item<std::int64_t>()};
}

}  // namespace

std::vector<AugmentResult> augment_results(const AugmentCounts& counts, const Assembly& assembly) {
  std::vector<AugmentResult> results;
  for (const auto& [key, counted] : counts.all()) {
    const PipelineStep& step = assembly.pipeline->steps().at(key.step);
    const StreamRows& stream = assembly.rows.at(key.stream);
    AugmentResult result{stream.name, step.name, step.use, key.label, {}, {}, {}, {}};
    const Tensor numbers = counted.to(at::kCPU);
    result.no_label = rows_changed(numbers, 0);
    if (const Field* field = find(stream.schema, key.label)) {
      result.heads = heads_of(assembly.network, key.stream, key.label);
      result.classes = field->classes;
      for (std::int64_t c = 1; c < numbers.size(1); ++c) result.by_class.push_back(rows_changed(numbers, c));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace graft::core
