// One augmenter's step on a batch of which it changes only some rows.
#pragma once

#include "core/pipeline/pipeline.hpp"

namespace graft::core {

// chosen [B] bool. Row-scoped augmenters see the chosen rows alone; batch-scoped ones see all, and the others are put back: as one
// class with certainty where labels became distributions, as float in [0, 1] where pictures of bytes did.
// throws Error("pipeline") when an augmenter that taps hidden tensors leaves rows out, or a column changed into another form.
Tap augment_chosen(const PipelineStep& step, const Tensor& chosen, Batch& rows, const Rng& rng);

// `kept` in the type and shape that augmented rows have: a class as one with certainty, a picture of bytes as float in [0, 1].
// Undefined where there is no such form.
Tensor in_form_of(const Tensor& changed, const Tensor& kept);

}  // namespace graft::core
