// SourceClasses: what the classifier that a trunk was trained with says of rows, for LEEP.
//
//   has one   a trunk whose weights are the model of a finished run (`weights`: "runs/first/model") with a head over classes. Other
//             weights come without their classifier: the models leave it out when they read them
//   rows      as they come from the source, through the finished run's own pipeline
//   head      the run's first one over classes
#pragma once

#include "core/run/rank_rows.hpp"

namespace graft::core {

struct SourceClasses {
  Tensor probability;   // [n, Z] double; undefined where there is none
  std::string why_not;  // "it comes without a classifier over classes of a source"
};

SourceClasses source_classes(const Assembly& assembly, const RankRows& rows, const std::string& split, Loader& loader);

}  // namespace graft::core
