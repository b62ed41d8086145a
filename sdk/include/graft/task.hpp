// Task: how a run learns. It owns the step; the default is plain training on all heads:
//
//   Batch batch = step.next("main");
//   step.minimise([&] { return step.terms(step.forward(batch), batch); });
//
//   calls   setup (step* epoch_end)*      one thread
#pragma once

#include <string>
#include <vector>

#include "graft/export.hpp"
#include "graft/session.hpp"
#include "graft/state.hpp"
#include "graft/step.hpp"

namespace graft {

// How the streams of a role take turns: a batch of one of them at a time, in proportion to their rows (Step::next), or one of each
// in every step (Step::next_of_each), where an epoch is as long as the stream with the most batches, and the others begin again.
enum class Turns { kOne, kEach };

class GRAFT_API Task {
 public:
  virtual ~Task();
  virtual std::vector<std::string> streams() const;  // roles that the config maps to data; default {"main"}
  virtual Turns turns(std::string_view role) const;  // default kOne
  virtual bool splittable() const;           // default true; false where a loss looks across rows (CORAL, in-batch negatives)
  virtual void setup(Session& session);      // default: nothing
  virtual void step(Step& step);             // default: as above
  virtual void epoch_end(Session& session);  // default: nothing
  virtual State state() const;               // default: empty
  virtual void restore(const State& state);  // default: throws Error when the state is not empty
};

}  // namespace graft
