#include "graft/kind.hpp"

#include <array>

namespace graft {
namespace {
constexpr std::array<std::string_view, kKinds> kNames = {"source", "extractor", "augmenter", "model", "adapter",
                                                         "head",   "metric",    "balancer",  "task",  "searcher"};
}

std::string_view kind_name(Kind kind) { return kNames.at(static_cast<std::size_t>(kind)); }

std::optional<Kind> kind_from(std::string_view name) {
  for (int i = 0; i < kKinds; ++i)
    if (kNames[i] == name) return static_cast<Kind>(i);
  return std::nullopt;
}

}  // namespace graft
