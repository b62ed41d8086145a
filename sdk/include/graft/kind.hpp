// Kind: the ten kinds of component, and which interface class belongs to which.
#pragma once

#include <optional>
#include <string_view>
#include <type_traits>

#include "graft/export.hpp"

namespace graft {

class Source;
class Extractor;
class Augmenter;
class Model;
class Adapter;
class Head;
class Metric;
class Balancer;
class Task;
class Searcher;

enum class Kind { kSource, kExtractor, kAugmenter, kModel, kAdapter, kHead, kMetric, kBalancer, kTask, kSearcher };
inline constexpr int kKinds = 10;

GRAFT_API std::string_view kind_name(Kind kind);                 // "source", "extractor", ... as manifests write it
GRAFT_API std::optional<Kind> kind_from(std::string_view name);  // none when it is not one of the ten

template <class Interface, Kind kind>
struct InterfaceOf {
  using Type = Interface;
  static constexpr Kind kKind = kind;
};

// The interface a component class derives from: InterfaceFor<Lower>::Type is Extractor. Works on declared-only interfaces.
template <class C>
using InterfaceFor = std::conditional_t<
    std::is_base_of_v<Source, C>, InterfaceOf<Source, Kind::kSource>,
    std::conditional_t<
        std::is_base_of_v<Extractor, C>, InterfaceOf<Extractor, Kind::kExtractor>,
        std::conditional_t<
            std::is_base_of_v<Augmenter, C>, InterfaceOf<Augmenter, Kind::kAugmenter>,
            std::conditional_t<
                std::is_base_of_v<Model, C>, InterfaceOf<Model, Kind::kModel>,
                std::conditional_t<
                    std::is_base_of_v<Adapter, C>, InterfaceOf<Adapter, Kind::kAdapter>,
                    std::conditional_t<
                        std::is_base_of_v<Head, C>, InterfaceOf<Head, Kind::kHead>,
                        std::conditional_t<std::is_base_of_v<Metric, C>, InterfaceOf<Metric, Kind::kMetric>,
                                           std::conditional_t<
                                               std::is_base_of_v<Balancer, C>, InterfaceOf<Balancer, Kind::kBalancer>,
                                               std::conditional_t<
                                                   std::is_base_of_v<Task, C>, InterfaceOf<Task, Kind::kTask>,
                                                   std::conditional_t<std::is_base_of_v<Searcher, C>,
                                                                      InterfaceOf<Searcher, Kind::kSearcher>, void>>>>>>>>>>;

}  // namespace graft
