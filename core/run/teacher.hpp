// Teacher: what a finished run predicts for the training rows of this one.
//
//   rows      as they come from the source, through the finished run's own pipeline, without augmentation
//   pipeline  that of its stream of the same name, or of its first stream
//   returns   Predictions, on the CPU
//   errors    Error when `run` is no folder of a finished run; Error("predict") when a stream lacks a column that it needs
#pragma once

#include <string>
#include <vector>

#include "core/run/assembly.hpp"
#include "core/train/training.hpp"

namespace graft::core {

// REQUIRES: both outlive what is returned.
Training::PredictionsOf teacher_for(const Assembly& assembly, Loader& loader);

}  // namespace graft::core
