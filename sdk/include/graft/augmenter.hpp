// Augmenter: changes training rows at random.
//
//   kRow    runs in loader threads; what happens to a row depends on that row and rng.row(its id) alone, never on neighbours,
//           order or thread
//   kBatch  runs after the batch moved to the device; rng is keyed by the step
#pragma once

#include "graft/batch.hpp"
#include "graft/export.hpp"
#include "graft/rng.hpp"
#include "graft/schema.hpp"
#include "graft/source.hpp"
#include "graft/state.hpp"
#include "graft/tap.hpp"

namespace graft {

class GRAFT_API Augmenter {
 public:
  enum class Scope { kRow, kBatch };

  virtual ~Augmenter();
  virtual Scope scope() const = 0;

  // Changes columns in place (the manifest's "changes" says which). The returned tap, usually empty, changes hidden tensors
  // of this batch's forward pass; only kBatch may return one. `rng` is keyed by (seed, epoch or step, step name).
  virtual Tap augment(Batch& batch, Rng rng) const = 0;

  virtual Schema outputs(const Schema& inputs) const;  // default: unchanged; mixup turns a class into a soft class
  virtual void fit(const Source& training);            // default: nothing to learn
  virtual State state() const;                         // default: empty
  virtual void restore(const State& state);            // default: throws Error when the state is not empty
};

}  // namespace graft
